// What is ours on an application: the only things that are ever taken away. Kept in state, and for adopted
// applications also in a tag, so that a killed deployment loses nothing and other stacks see that they share. Pure.
import { createHash } from "node:crypto";

import type { Live } from "../entra/live";
import { PERMISSIONS } from "./permissions";
import { comparable } from "../inputs/portalUrl";

/** One thing that a portal needs: `<input>` or `<input>/<value>`, such as `redirectUris/https://portal.abc.com:4443`. */
export type Item = string;

export interface Managed {
    /** This resource registered the application, and deletes it. */
    readonly created: boolean;
    /** Tells this resource's tag from others'; fixed when the application is registered or adopted. */
    readonly hash: string;
    /** What this resource added. */
    readonly added: readonly Item[];
    /** Id of the scope `access_as_user`, so that one removed by hand comes back under the id that others refer to. */
    readonly scopeId: string;
    /** The web addresses of the program, the portal's own first: what `read` looks for, since state may hold what it found. */
    readonly portalUrls: readonly string[];
    /** Thumbprint of the certificate of the program, for the same reason. */
    readonly certificate?: string;
    /** The owners of the program, for the same reason. */
    readonly owners?: readonly string[];
}

const PREFIX = "restore-portal:";
/** Graph: a tag has 1 to 256 characters and no white space. */
const MAX_TAG_LENGTH = 256;
const AUDIENCES = [
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
] as const;

/** Items that every portal on the application needs, so that the tag of another stack keeps them alive. */
const SHARED_CODES: ReadonlyMap<Item, string> = new Map([
    ["applicationStatus/enabled", "x"],
    ["applicationIdUri", "i"],
    ["accessAsUserScope", "s"],
    ["accessAsUserScope/enabled", "se"],
    ...PERMISSIONS.map((permission) => [`requiredPermissions/${permission}`, `r${permission.charAt(0)}`] as const),
    ...PERMISSIONS.map((permission) => [`grantedPermissions/${permission}`, `g${permission.charAt(0)}`] as const),
    ["servicePrincipal", "p"],
    ["servicePrincipal/enabled", "pe"],
    ["servicePrincipal/unassigned", "pu"],
    ["servicePrincipal/tag", "pt"],
    ...AUDIENCES.map((audience, index) => [`signInAudience/${audience}`, `a${index}`] as const),
]);

/** Text of an item in a tag, or `undefined` for what only state remembers. */
function codeOf(item: Item): string | undefined {
    const shared = SHARED_CODES.get(item);
    if (shared !== undefined) return shared;
    const [kind, ...rest] = item.split("/");
    if (kind === "redirectUris") return `u${shortHash(comparable(rest.join("/")))}`;
    return kind === "certificates" ? `c${shortHash(rest.join("/"))}` : undefined;
}

function shortHash(text: string): string {
    return createHash("sha256").update(text).digest("base64url").slice(0, 8);
}

/** A tag of ours or of another stack, taken apart. */
interface ParsedTag {
    readonly hash: string;
    readonly codes: readonly string[];
}

function parseTag(tag: string): ParsedTag | undefined {
    const match = /^restore-portal:([0-9a-f]{16}):(.*)$/.exec(tag);
    if (!match) return undefined;
    return { hash: match[1] ?? "", codes: (match[2] ?? "").split(",").filter((code) => code !== "") };
}

/**
 * The tags of one resource: `restore-portal:<hash>:<code>,<code>...`. A code with `~` is needed but was there before.
 * One tag, or several where many redirect URIs do not fit into 256 characters.
 */
export function formatTags(hash: string, added: readonly Item[], needed: readonly Item[]): string[] {
    const codes = [
        ...added.map(codeOf),
        ...needed
            .filter((item) => !added.includes(item) && !SHARED_CODES.has(item))
            .map((item) => `~${codeOf(item) ?? ""}`),
    ].filter((code): code is string => code !== undefined && code !== "~");
    return packTags(hash, [...new Set(codes)].sort());
}

function packTags(hash: string, codes: readonly string[]): string[] {
    const tags = [`${PREFIX}${hash}:`];
    for (const code of codes) {
        const last = tags.at(-1) ?? "";
        const longer = last.endsWith(":") ? last + code : `${last},${code}`;
        if (longer.length <= MAX_TAG_LENGTH) tags[tags.length - 1] = longer;
        else tags.push(`${PREFIX}${hash}:${code}`);
    }
    return tags;
}

/** Redirect URIs that this resource added. */
export function ownRedirectUris({ added }: Managed): string[] {
    const prefix = "redirectUris/";
    return added.filter((item) => item.startsWith(prefix)).map((item) => item.slice(prefix.length));
}

/** Tags on the application that are this resource's. */
export function ownTags(tags: readonly string[], hash: string): string[] {
    return tags.filter((tag) => parseTag(tag)?.hash === hash);
}

/**
 * Tags for a service principal: Entra copies the application's tags to it, and a copy that is sent back becomes its own
 * and would outlive the original.
 */
export function withoutOwnTags(tags: readonly string[]): string[] {
    return tags.filter((tag) => !tag.startsWith("restore-portal"));
}

/** Tags of other resources of this provider, in this or another stack. */
export function othersTags(tags: readonly string[], hash: string): string[] {
    return tags.filter((tag) => {
        const parsed = parseTag(tag);
        return parsed !== undefined && parsed.hash !== hash;
    });
}

/** Whether another stack's tags say that it needs the item. */
export function isNeededByOthers(item: Item, others: readonly string[]): boolean {
    if (others.length === 0) return false;
    if (SHARED_CODES.has(item)) return true;
    const code = codeOf(item);
    return others.some((tag) => parseTag(tag)?.codes.some((one) => one.replace(/^~/, "") === code) === true);
}

/**
 * Hands items to another stack when this one goes, so that the last to leave takes them away. Answers all tags of the
 * others, the first of them with the new items.
 */
export function inheritTags(others: readonly string[], items: readonly Item[]): string[] {
    const heir = others[0] === undefined ? undefined : parseTag(others[0])?.hash;
    if (heir === undefined || items.length === 0) return [...others];
    const handedOver = items.map(codeOf).filter((code): code is string => code !== undefined);
    const codes = ownTags(others, heir).flatMap((tag) => parseTag(tag)?.codes ?? []);
    const kept = codes.filter((code) => !handedOver.includes(code.replace(/^~/, "")));
    return [
        ...others.filter((tag) => parseTag(tag)?.hash !== heir),
        ...packTags(heir, [...new Set([...kept, ...handedOver])].sort()),
    ];
}

/** What this resource's own tags say that it added, matched with what is there: how a killed adoption finds its way back. */
export function itemsFromTags({ application }: Live, hash: string): Item[] {
    const candidates = [
        ...SHARED_CODES.keys(),
        ...[...application.spa.redirectUris, ...application.web.redirectUris].map((uri) => `redirectUris/${uri}`),
        ...application.keyCredentials.map((key) => `certificates/${thumbprintOf(key.customKeyIdentifier)}`),
    ];
    return itemsAmong(candidates, application.tags, hash);
}

/** As `itemsFromTags`, of what every portal needs. */
export function sharedItemsFromTags(tags: readonly string[], hash: string): Item[] {
    return itemsAmong([...SHARED_CODES.keys()], tags, hash);
}

function itemsAmong(candidates: readonly Item[], tags: readonly string[], hash: string): Item[] {
    const codes = new Set(ownTags(tags, hash).flatMap((tag) => parseTag(tag)?.codes ?? []));
    return [...new Set(candidates)].filter((item) => codes.has(codeOf(item) ?? "-"));
}

/**
 * What state remembers, and what the tag says beyond that: a deployment that was killed may have added something, another
 * stack that left may have handed something over.
 */
export function withInherited(managed: Managed, live: Live): Managed {
    return { ...managed, added: [...new Set([...managed.added, ...itemsFromTags(live, managed.hash)])].sort() };
}

export function isCertificateRegistered(
    { keyCredentials }: Live["application"],
    thumbprint: string | undefined,
): boolean {
    return keyCredentials.some((key) => thumbprintOf(key.customKeyIdentifier) === thumbprint);
}

/** Graph shows the SHA-1 thumbprint as 40 hex characters; some writers send base64 of its 20 bytes. Upper-case hex, or "". */
export function thumbprintOf(customKeyIdentifier: string | null): string {
    if (customKeyIdentifier === null) return "";
    if (/^[0-9a-f]{40}$/i.test(customKeyIdentifier)) return customKeyIdentifier.toUpperCase();
    const bytes = Buffer.from(customKeyIdentifier, "base64");
    return bytes.length === 20 ? bytes.toString("hex").toUpperCase() : "";
}

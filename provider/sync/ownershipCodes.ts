// Converts the entries that a resource owns to short codes in tags, and converts codes back with the help of the live
// objects. Tags of earlier releases contain these codes, so the codes never change. Pure.
import { createHash } from "node:crypto";

import type { LiveApplication } from "../entra/live";
import { comparable } from "../inputs/portalUrl";
import { ALL_USERS, ASSIGNMENT_REQUIRED } from "../inputs/statusTexts";
import { findGrant, hasScope } from "./liveConsent";
import { keyIdOf, thumbprintOfKey } from "./keyCredentials";
import type { Changed, Item, LiveObjects, Owned } from "./owned";
import { PERMISSIONS, rowOf, type Permission } from "./permissions";
import { TEXT_SETTINGS } from "./textSettings";

const AUDIENCES = [
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
];
/** The longest value in a tag. In base64 it fits into the 256 characters of a tag. A longer value is only in state. */
const MAX_VALUE_BYTES = 120;

/** The setting "Assignment required" of the service principal. */
const ASSIGNMENT: Item = "servicePrincipal/assignment";

/** The permission to the application's own scope. */
export const OWN_PERMISSION: Item = "requiredPermissions/access_as_user";

/** The codes of the items whose code depends on no value of the program. */
const CODES: Readonly<Record<Item, string>> = {
    applicationIdUri: "i",
    accessAsUserScope: "s",
    "accessAsUserScope/enabled": "se",
    "applicationStatus/enabled": "x",
    servicePrincipal: "p",
    "servicePrincipal/enabled": "pe",
    "servicePrincipal/tag": "pt",
    ...Object.fromEntries(PERMISSIONS.map((name) => [`requiredPermissions/${name}`, `r${rowOf(name).letter}`])),
    ...Object.fromEntries(PERMISSIONS.map((name) => [`grantedPermissions/${name}`, `g${rowOf(name).letter}`])),
};
const ITEMS = new Map(Object.entries(CODES).map(([item, code]) => [code, item]));

/** Returns the code of an entry in a tag. `undefined`: the entry cannot be in a tag and is only in state. */
export function encodeOwned({ item, id, changed }: Pick<Owned, "item" | "id" | "changed">): string | undefined {
    const [kind = "", ...rest] = item.split("/");
    if (kind === "redirectUris") return `u${shortHash(comparable(rest.join("/")))}`;
    if (kind === "certificates") return `c${shortHash(rest.join("/"))}`;
    if (item === ASSIGNMENT) return changed?.from === true ? "pu" : "pa";
    if (changed && item === "signInAudience") return `a${indexOf(changed.from)}${indexOf(changed.to)}`;
    const text = TEXT_SETTINGS.find((one) => one.item === item);
    if (changed && text) return encodeText(text.code, changed);
    const code = CODES[item];
    // The code contains a hash of the scope's id, because the owner may replace the scope with another one.
    return code !== undefined && isOfScope(item) && id !== undefined ? `${code}.${shortHash(id)}` : code;
}

function isOfScope(item: Item): boolean {
    return item.startsWith("accessAsUserScope") || item === OWN_PERMISSION;
}

function indexOf(audience: string | boolean): number {
    return AUDIENCES.indexOf(String(audience));
}

function encodeText(letter: string, { from, to }: Changed): string | undefined {
    const bytes = Buffer.from(String(from));
    return bytes.length > MAX_VALUE_BYTES
        ? undefined
        : `${letter}.${bytes.toString("base64url")}.${shortHash(String(to))}`;
}

/** The content of a code for a value that programs may name. */
export interface ValueCode {
    readonly item: Item;
    /** The value before its holder changed it. `undefined`: the holder only needs the value. */
    readonly from?: string | boolean | undefined;
    /** `valueHash` of the value that the holder needs. `undefined`: the holder needs the item with any value. */
    readonly to?: string | undefined;
}

/** Returns whether programs may name different values for an item. */
export function isValueItem(item: Item): boolean {
    return item === ASSIGNMENT || TEXT_SETTINGS.some((one) => one.item === item);
}

export function valueHash(value: string | boolean): string {
    return shortHash(String(value));
}

/** Returns the code of a text property that the program sets. In a tag, `~` precedes the code. */
export function neededText(letter: string, value: string): string {
    return `${letter}.${valueHash(value)}`;
}

/** Returns the code of "Assignment required", or none if the program leaves it to the service principal's owner. */
export function neededAssignment({ servicePrincipal }: { readonly servicePrincipal?: string }): string[] {
    if (servicePrincipal === ASSIGNMENT_REQUIRED) return ["pa"];
    return servicePrincipal === ALL_USERS ? ["pu"] : [];
}

export function valueCode(code: string): ValueCode | undefined {
    const bare = code.replace(/^~/, "");
    if (bare === "pa" || bare === "pu") {
        const to = bare === "pa";
        return { item: ASSIGNMENT, to: valueHash(to), ...(bare === code ? { from: !to } : {}) };
    }
    const setting = TEXT_SETTINGS.find((one) => one.code === bare[0] && /^.(\d|\.|$)/.test(bare));
    if (setting === undefined) return undefined;
    const { item } = setting;
    if (/^a\d/.test(bare)) {
        const [from, to] = [AUDIENCES[Number(bare[1])], AUDIENCES[Number(bare[2])]];
        return { item, from, to: to === undefined ? undefined : valueHash(to) };
    }
    const [, ...parts] = bare.split(".");
    const from = parts.length > 1 ? Buffer.from(parts[0] ?? "", "base64url").toString() : undefined;
    return { item, from, to: parts.at(-1) };
}

/** Returns the owned entries of the codes that fit the live objects. `texts`: texts that hashes may stand for. */
export function decodeOwned(codes: readonly string[], live: LiveObjects, texts: readonly string[] = []): Owned[] {
    const next = codes.map((code) => valueCode(code)?.from).filter((from) => typeof from === "string");
    const decoded = codes
        .filter((code) => !code.startsWith("~"))
        .flatMap((code) => {
            const entry = decode(code, live, [...texts, ...next]);
            return entry ? [{ ...entry, how: "observed" as const }] : [];
        });
    return decoded.reduce<Owned[]>(joined, []);
}

/** Joins two changes of one value. Tags contain both changes if another holder handed its entry over. */
function joined(owned: readonly Owned[], next: Owned): Owned[] {
    const known = owned.find(({ item }) => item === next.item);
    // An application may require permissions to several of its scopes: the present one, and one that its owner
    // replaced. So each permission is a separate entry.
    const isAnother = next.item === OWN_PERMISSION && owned.every(({ id }) => id !== next.id);
    if (known === undefined || isAnother) return [...owned, next];
    const others = owned.filter((entry) => entry !== known);
    if (!known.changed || !next.changed) return [...owned];
    const [first, last] = known.changed.to === next.changed.from ? [known, next] : [next, known];
    if (first.changed?.to !== last.changed?.from) return [...owned];
    const changed = { from: first.changed?.from ?? "", to: last.changed?.to ?? "" };
    // A value that is back at its first `from` is no longer changed.
    return changed.from === changed.to ? others : [...others, { ...last, changed }];
}

type Decoded = Omit<Owned, "how">;

function decode(code: string, live: LiveObjects, texts: readonly string[]): Decoded | undefined {
    const { application, servicePrincipal } = live;
    if (code === "pu" || code === "pa") return servicePrincipal && assignment(servicePrincipal.id, code === "pu");
    if (/^([uc]|a\d|[a-z]\..*\.)/.test(code)) return application && decodeValue(code, application, texts);
    const [base = "", hash] = code.split(".");
    const item = ITEMS.get(base);
    if (item === OWN_PERMISSION && hash !== undefined) return application && ownPermissionWith(hash, application);
    const entry = item === undefined ? undefined : onLive(item, live);
    return hash === undefined || (entry?.id !== undefined && shortHash(entry.id) === hash) ? entry : undefined;
}

/** Decodes a code that depends on a value of the program. */
function decodeValue(code: string, application: LiveApplication, texts: readonly string[]): Decoded | undefined {
    if (/^a\d/.test(code)) return decodeAudience(code, application);
    return code.includes(".") ? decodeText(code, application, texts) : entryWith(code, application);
}

function entryWith(code: string, application: LiveApplication): Decoded | undefined {
    return [
        ...application.spa.redirectUris.map((uri): Decoded => ({ item: `redirectUris/${uri}` })),
        ...application.keyCredentials.map((key): Decoded => ({
            item: `certificates/${thumbprintOfKey(key)}`,
            id: key.keyId,
        })),
    ].find((entry) => encodeOwned(entry) === code && (entry.id === undefined || isOwnKey(entry)));
}

/** The `keyId` of a key credential that this provider added is derived from the thumbprint. */
function isOwnKey({ item, id }: Decoded): boolean {
    return id === keyIdOf(item.slice("certificates/".length));
}

function decodeAudience(code: string, application: LiveApplication): Decoded | undefined {
    const from = AUDIENCES[Number(code[1])];
    const to = code[2] === undefined ? writtenAudience(from, application.signInAudience) : AUDIENCES[Number(code[2])];
    return from === undefined || to === undefined ? undefined : { item: "signInAudience", changed: { from, to } };
}

/** Returns the audience that release 0.1.0 wrote. That release recorded only `from`, and wrote one of two audiences. */
export function writtenAudience(from: string | undefined, present: string): string {
    const [single = "", multiple = ""] = AUDIENCES;
    if (from === single) return multiple;
    return from === multiple ? single : present;
}

/**
 * A tag contains only the hash of the text that was written. The text itself is the live value, a value in state, or
 * the previous value of the next change.
 */
function decodeText(code: string, application: LiveApplication, texts: readonly string[]): Decoded | undefined {
    const { item = "", from = "", to } = valueCode(code) ?? {};
    const setting = TEXT_SETTINGS.find((one) => one.item === item);
    if (setting === undefined) return undefined;
    const written = [application[setting.item] ?? "", ...texts].find((text) => valueHash(text) === to);
    return written === undefined ? undefined : { item, changed: { from, to: written } };
}

/** The entry still belongs to this resource, even if the application's owner has replaced the scope that it names. */
function ownPermissionWith(hash: string, { appId, requiredResourceAccess }: LiveApplication): Decoded | undefined {
    const access = requiredResourceAccess
        .filter(({ resourceAppId }) => resourceAppId === appId)
        .flatMap(({ resourceAccess }) => resourceAccess)
        .find(({ id }) => shortHash(id) === hash);
    return access && { item: OWN_PERMISSION, id: access.id };
}

function assignment(id: string, from: boolean): Decoded {
    return { item: ASSIGNMENT, id, changed: { from, to: !from } };
}

/** Returns an item of the table `CODES`, if the live object, grant or scope to which it belongs exists. */
function onLive(item: Item, live: LiveObjects): Decoded | undefined {
    const { application, servicePrincipal } = live;
    const [kind = "", value = ""] = item.split("/");
    if (kind === "servicePrincipal") {
        const changed = value === "enabled" ? { changed: { from: false, to: true } } : {};
        return servicePrincipal && { item, id: servicePrincipal.id, ...changed };
    }
    if (kind === "grantedPermissions") {
        const grant = findGrant(value as Permission, live);
        return grant && hasScope(grant, value as Permission) ? { item, id: grant.id } : undefined;
    }
    if (application === undefined) return undefined;
    if (item === "applicationStatus/enabled") return { item, changed: { from: false, to: true } };
    if (!isOfScope(item)) return { item };
    const scope = application.api.oauth2PermissionScopes.find((one) => one.value === "access_as_user");
    const changed = value === "enabled" ? { changed: { from: false, to: true } } : {};
    return scope && { item, id: scope.id, ...changed };
}

/** Returns whether codes name an entry, or the entry has no code. Codes of release 0.1.0 lack ids and new values. */
export function isNamedBy(codes: readonly string[], entry: Owned): boolean {
    const code = encodeOwned(entry);
    const kindOf = (one: string) => (/^a\d/.test(one) ? "a" : (one.split(".")[0] ?? ""));
    return code === undefined || codes.some((one) => kindOf(one) === kindOf(code));
}

export function shortHash(text: string): string {
    return createHash("sha256").update(text).digest("base64url").slice(0, 8);
}

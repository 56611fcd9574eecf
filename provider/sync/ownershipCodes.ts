// The short codes by which tags say what a resource owns, and what they mean on the live objects. Pure.
// State files and tags of every release keep these codes, so they never change.
import { createHash } from "node:crypto";

import type { LiveApplication } from "../entra/live";
import { comparable } from "../inputs/portalUrl";
import { findGrant, hasScope } from "./liveConsent";
import { keyIdOf, thumbprintOf } from "./keyCredentials";
import type { Changed, Item, LiveObjects, Owned } from "./owned";
import { PERMISSIONS, rowOf, type Permission } from "./permissions";

const AUDIENCES = [
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
];
/** A longer text is kept in state alone: a tag has 256 characters. */
const MAX_VALUE_BYTES = 120;

/** The permission to the application's own scope. */
export const OWN_PERMISSION: Item = "requiredPermissions/access_as_user";

/** Code of an item that is not a value of the program's. */
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

/** Text of an entry in a tag. `undefined`: only state remembers it. */
export function encodeOwned({ item, id, changed }: Pick<Owned, "item" | "id" | "changed">): string | undefined {
    const [kind = "", ...rest] = item.split("/");
    if (kind === "redirectUris") return `u${shortHash(comparable(rest.join("/")))}`;
    if (kind === "certificates") return `c${shortHash(rest.join("/"))}`;
    if (item === "servicePrincipal/assignment") return changed?.from === true ? "pu" : "pa";
    if (changed && item === "signInAudience") return `a${indexOf(changed.from)}${indexOf(changed.to)}`;
    if (changed && item === "serviceManagementReference") return encodeText(changed);
    const code = CODES[item];
    // A scope is known by its id, because its owner may put one of their own in its place.
    return code !== undefined && isOfScope(item) && id !== undefined ? `${code}.${shortHash(id)}` : code;
}

function isOfScope(item: Item): boolean {
    return item.startsWith("accessAsUserScope") || item === OWN_PERMISSION;
}

function indexOf(audience: string | boolean): number {
    return AUDIENCES.indexOf(String(audience));
}

function encodeText({ from, to }: Changed): string | undefined {
    const bytes = Buffer.from(String(from));
    return bytes.length > MAX_VALUE_BYTES ? undefined : `m.${bytes.toString("base64url")}.${shortHash(String(to))}`;
}

/** What codes say that a resource owns, of what is there. */
export function decodeOwned(codes: readonly string[], live: LiveObjects): Owned[] {
    return codes
        .filter((code) => !code.startsWith("~"))
        .flatMap((code) => {
            const found = decode(code, live);
            return found ? [{ ...found, how: "observed" as const }] : [];
        });
}

type Decoded = Omit<Owned, "how">;

function decode(code: string, live: LiveObjects): Decoded | undefined {
    const { application, servicePrincipal } = live;
    if (code === "pu" || code === "pa") return servicePrincipal && assignment(servicePrincipal.id, code === "pu");
    if (/^([uc]|a\d|m\.)/.test(code)) return application && decodeValue(code, application);
    const [base = "", hash] = code.split(".");
    const item = ITEMS.get(base);
    if (item === OWN_PERMISSION && hash !== undefined) return application && ownPermissionWith(hash, application);
    const found = item === undefined ? undefined : onLive(item, live);
    return hash === undefined || (found?.id !== undefined && shortHash(found.id) === hash) ? found : undefined;
}

/** A code that holds a value of the program's. */
function decodeValue(code: string, application: LiveApplication): Decoded | undefined {
    if (/^a\d/.test(code)) return decodeAudience(code, application);
    return code.startsWith("m.") ? decodeText(code, application) : entryWith(code, application);
}

function entryWith(code: string, application: LiveApplication): Decoded | undefined {
    return [
        ...application.spa.redirectUris.map((uri): Decoded => ({ item: `redirectUris/${uri}` })),
        ...application.keyCredentials.map(({ keyId, customKeyIdentifier }): Decoded => {
            const thumbprint = thumbprintOf(customKeyIdentifier);
            return { item: `certificates/${thumbprint}`, id: keyId };
        }),
    ].find((entry) => encodeOwned(entry) === code && (entry.id === undefined || isOwnKey(entry)));
}

/** A key credential that this provider added has an id that follows from its thumbprint. */
function isOwnKey({ item, id }: Decoded): boolean {
    return id === keyIdOf(item.slice("certificates/".length));
}

function decodeAudience(code: string, application: LiveApplication): Decoded | undefined {
    const from = AUDIENCES[Number(code[1])];
    // 0.1.0 did not note what it wrote.
    const to = code[2] === undefined ? application.signInAudience : AUDIENCES[Number(code[2])];
    return from === undefined || to === undefined ? undefined : { item: "signInAudience", changed: { from, to } };
}

function decodeText(code: string, { serviceManagementReference }: LiveApplication): Decoded | undefined {
    const [, from = "", to] = code.split(".");
    const live = serviceManagementReference ?? "";
    if (shortHash(live) !== to) return undefined;
    const changed = { from: Buffer.from(from, "base64url").toString(), to: live };
    return { item: "serviceManagementReference", changed };
}

/** It stays ours also when the owner of the application has put another scope in the place of the one that it names. */
function ownPermissionWith(hash: string, { appId, requiredResourceAccess }: LiveApplication): Decoded | undefined {
    const access = requiredResourceAccess
        .filter(({ resourceAppId }) => resourceAppId === appId)
        .flatMap(({ resourceAccess }) => resourceAccess)
        .find(({ id }) => shortHash(id) === hash);
    return access && { item: OWN_PERMISSION, id: access.id };
}

function assignment(id: string, from: boolean): Decoded {
    return { item: "servicePrincipal/assignment", id, changed: { from, to: !from } };
}

/** An item that has a code of its own, if it is there. */
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

export function shortHash(text: string): string {
    return createHash("sha256").update(text).digest("base64url").slice(0, 8);
}

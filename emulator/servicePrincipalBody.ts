// Applies the changes that a client sends for a service principal. Refuses properties that a client may not write.
// https://learn.microsoft.com/graph/api/serviceprincipal-update
import { backingApplication } from "./foreignApplications";
import type { GraphCall } from "./context";
import { badRequest, invalidValue } from "./graphError";
import type { ServicePrincipal } from "./graphTypes";
import { isGuid } from "./guids";
import { replaceKeyCredentials } from "./keyCredentials";

type Body = Readonly<Record<string, unknown>>;
type IsRight = (value: unknown) => boolean;

const isText: IsRight = (value) => value === null || typeof value === "string";
const isTexts: IsRight = (value) => Array.isArray(value) && value.every((one) => typeof one === "string");
const isObject: IsRight = (value) => value === null || (typeof value === "object" && !Array.isArray(value));

/** Checks the value of each writable property. Null is right only if Graph's metadata allows it. */
const WRITABLE: Readonly<Record<string, IsRight>> = {
    accountEnabled: (value) => value === null || typeof value === "boolean",
    addIns: Array.isArray,
    alternativeNames: isTexts,
    appRoleAssignmentRequired: (value) => typeof value === "boolean",
    description: isText,
    displayName: isText,
    homepage: isText,
    keyCredentials: Array.isArray,
    loginUrl: isText,
    logoutUrl: isText,
    notes: isText,
    notificationEmailAddresses: isTexts,
    preferredSingleSignOnMode: (value) =>
        value === null || ["", "password", "saml", "notSupported", "oidc", "disabled"].includes(value as string),
    preferredTokenSigningKeyThumbprint: isText,
    samlSingleSignOnSettings: isObject,
    tags: isTexts,
    tokenEncryptionKeyId: (value) => value === null || isGuid(value),
};

const MAX_NOTES = 1024;

export function changedServicePrincipal(call: GraphCall, base: ServicePrincipal, body: Body): ServicePrincipal {
    const sent = Object.entries(body).filter(([name, value]) => !isOwn(base, name, value));
    for (const [name, value] of sent) assertWritable(name, value);
    const next = { ...base, ...(Object.fromEntries(sent) as Partial<ServicePrincipal>) };
    if ("keyCredentials" in body) {
        const now = new Date(call.tenant.now());
        next.keyCredentials = replaceKeyCredentials(base.keyCredentials, body["keyCredentials"], now);
    }
    // A client may send back the application's tags, which a GET shows as copies. Entra does not store these copies.
    const copied = new Set(backingApplication(call, base.appId)?.application.tags);
    const tags = [...new Set(next.tags)].filter((tag) => !copied.has(tag));
    // `null` means that the account is enabled.
    return { ...next, accountEnabled: body["accountEnabled"] === null ? true : next.accountEnabled, tags };
}

function isOwn(base: ServicePrincipal, name: string, value: unknown): boolean {
    return name.includes("@odata") || ((name === "id" || name === "appId") && value === base[name]);
}

function assertWritable(name: string, value: unknown): void {
    const isRight = WRITABLE[name];
    if (!isRight) throw badRequest(`Property '${name}' is invalid or read-only.`);
    const isTooLong = (name === "notes" || name === "description") && String(value).length > MAX_NOTES;
    if (!isRight(value) || isTooLong) throw invalidValue(name, "ServicePrincipal");
}

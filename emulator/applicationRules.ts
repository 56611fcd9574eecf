// Applies Entra's rules for a POST or PATCH of an application. Entra replaces a collection as a whole and merges nested
// objects one level deep. https://learn.microsoft.com/graph/api/application-update
import { acceptedBody, withClaimDefaults, withRoleDefaults, withScopeDefaults } from "./applicationBody";
import { badRequest, invalidValue, objectConflict } from "./graphError";
import type { Application } from "./graphTypes";
import { assertIdentifierUris } from "./identifierUris";
import { replaceKeyCredentials } from "./keyCredentials";
import { assertKeyLifetimes } from "./appManagementPolicy";
import { assertRedirectUris, isPersonal } from "./redirectUris";
import { assertPermissions, assertPreAuthorized } from "./scopes";
import type { Tenant } from "./tenant";

const READ_ONLY = [
    "id",
    "appId",
    "deletedDateTime",
    "createdDateTime",
    "createdByAppId",
    "publisherDomain",
    "certification",
    "verifiedPublisher",
    "disabledByMicrosoftStatus",
    "applicationTemplateId",
];
const AUDIENCES = [
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
];
const MAX_MANIFEST_ENTRIES = 1200;
const MAX_DISPLAY_NAME = 256;

export interface Change {
    readonly base: Application;
    /** `undefined` while the application is being created. */
    readonly stored: Application | undefined;
    readonly body: Readonly<Record<string, unknown>>;
    readonly region: string;
}

/** Returns the application after the change. Throws Graph's error if the change breaks a rule. */
export function changedApplication(tenant: Tenant, change: Change): Application {
    const { base, stored } = change;
    const body = acceptedBody(base, change.body);
    assertPropertyNames(base, body);
    const next = merge(base, body);
    if ("keyCredentials" in body) {
        next.keyCredentials = replaceKeyCredentials(
            base.keyCredentials,
            body["keyCredentials"],
            new Date(tenant.now()),
        );
        assertKeyLifetimes(tenant, next, base.keyCredentials);
    }
    next.api.oauth2PermissionScopes = next.api.oauth2PermissionScopes.map(withScopeDefaults);
    next.appRoles = next.appRoles.map(withRoleDefaults);
    next.optionalClaims = withClaimDefaults(next.optionalClaims);
    assertScalars(next, change);
    assertTags(next.tags);
    assertUniqueName(tenant, next, stored);
    assertRedirectUris(next, stored);
    assertIdentifierUris(tenant, next, stored);
    assertPermissions(next, stored);
    assertPreAuthorized(next, stored);
    assertRequiredResourceAccess(next);
    assertSize(next);
    return next;
}

function assertPropertyNames(base: Application, body: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(body)) {
        if (name.startsWith("@odata") || name === "owners@odata.bind") continue;
        if (READ_ONLY.includes(name)) throw badRequest(`Property '${name}' is read-only and cannot be set.`);
        if (!(name in base)) throw badRequest(`Invalid property '${name}'.`);
        const current = base[name as keyof Application];
        if (value === null && (Array.isArray(current) || (typeof current === "object" && current !== null)))
            throw invalidValue(name);
        if (Array.isArray(current) !== Array.isArray(value) && current !== null) throw invalidValue(name);
        assertNestedNames(name, current, value);
    }
}

function assertNestedNames(name: string, current: unknown, value: unknown): void {
    if (typeof current !== "object" || current === null || Array.isArray(current)) return;
    if (typeof value !== "object" || value === null) throw invalidValue(name);
    const unknown = Object.keys(value).find((nested) => !(nested in current));
    if (unknown !== undefined) throw invalidValue(name);
    const nullList = Object.entries(value).some(
        ([nested, item]) => item === null && Array.isArray(current[nested as keyof typeof current]),
    );
    if (nullList) throw invalidValue(name);
}

function merge(base: Application, body: Readonly<Record<string, unknown>>): Application {
    const next = structuredClone(base) as unknown as Record<string, unknown>;
    for (const [name, value] of Object.entries(structuredClone(body))) {
        if (name.includes("@odata")) continue;
        const current = next[name];
        const isNested = typeof current === "object" && current !== null && !Array.isArray(current);
        next[name] = isNested ? { ...current, ...(value as object) } : value;
    }
    return next as unknown as Application;
}

function assertScalars(next: Application, { stored, body, region }: Change): void {
    if (typeof next.displayName !== "string" || next.displayName === "" || next.displayName.length > MAX_DISPLAY_NAME) {
        throw badRequest(
            next.displayName === ""
                ? "One or more properties are missing: displayName."
                : "Invalid value specified for property 'displayName' of resource 'Application'.",
        );
    }
    const isNationalCloud = region !== "Worldwide";
    if (!AUDIENCES.includes(next.signInAudience) || (isNationalCloud && isPersonal(next.signInAudience))) {
        throw invalidValue("signInAudience");
    }
    if (isPersonal(next.signInAudience) && next.api.requestedAccessTokenVersion !== 2) {
        throw badRequest("Property api.requestedAccessTokenVersion is invalid.");
    }
    if (stored && "passwordCredentials" in body) {
        const known = new Set(stored.passwordCredentials.map(({ keyId }) => keyId));
        if (next.passwordCredentials.some(({ keyId }) => !known.has(keyId))) {
            throw badRequest("New password credentials must be generated using service actions.");
        }
    }
}

function assertTags(tags: readonly string[]): void {
    const isWrong = (tag: unknown) => typeof tag !== "string" || tag.length < 1 || tag.length > 256 || /\s/.test(tag);
    if (tags.some(isWrong) || new Set(tags).size < tags.length) throw invalidValue("tags");
}

/** A client can set the unique name only once. A soft-deleted application keeps its name until it is purged. */
function assertUniqueName(tenant: Tenant, next: Application, stored: Application | undefined): void {
    const { uniqueName } = next;
    if (stored && stored.uniqueName !== null && uniqueName !== stored.uniqueName) throw invalidValue("uniqueName");
    if (uniqueName === null || uniqueName === stored?.uniqueName) return;
    const holders = [...tenant.applications.all(), ...tenant.deletedItems()];
    const holder = holders.find((one) => "uniqueName" in one && one.uniqueName === uniqueName);
    if (holder) throw objectConflict("uniqueName", `Application_${holder.id}`);
}

function assertRequiredResourceAccess({ requiredResourceAccess }: Application): void {
    const isEntry = (entry: unknown) => {
        const { id, type } = (entry ?? {}) as { id?: unknown; type?: unknown };
        return typeof id === "string" && (type === "Scope" || type === "Role");
    };
    for (const resource of requiredResourceAccess) {
        const access: unknown = resource.resourceAccess;
        const isRight = typeof resource.resourceAppId === "string" && Array.isArray(access) && access.every(isEntry);
        if (!isRight || resource.resourceAccess.length === 0) throw invalidValue("requiredResourceAccess");
    }
    const ids = requiredResourceAccess.map(({ resourceAppId }) => resourceAppId);
    const count = requiredResourceAccess.flatMap(({ resourceAccess }) => resourceAccess).length;
    if (new Set(ids).size < ids.length || ids.length > 50 || count > 400) throw invalidValue("requiredResourceAccess");
}

function assertSize(application: Application): void {
    const count = (value: unknown): number => {
        if (Array.isArray(value))
            return value.length + value.reduce<number>((sum, entry) => sum + nestedCount(entry), 0);
        return nestedCount(value);
    };
    const nestedCount = (value: unknown): number =>
        typeof value === "object" && value !== null && !Array.isArray(value)
            ? Object.values(value).reduce<number>((sum, nested) => sum + count(nested), 0)
            : 0;
    if (count(application) <= MAX_MANIFEST_ENTRIES) return;
    throw badRequest(
        `Failed to update application ${application.appId}. Error details: The size of the manifest has exceeded its limit. Please reduce the number of values and retry your request.`,
    );
}

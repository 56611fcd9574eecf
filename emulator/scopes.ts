// Applies Entra's rules for the scopes and app roles that an application publishes, and for its pre-authorized
// clients. https://learn.microsoft.com/graph/api/resources/permissionscope
import { badRequest, detailed, invalidValue } from "./graphError";
import type { Application, AppRole, PermissionScope } from "./graphTypes";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_VALUE_LENGTH = 120;
const MAX_DEFINITIONS = 700;

type Entitlement = Pick<PermissionScope | AppRole, "id" | "isEnabled" | "value">;

export function assertPermissions(application: Application, stored: Application | undefined): void {
    const scopes = application.api.oauth2PermissionScopes;
    for (const scope of scopes) assertScope(scope);
    for (const role of application.appRoles) assertEntitlement(role, "AppRole");
    assertDistinct(scopes, "PermissionScope");
    assertDistinct(application.appRoles, "AppRole");
    const total = scopes.length + application.appRoles.length;
    if (total > MAX_DEFINITIONS) {
        throw badRequest(
            `The total count of values: ${total} exceeds the set maxValuesCount limit: ${MAX_DEFINITIONS} for property: Entitlement`,
        );
    }
    if (!stored) return;
    assertDisabledFirst(stored.api.oauth2PermissionScopes, scopes);
    assertDisabledFirst(stored.appRoles, application.appRoles);
}

function assertScope(scope: PermissionScope): void {
    assertEntitlement(scope, "PermissionScope");
    if (scope.type !== "User" && scope.type !== "Admin") {
        throw badRequest("Invalid value specified for property 'type' of resource 'PermissionScope'.");
    }
    const texts = [scope.adminConsentDisplayName, scope.adminConsentDescription];
    if (texts.some((text) => !text)) throw invalidValue("adminConsentDisplayName", "PermissionScope");
}

function assertEntitlement({ id, value }: Entitlement, resource: string): void {
    if (!GUID.test(id)) throw invalidValue("id", resource);
    const isValue =
        value === null ||
        (value.length <= MAX_VALUE_LENGTH &&
            /^[\w:!#$%&'()*+,\-/;<=>?@[\]^`{|}~][\w:!#$%&'()*+,\-./;<=>?@[\]^`{|}~]*$/.test(value));
    if (!isValue) throw invalidValue("value", resource);
}

function assertDistinct(entries: readonly Entitlement[], resource: string): void {
    const values = entries.map(({ value }) => value).filter(Boolean);
    const ids = entries.map(({ id }) => id);
    if (new Set(ids).size < ids.length)
        throw badRequest(`It contains duplicate value. Please Provide unique value.`, "DuplicateValue");
    if (new Set(values).size < values.length) throw invalidValue("value", resource);
}

/** Entra refuses to change or remove an enabled scope or role. A request may only repeat or disable it. */
function assertDisabledFirst(stored: readonly Entitlement[], next: readonly Entitlement[]): void {
    for (const before of stored.filter(({ isEnabled }) => isEnabled)) {
        const after = next.find(({ id }) => id === before.id);
        if (after && isSame({ ...after, isEnabled: true }, before)) continue;
        throw badRequest(
            "Permission (scope or role) cannot be deleted or updated unless disabled first.",
            "CannotDeleteOrUpdateEnabledEntitlement",
        );
    }
}

/** Both objects have their properties in the same order, so it is safe to compare texts. */
function isSame(a: unknown, b: unknown): boolean {
    return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * For a PATCH, Entra compares new permissions of pre-authorized clients with the scopes stored before the request, not
 * with the scopes in the same request.
 */
export function assertPreAuthorized(application: Application, stored: Application | undefined): void {
    const known = new Set((stored ?? application).api.oauth2PermissionScopes.map(({ id }) => id));
    const ids = application.api.preAuthorizedApplications.flatMap(
        ({ delegatedPermissionIds }) => delegatedPermissionIds,
    );
    const before = new Set(
        stored?.api.preAuthorizedApplications.flatMap(({ delegatedPermissionIds }) => delegatedPermissionIds),
    );
    if (ids.every((id) => known.has(id) || before.has(id))) return;
    const message =
        "Property api.preAuthorizedApplications.delegatedPermissionIds has a Permission Id that cannot be found in the AppPermissions sets.";
    throw detailed(message, "InvalidValue", "api.preAuthorizedApplications.delegatedPermissionIds");
}

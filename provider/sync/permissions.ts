// Lists the delegated permissions of the Restore Portal. Pure. Veeam documents the permissions, and Microsoft documents
// the ids of Graph's scopes:
// https://helpcenter.veeam.com/docs/vbo365/guide/ssp_ad_application_permissions.html
// https://learn.microsoft.com/graph/permissions-reference
import { GRAPH_APP_ID, type PermissionScope } from "../entra/live";

/** With this tag the Entra admin center lists a service principal under "Enterprise applications". */
export const ENTERPRISE_APPLICATION_TAG = "WindowsAzureActiveDirectoryIntegratedApp";

/** Id of Microsoft Graph's delegated scope `User.Read`, the same in every tenant and cloud. */
export const USER_READ_SCOPE_ID = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";

/** The API that publishes the scope of a permission: Microsoft Graph, or the application of the portal. */
export type PermissionResource = "graph" | "application";

interface PermissionRow {
    readonly name: string;
    readonly resource: PermissionResource;
    /** `undefined`: the application publishes the scope, and its id differs per application. */
    readonly scopeId: string | undefined;
    /** The letter of the permission in tags. Existing tags contain it, so it never changes. */
    readonly letter: string;
}

/** `User.Read` lets users sign in. VB365 uses tokens for `access_as_user` in the On-Behalf-Of flow. */
const ROWS = [
    { name: "User.Read", resource: "graph", scopeId: USER_READ_SCOPE_ID, letter: "U" },
    { name: "access_as_user", resource: "application", scopeId: undefined, letter: "a" },
] as const satisfies readonly PermissionRow[];

export type Permission = (typeof ROWS)[number]["name"];
export const PERMISSIONS: readonly Permission[] = ROWS.map(({ name }) => name);

/**
 * The permissions that release 0.1.0 always required. After a refresh, its states list the live permissions. So the
 * upgrade of a state takes the required permissions from this list.
 */
export const PERMISSIONS_OF_0_1_0: readonly Permission[] = ["User.Read", "access_as_user"];

export const PERMISSION_RESOURCES: readonly PermissionResource[] = ["graph", "application"];

export function permissionsOf(resource: PermissionResource): Permission[] {
    return ROWS.filter((row) => row.resource === resource).map(({ name }) => name);
}

export function rowOf(permission: Permission): PermissionRow {
    const row = ROWS.find(({ name }) => name === permission);
    if (!row) throw new Error(`there is no permission ${permission}`);
    return row;
}

/** Returns the ids of a permission for `requiredResourceAccess`: the appId of the API, and the id of the scope. */
export function resourceAccessOf(permission: Permission, appId: string, ownScopeId: string) {
    const { resource, scopeId } = rowOf(permission);
    return { resourceAppId: resource === "graph" ? GRAPH_APP_ID : appId, id: scopeId ?? ownScopeId };
}

/**
 * Makes the scope `access_as_user` as VB365's own scripts publish it. Its type is `Admin`, so only an administrator can
 * consent.
 */
export function accessAsUserScope(id: string): PermissionScope {
    return {
        id,
        value: "access_as_user",
        type: "Admin",
        isEnabled: true,
        adminConsentDisplayName: "Access Restore Portal as the signed-in user",
        adminConsentDescription: "Lets Restore Portal of Veeam Backup for Microsoft 365 act for the signed-in user.",
        userConsentDisplayName: "Access Restore Portal as you",
        userConsentDescription: "Lets Restore Portal of Veeam Backup for Microsoft 365 act for you.",
    };
}

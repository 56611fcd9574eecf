// Makes the paths of Microsoft Graph's resources, relative to `/v1.0`. Other provider files only append to these paths,
// for example `/$ref`. Pure.
// https://learn.microsoft.com/graph/api/overview

/** A POST to this path registers an application. */
export const APPLICATIONS_PATH = "/applications";
/** A POST to this path creates a service principal. */
export const SERVICE_PRINCIPALS_PATH = "/servicePrincipals";
/** A POST to this path creates a delegated permission grant. */
export const GRANTS_PATH = "/oauth2PermissionGrants";

export function applicationPath(appId: string): string {
    return `${APPLICATIONS_PATH}(appId='${appId}')`;
}

/** Uses the alternate key `uniqueName`. RestorePortalApp sets this key only when it registers an application. */
export function uniqueNamePath(uniqueName: string): string {
    return `${APPLICATIONS_PATH}(uniqueName='${uniqueName}')`;
}

export function ownersPath(appId: string): string {
    return `${applicationPath(appId)}/owners`;
}

export function servicePrincipalPath(appId: string): string {
    return `${SERVICE_PRINCIPALS_PATH}(appId='${appId}')`;
}

export function applicationObjectPath(objectId: string): string {
    return `${APPLICATIONS_PATH}/${objectId}`;
}

/** Path of a directory object of any type. */
export function directoryObjectPath(objectId: string): string {
    return `/directoryObjects/${objectId}`;
}

/** Uses the object id, because the `appId` would also match a later service principal of the same application. */
export function servicePrincipalObjectPath(objectId: string): string {
    return `${SERVICE_PRINCIPALS_PATH}/${objectId}`;
}

/** Path of the grants that an application has in the tenant. */
export function grantsOfPath(appId: string): string {
    return `${servicePrincipalPath(appId)}${GRANTS_PATH}`;
}

export function grantPath(grantId: string): string {
    return `${GRANTS_PATH}/${grantId}`;
}

/** Path of an object in deleted items, whatever its type. */
export function deletedItemPath(objectId: string): string {
    return `/directory/deletedItems/${objectId}`;
}

export function deletedItemsPath(type: "application" | "servicePrincipal"): string {
    return `/directory/deletedItems/microsoft.graph.${type}`;
}

/** The tenant's default policy for applications. */
export const APP_MANAGEMENT_POLICY_PATH = "/policies/defaultAppManagementPolicy";

/** Limits the fields that Graph returns for a path. */
export function select(path: string, ...fields: readonly string[]): string {
    return `${path}?$select=${fields.join(",")}`;
}

// Lists all routes of Graph that the tenant has, with one handler each. Any other path is 404, and any other method is
// 405. PARITY.md describes each route.
import * as applications from "./applications";
import type { Handler } from "./context";
import * as deletedItems from "./deletedItems";
import { getDirectoryObject } from "./directoryObjects";
import * as grants from "./grants";
import { GraphFault } from "./graphError";
import { getMe } from "./me";
import { getOrganization } from "./organization";
import * as appManagementPolicy from "./appManagementPolicy";
import * as servicePrincipals from "./servicePrincipals";

type Route = readonly [method: string, pattern: string, handler: Handler];

const ROUTES: readonly Route[] = [
    ["GET", "/applications", applications.listApplications],
    ["POST", "/applications", applications.postApplication],
    ["GET", "/applications/:application", applications.getApplication],
    ["PATCH", "/applications/:application", applications.patchApplication],
    ["DELETE", "/applications/:application", applications.deleteApplication],
    ["GET", "/applications/:application/owners", applications.listOwners],
    ["POST", "/applications/:application/owners/$ref", applications.addOwner],
    ["DELETE", "/applications/:application/owners/:owner/$ref", applications.removeOwner],
    ["POST", "/applications/:application/addPassword", applications.addPassword],
    ["POST", "/applications/:application/removePassword", applications.removePassword],
    ["GET", "/servicePrincipals", servicePrincipals.listServicePrincipals],
    ["POST", "/servicePrincipals", servicePrincipals.postServicePrincipal],
    ["GET", "/servicePrincipals/:servicePrincipal", servicePrincipals.getServicePrincipal],
    ["PATCH", "/servicePrincipals/:servicePrincipal", servicePrincipals.patchServicePrincipal],
    ["DELETE", "/servicePrincipals/:servicePrincipal", servicePrincipals.removeServicePrincipal],
    ["GET", "/servicePrincipals/:servicePrincipal/oauth2PermissionGrants", servicePrincipals.listGrantsOf],
    ["GET", "/oauth2PermissionGrants", grants.listGrants],
    ["POST", "/oauth2PermissionGrants", grants.postGrant],
    ["GET", "/oauth2PermissionGrants/:grant", grants.getGrant],
    ["PATCH", "/oauth2PermissionGrants/:grant", grants.patchGrant],
    ["DELETE", "/oauth2PermissionGrants/:grant", grants.deleteGrant],
    ["GET", "/directory/deletedItems/microsoft.graph.application", deletedItems.listDeletedApplications],
    ["GET", "/directory/deletedItems/microsoft.graph.servicePrincipal", deletedItems.listDeletedServicePrincipals],
    ["GET", "/directory/deletedItems/:deleted", deletedItems.getDeleted],
    ["POST", "/directory/deletedItems/:deleted/restore", deletedItems.restore],
    ["DELETE", "/directory/deletedItems/:deleted", deletedItems.purge],
    ["GET", "/directoryObjects/:object", getDirectoryObject],
    ["GET", "/me", getMe],
    ["GET", "/organization", getOrganization],
    ["GET", "/policies/defaultAppManagementPolicy", appManagementPolicy.getDefaultPolicy],
    ["PATCH", "/policies/defaultAppManagementPolicy", appManagementPolicy.patchDefaultPolicy],
];

const COMPILED = ROUTES.map(([method, pattern, handler]) => ({
    method,
    handler,
    segments: pattern.split("/").slice(1),
}));

export interface Match {
    readonly handler: Handler;
    readonly params: Readonly<Record<string, string>>;
}

/** `path`: the part after `/v1.0`, without a query. */
export function findRoute(method: string, path: string): Match {
    // An alternate key follows the collection in brackets. It counts as a segment, as an id does.
    const segments = path.replace(/\(/g, "/(").split("/").slice(1).map(decodeURIComponent);
    const matches = COMPILED.flatMap((route) => {
        const params = paramsOf(route.segments, segments);
        return params ? [{ ...route, params }] : [];
    });
    const found = matches.find((route) => route.method === method);
    if (found) return found;
    if (matches.length > 0) {
        throw new GraphFault(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.");
    }
    throw new GraphFault(404, "Request_ResourceNotFound", `Resource not found for the segment '${segments[0] ?? ""}'.`);
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
    if (pattern.length !== segments.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, part] of pattern.entries()) {
        const segment = segments[index] ?? "";
        if (part.startsWith(":")) params[part.slice(1)] = segment;
        else if (part !== segment) return undefined;
    }
    return params;
}

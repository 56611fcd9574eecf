// Lists all routes of Graph that the emulator has, except `/$batch`, with one handler each. Any other path gets 404,
// and any other method gets 405. PARITY.md describes each route.
import * as applications from "./applications";
import * as appManagementPolicy from "./appManagementPolicy";
import * as assignments from "./appRoleAssignments";
import * as auditLog from "./auditLog/routes";
import * as locations from "./conditionalAccess/namedLocations";
import * as policies from "./conditionalAccess/policies";
import * as strengths from "./conditionalAccess/strengths";
import type { Handler, Route } from "./context";
import { deleteDirectoryObject } from "./deleteDirectoryObject";
import * as deletedItems from "./deletedItems";
import * as directoryObjects from "./directoryObjects";
import { emptyLists } from "./emptyLists";
import * as federation from "./federatedCredentials";
import * as grants from "./grants";
import * as groups from "./groups";
import { getMe, refuseMe, routesOfMe } from "./me";
import * as memberships from "./memberships";
import * as organization from "./organization";
import { relatedRoutes } from "./relatedRoutes";
import * as servicePrincipalCredentials from "./servicePrincipalCredentials";
import * as servicePrincipals from "./servicePrincipals";
import * as users from "./userRoutes";

/** The path, or the query option `@id`, names the owner or member to remove. */
const removals = (path: string, remove: Handler): readonly Route[] => [
    ["DELETE", `${path}/:related/$ref`, remove],
    ["DELETE", `${path}/$ref`, remove],
];

const APPLICATIONS: readonly Route[] = [
    ["GET", "/applications", applications.listApplications],
    ["GET", "/applications/$count", applications.countApplications],
    ["GET", "/applications/delta", applications.deltaOfApplications],
    ["POST", "/applications", applications.postApplication],
    ["GET", "/applications/:application", applications.getApplication],
    ["PATCH", "/applications/:application", applications.patchApplication],
    ["DELETE", "/applications/:application", applications.deleteApplication],
    ...relatedRoutes("/applications/:application/owners", applications.readOwners),
    ...emptyLists("applications", ":application", applications.existingApplication),
    ["POST", "/applications/:application/owners/$ref", applications.addOwner],
    ...removals("/applications/:application/owners", applications.removeOwner),
    ["POST", "/applications/:application/addKey", applications.addKey],
    ["POST", "/applications/:application/removeKey", applications.removeKey],
    ["POST", "/applications/:application/addPassword", applications.addPassword],
    ["POST", "/applications/:application/removePassword", applications.removePassword],
    ["GET", "/applications/:application/federatedIdentityCredentials", federation.listFederatedCredentials],
    ["POST", "/applications/:application/federatedIdentityCredentials", federation.postFederatedCredential],
    ["GET", "/applications/:application/federatedIdentityCredentials/:credential", federation.getFederatedCredential],
    [
        "PATCH",
        "/applications/:application/federatedIdentityCredentials/:credential",
        federation.patchFederatedCredential,
    ],
    [
        "DELETE",
        "/applications/:application/federatedIdentityCredentials/:credential",
        federation.deleteFederatedCredential,
    ],
];

const SERVICE_PRINCIPALS: readonly Route[] = [
    ["GET", "/servicePrincipals", servicePrincipals.listServicePrincipals],
    ["GET", "/servicePrincipals/$count", servicePrincipals.countServicePrincipals],
    ["GET", "/servicePrincipals/delta", servicePrincipals.deltaOfServicePrincipals],
    ["POST", "/servicePrincipals", servicePrincipals.postServicePrincipal],
    ["GET", "/servicePrincipals/:servicePrincipal", servicePrincipals.getServicePrincipal],
    ["PATCH", "/servicePrincipals/:servicePrincipal", servicePrincipals.patchServicePrincipal],
    ["DELETE", "/servicePrincipals/:servicePrincipal", servicePrincipals.removeServicePrincipal],
    ["GET", "/servicePrincipals/:servicePrincipal/oauth2PermissionGrants", servicePrincipals.listGrantsOf],
    ["GET", "/servicePrincipals/:servicePrincipal/oauth2PermissionGrants/:grant", servicePrincipals.getGrantOf],
    ...relatedRoutes("/servicePrincipals/:servicePrincipal/owners", servicePrincipals.readOwners),
    ...emptyLists("servicePrincipals", ":servicePrincipal", servicePrincipals.existingServicePrincipal),
    ...relatedRoutes(
        "/servicePrincipals/:servicePrincipal/ownedObjects",
        memberships.ownedObjects("servicePrincipals", servicePrincipals.existingServicePrincipal),
    ),
    ["POST", "/servicePrincipals/:servicePrincipal/owners/$ref", servicePrincipals.addOwner],
    ...removals("/servicePrincipals/:servicePrincipal/owners", servicePrincipals.removeOwner),
    ["POST", "/servicePrincipals/:servicePrincipal/addKey", servicePrincipalCredentials.addKey],
    ["POST", "/servicePrincipals/:servicePrincipal/removeKey", servicePrincipalCredentials.removeKey],
    ["POST", "/servicePrincipals/:servicePrincipal/addPassword", servicePrincipalCredentials.addPassword],
    ["POST", "/servicePrincipals/:servicePrincipal/removePassword", servicePrincipalCredentials.removePassword],
];

const assignmentRoutes = (path: string, side: Parameters<typeof assignments.listAssignments>[0]): readonly Route[] => [
    ["GET", path, assignments.listAssignments(side)],
    ["GET", `${path}/$count`, assignments.countAssignments(side)],
    ["POST", path, assignments.postAssignment(side)],
    ["GET", `${path}/:assignment`, assignments.getAssignment(side)],
    ["DELETE", `${path}/:assignment`, assignments.deleteAssignment(side)],
];

const ASSIGNMENTS: readonly Route[] = [
    ...assignmentRoutes("/servicePrincipals/:servicePrincipal/appRoleAssignedTo", assignments.ofResource),
    ...assignmentRoutes("/servicePrincipals/:servicePrincipal/appRoleAssignments", assignments.ofServicePrincipal),
    ...assignmentRoutes("/groups/:group/appRoleAssignments", assignments.ofGroup),
    ...assignmentRoutes("/users/:user/appRoleAssignments", assignments.ofUser),
];

const GRANTS: readonly Route[] = [
    ["GET", "/oauth2PermissionGrants", grants.listGrants],
    ["GET", "/oauth2PermissionGrants/$count", grants.countGrants],
    ["GET", "/oauth2PermissionGrants/delta", grants.deltaOfGrants],
    ["POST", "/oauth2PermissionGrants", grants.postGrant],
    ["GET", "/oauth2PermissionGrants/:grant", grants.getGrant],
    ["PATCH", "/oauth2PermissionGrants/:grant", grants.patchGrant],
    ["DELETE", "/oauth2PermissionGrants/:grant", grants.deleteGrant],
];

const GROUPS: readonly Route[] = [
    ["GET", "/groups", groups.listGroups],
    ["GET", "/groups/$count", groups.countGroups],
    ["GET", "/groups/delta", groups.deltaOfGroups],
    ["POST", "/groups", groups.postGroup],
    ["GET", "/groups/:group", groups.getGroup],
    ["PATCH", "/groups/:group", groups.patchGroup],
    ["DELETE", "/groups/:group", groups.deleteGroup],
    ...relatedRoutes("/groups/:group/members", groups.readOf("members")),
    ...relatedRoutes("/groups/:group/transitiveMembers", memberships.transitiveMembers(groups.existingGroup)),
    ["POST", "/groups/:group/members/$ref", groups.addTo("members")],
    ...removals("/groups/:group/members", groups.removeFrom("members")),
    ...relatedRoutes("/groups/:group/owners", groups.readOf("owners")),
    ["POST", "/groups/:group/owners/$ref", groups.addTo("owners")],
    ...removals("/groups/:group/owners", groups.removeFrom("owners")),
];

const DIRECTORY: readonly Route[] = [
    ["GET", "/users", users.listUsers],
    ["GET", "/users/$count", users.countUsers],
    ["POST", "/users", users.postUser],
    ["GET", "/users/:user", users.getUser],
    ["PATCH", "/users/:user", users.patchUser],
    ["DELETE", "/users/:user", users.deleteUser],
    ["GET", "/users/:user/oauth2PermissionGrants", users.listGrantsOf],
    ...relatedRoutes("/users/:user/ownedObjects", memberships.ownedObjects("users", users.existingUser)),
    ["GET", "/directoryObjects/:object", directoryObjects.getDirectoryObject()],
    ["DELETE", "/directoryObjects/:object", deleteDirectoryObject],
    ...directoryObjects.OBJECT_TYPES.map((type): Route => [
        "GET",
        `/directoryObjects/:object/graph.${type}`,
        directoryObjects.getDirectoryObject(type),
    ]),
    ...["applications", "directoryObjects", "groups", "servicePrincipals", "users"].map((collection): Route => [
        "POST",
        `/${collection}/getByIds`,
        directoryObjects.getByIds,
    ]),
    ...(["application", "servicePrincipal"] as const).flatMap((type): readonly Route[] => [
        ["GET", `/directory/deletedItems/graph.${type}`, deletedItems.listDeleted(type)],
        ["GET", `/directory/deletedItems/graph.${type}/$count`, deletedItems.countDeleted(type)],
        ["GET", `/directory/deletedItems/:deleted/graph.${type}`, deletedItems.getDeleted(type)],
    ]),
    ["GET", "/directory/deletedItems/:deleted", deletedItems.getDeleted()],
    ["POST", "/directory/deletedItems/:deleted/restore", deletedItems.restore],
    ["DELETE", "/directory/deletedItems/:deleted", deletedItems.purge],
    ["GET", "/domains", organization.listDomains],
    ["GET", "/domains/:domain", organization.getDomain],
    ["GET", "/organization", organization.listOrganization],
    ["GET", "/organization/:organization", organization.getOrganization],
];

const memberRoutes = (path: string, collection: string, find: memberships.Find): readonly Route[] => [
    ...relatedRoutes(`${path}/memberOf`, memberships.memberOf(collection, find)),
    ...relatedRoutes(`${path}/transitiveMemberOf`, memberships.transitiveMemberOf(collection, find)),
    ...memberActions(path, find),
];

const memberActions = (path: string, find: memberships.Find): readonly Route[] => [
    ["POST", `${path}/getMemberGroups`, memberships.getMemberIds(find)],
    ["POST", `${path}/getMemberObjects`, memberships.getMemberIds(find)],
    ["POST", `${path}/checkMemberGroups`, memberships.checkMemberIds(find, "groupIds")],
    ["POST", `${path}/checkMemberObjects`, memberships.checkMemberIds(find, "ids")],
];

const MEMBERSHIPS: readonly Route[] = [
    ...memberRoutes("/groups/:group", "groups", groups.existingGroup),
    ...memberRoutes(
        "/servicePrincipals/:servicePrincipal",
        "servicePrincipals",
        servicePrincipals.existingServicePrincipal,
    ),
    ...memberRoutes("/users/:user", "users", users.existingUser),
    ...memberActions("/directoryObjects/:object", memberships.anyObject),
];

const ME: readonly Route[] = [
    ["GET", "/me", getMe],
    ...routesOfMe([...ASSIGNMENTS, ...DIRECTORY, ...MEMBERSHIPS]),
    ["GET", "/me/:relationship", refuseMe],
];

const POLICIES: readonly Route[] = [
    ["GET", "/policies/defaultAppManagementPolicy", appManagementPolicy.getDefaultPolicy],
    ["PATCH", "/policies/defaultAppManagementPolicy", appManagementPolicy.patchDefaultPolicy],
    ["GET", "/policies/authenticationStrengthPolicies", strengths.listStrengths],
    ["GET", "/policies/authenticationStrengthPolicies/:strength", strengths.getStrength],
    ["GET", "/identity/conditionalAccess/authenticationStrength/policies", strengths.listStrengths],
    ["GET", "/identity/conditionalAccess/authenticationStrength/policies/:strength", strengths.getStrength],
    ["GET", "/identity/conditionalAccess/policies", policies.listPolicies],
    ["POST", "/identity/conditionalAccess/policies", policies.postPolicy],
    ["GET", "/identity/conditionalAccess/policies/:policy", policies.getPolicy],
    ["PATCH", "/identity/conditionalAccess/policies/:policy", policies.patchPolicy],
    ["DELETE", "/identity/conditionalAccess/policies/:policy", policies.deletePolicy],
    ["GET", "/identity/conditionalAccess/namedLocations", locations.listNamedLocations],
    ["POST", "/identity/conditionalAccess/namedLocations", locations.postNamedLocation],
    ["GET", "/identity/conditionalAccess/namedLocations/:location", locations.getNamedLocation],
    ["PATCH", "/identity/conditionalAccess/namedLocations/:location", locations.patchNamedLocation],
    ["DELETE", "/identity/conditionalAccess/namedLocations/:location", locations.deleteNamedLocation],
];

const REPORTS: readonly Route[] = [
    ["GET", "/auditLogs/directoryAudits", auditLog.listDirectoryAudits],
    ["GET", "/auditLogs/directoryAudits/:audit", auditLog.getDirectoryAudit],
];

export const ROUTES: readonly Route[] = [
    ...APPLICATIONS,
    ...SERVICE_PRINCIPALS,
    ...ASSIGNMENTS,
    ...GRANTS,
    ...GROUPS,
    ...DIRECTORY,
    ...MEMBERSHIPS,
    ...ME,
    ...POLICIES,
    ...REPORTS,
];

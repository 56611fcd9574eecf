// Lists all routes of Graph that the tenant has, with one handler each. Any other path gets 404, and any other method
// gets 405. PARITY.md describes each route.
import * as applications from "./applications";
import * as appManagementPolicy from "./appManagementPolicy";
import * as assignments from "./appRoleAssignments";
import * as auditLog from "./auditLog/routes";
import * as locations from "./conditionalAccess/namedLocations";
import * as policies from "./conditionalAccess/policies";
import * as strengths from "./conditionalAccess/strengths";
import type { Handler } from "./context";
import * as deletedItems from "./deletedItems";
import * as directoryObjects from "./directoryObjects";
import * as federation from "./federatedCredentials";
import * as grants from "./grants";
import * as groups from "./groups";
import { getMe } from "./me";
import * as organization from "./organization";
import * as servicePrincipals from "./servicePrincipals";
import * as users from "./userRoutes";

type Route = readonly [method: string, pattern: string, handler: Handler];

const APPLICATIONS: readonly Route[] = [
    ["GET", "/applications", applications.listApplications],
    ["GET", "/applications/$count", applications.countApplications],
    ["POST", "/applications", applications.postApplication],
    ["GET", "/applications/:application", applications.getApplication],
    ["PATCH", "/applications/:application", applications.patchApplication],
    ["DELETE", "/applications/:application", applications.deleteApplication],
    ["GET", "/applications/:application/owners", applications.listOwners],
    ["GET", "/applications/:application/owners/$count", applications.countOwners],
    ["POST", "/applications/:application/owners/$ref", applications.addOwner],
    ["DELETE", "/applications/:application/owners/:related/$ref", applications.removeOwner],
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
    ["POST", "/servicePrincipals", servicePrincipals.postServicePrincipal],
    ["GET", "/servicePrincipals/:servicePrincipal", servicePrincipals.getServicePrincipal],
    ["PATCH", "/servicePrincipals/:servicePrincipal", servicePrincipals.patchServicePrincipal],
    ["DELETE", "/servicePrincipals/:servicePrincipal", servicePrincipals.removeServicePrincipal],
    ["GET", "/servicePrincipals/:servicePrincipal/oauth2PermissionGrants", servicePrincipals.listGrantsOf],
    ["GET", "/servicePrincipals/:servicePrincipal/owners", servicePrincipals.listOwners],
    ["POST", "/servicePrincipals/:servicePrincipal/owners/$ref", servicePrincipals.addOwner],
    ["DELETE", "/servicePrincipals/:servicePrincipal/owners/:related/$ref", servicePrincipals.removeOwner],
    ["POST", "/servicePrincipals/:servicePrincipal/addPassword", servicePrincipals.addPassword],
    ["POST", "/servicePrincipals/:servicePrincipal/removePassword", servicePrincipals.removePassword],
];

const assignmentRoutes = (path: string, side: Parameters<typeof assignments.listAssignments>[0]): readonly Route[] => [
    ["GET", path, assignments.listAssignments(side)],
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
    ["POST", "/oauth2PermissionGrants", grants.postGrant],
    ["GET", "/oauth2PermissionGrants/:grant", grants.getGrant],
    ["PATCH", "/oauth2PermissionGrants/:grant", grants.patchGrant],
    ["DELETE", "/oauth2PermissionGrants/:grant", grants.deleteGrant],
];

const GROUPS: readonly Route[] = [
    ["GET", "/groups", groups.listGroups],
    ["GET", "/groups/$count", groups.countGroups],
    ["POST", "/groups", groups.postGroup],
    ["GET", "/groups/:group", groups.getGroup],
    ["PATCH", "/groups/:group", groups.patchGroup],
    ["DELETE", "/groups/:group", groups.deleteGroup],
    ["GET", "/groups/:group/members", groups.listOf("members")],
    ["GET", "/groups/:group/members/graph.user", groups.listOf("members", "user")],
    ["GET", "/groups/:group/members/graph.group", groups.listOf("members", "group")],
    ["GET", "/groups/:group/members/graph.servicePrincipal", groups.listOf("members", "servicePrincipal")],
    ["POST", "/groups/:group/members/$ref", groups.addTo("members")],
    ["DELETE", "/groups/:group/members/:related/$ref", groups.removeFrom("members")],
    ["GET", "/groups/:group/owners", groups.listOf("owners")],
    ["POST", "/groups/:group/owners/$ref", groups.addTo("owners")],
    ["DELETE", "/groups/:group/owners/:related/$ref", groups.removeFrom("owners")],
];

const DIRECTORY: readonly Route[] = [
    ["GET", "/users", users.listUsers],
    ["GET", "/users/$count", users.countUsers],
    ["POST", "/users", users.postUser],
    ["GET", "/users/:user", users.getUser],
    ["PATCH", "/users/:user", users.patchUser],
    ["DELETE", "/users/:user", users.deleteUser],
    ["GET", "/users/:user/memberOf", users.listMemberOf],
    ["GET", "/directoryObjects/:object", directoryObjects.getDirectoryObject],
    ["POST", "/directoryObjects/getByIds", directoryObjects.getByIds],
    ["GET", "/directory/deletedItems/graph.application", deletedItems.listDeletedApplications],
    ["GET", "/directory/deletedItems/graph.servicePrincipal", deletedItems.listDeletedServicePrincipals],
    ["GET", "/directory/deletedItems/:deleted", deletedItems.getDeleted],
    ["POST", "/directory/deletedItems/:deleted/restore", deletedItems.restore],
    ["DELETE", "/directory/deletedItems/:deleted", deletedItems.purge],
    ["GET", "/domains", organization.listDomains],
    ["GET", "/domains/:domain", organization.getDomain],
    ["GET", "/me", getMe],
    ["GET", "/organization", organization.getOrganization],
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
    ...POLICIES,
    ...REPORTS,
];

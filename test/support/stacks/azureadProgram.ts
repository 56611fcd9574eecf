// Declares a Restore Portal as a user would write it with azuread alone: eleven resources. The program reads
// program.json, which contains the values that a test changes.
export const AZUREAD_PROGRAM = `
const fs = require("node:fs");
const azuread = require("@pulumi/azuread");

const { portalUrl, scopeId, certificatePem, notAfter } = JSON.parse(fs.readFileSync(__dirname + "/program.json", "utf8"));
const GRAPH = "00000003-0000-0000-c000-000000000000";

const graph = new azuread.ServicePrincipal("graph", { clientId: GRAPH, useExisting: true });
const portal = new azuread.ApplicationRegistration("portal", {
    displayName: "Restore Portal",
    signInAudience: "AzureADMultipleOrgs",
});
const applicationId = portal.id;
const scope = new azuread.ApplicationPermissionScope("scope", {
    applicationId,
    scopeId,
    value: "access_as_user",
    type: "Admin",
    adminConsentDisplayName: "Access Restore Portal",
    adminConsentDescription: "Access Restore Portal as the signed-in user",
});
new azuread.ApplicationIdentifierUri("uri", {
    applicationId,
    identifierUri: portal.clientId.apply((id) => "api://" + id),
});
new azuread.ApplicationRedirectUris("spa", { applicationId, type: "SPA", redirectUris: [portalUrl] });
new azuread.ApplicationApiAccess("graph", {
    applicationId,
    apiClientId: GRAPH,
    scopeIds: [graph.oauth2PermissionScopeIds.apply((ids) => ids["User.Read"])],
});
new azuread.ApplicationApiAccess("own", {
    applicationId,
    apiClientId: portal.clientId,
    scopeIds: [scope.scopeId],
});
new azuread.ApplicationCertificate("certificate", {
    applicationId,
    type: "AsymmetricX509Cert",
    encoding: "pem",
    value: certificatePem,
    endDate: notAfter,
});
const servicePrincipal = new azuread.ServicePrincipal("portal", {
    clientId: portal.clientId,
    featureTags: [{ enterprise: true }],
});
new azuread.ServicePrincipalDelegatedPermissionGrant("graph", {
    servicePrincipalObjectId: servicePrincipal.objectId,
    resourceServicePrincipalObjectId: graph.objectId,
    claimValues: ["User.Read"],
});
new azuread.ServicePrincipalDelegatedPermissionGrant("own", {
    servicePrincipalObjectId: servicePrincipal.objectId,
    resourceServicePrincipalObjectId: servicePrincipal.objectId,
    claimValues: ["access_as_user"],
}, { dependsOn: [scope] });

exports.clientId = portal.clientId;
`;

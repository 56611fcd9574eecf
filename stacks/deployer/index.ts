// Registers the deploying identity, and a read-only identity if a pipeline uses it: their applications, their rights in
// Microsoft Graph, and the federated credentials of their pipelines. A Privileged Role Administrator or Global
// Administrator runs this program after `az login`. The identities themselves never run this program.
import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";

import { IDENTITIES, type IdentityName } from "./entry";
import { pipelinesOf, type Pipeline } from "./pipelines";

/** The Application ID of Microsoft Graph, which is the same in every tenant. */
const GRAPH = "00000003-0000-0000-c000-000000000000";

/**
 * The audience that Entra expects in the token of a federated credential, by azuread's name of the cloud.
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
const AUDIENCES: Readonly<Record<string, string>> = {
    public: "api://AzureADTokenExchange",
    usgovernment: "api://AzureADTokenExchangeUSGov",
    china: "api://AzureADTokenExchangeChina",
};

const config = new pulumi.Config();
const audience = audienceOf(new pulumi.Config("azuread").get("environment") ?? "public");
const displayName = config.get("displayName") ?? "Restore Portal deployer";
const multiTenant = config.getBoolean("multiTenant") ?? false;
const auditLog = config.getBoolean("auditLog") ?? false;
const ownedApplications = config.getObject<string[]>("ownedApplications") ?? [];

/** The application permissions of each identity in Microsoft Graph, besides the optional AuditLog.Read.All. */
const ROLES: Readonly<Record<IdentityName, readonly string[]>> = {
    deployer: ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All"],
    reader: ["Application.Read.All", "Directory.Read.All"],
};

const me = azuread.getClientConfigOutput();
// This call only reads Microsoft Graph's service principal. On destroy, a resource with
// `useExisting` would try to delete it.
const graph = azuread.getServicePrincipalOutput({ clientId: GRAPH });

const pipelines = pipelinesOf(config.getObject("pipelines") ?? [], {
    tenantIssuer: pulumi.interpolate`https://login.microsoftonline.com/${me.tenantId}/v2.0`,
    multiTenant,
});

function audienceOf(environment: string): string {
    const audience = AUDIENCES[environment];
    if (audience === undefined)
        throw new Error(`configuration azuread:environment must be one of ${Object.keys(AUDIENCES).join(", ")}`);
    return audience;
}

function roleId(role: string): pulumi.Output<string> {
    return graph.appRoleIds.apply((ids) => {
        const id = ids[role];
        const advice = role === "AuditLog.Read.All" ? "; set auditLog to false" : "";
        if (id === undefined)
            throw new Error(
                `Microsoft Graph does not offer the application permission ${role} in this tenant${advice}`,
            );
        return id;
    });
}

function createIdentity(name: IdentityName, itsPipelines: readonly Pipeline[]) {
    const roles = [...ROLES[name], ...(auditLog ? ["AuditLog.Read.All"] : [])];
    const application = new azuread.ApplicationRegistration(name, {
        displayName: name === "deployer" ? displayName : `${displayName} (read-only)`,
        signInAudience: multiTenant ? "AzureADMultipleOrgs" : "AzureADMyOrg",
    });
    const servicePrincipal = new azuread.ServicePrincipal(name, {
        clientId: application.clientId,
        // If `owners` is not set, azuread removes the caller as owner.
        owners: [me.objectId],
    });
    // An app role assignment counts as admin consent to the role.
    for (const role of roles)
        new azuread.AppRoleAssignment(`${name}-${role}`, {
            appRoleId: roleId(role),
            principalObjectId: servicePrincipal.objectId,
            resourceObjectId: graph.objectId,
        });
    // The application lists the roles as required, so that they appear on its page "API permissions" in the Entra admin
    // center.
    new azuread.ApplicationApiAccess(name, {
        applicationId: application.id,
        apiClientId: GRAPH,
        roleIds: roles.map(roleId),
    });
    for (const { name: credential, issuer, subject, description } of itsPipelines.flatMap((one) => one.credentials))
        new azuread.ApplicationFederatedIdentityCredential(`${name}-${credential}`, {
            applicationId: application.id,
            displayName: credential,
            audiences: [audience],
            issuer,
            subject,
            description,
        });
    return { application, servicePrincipal };
}

const created = new Map(
    IDENTITIES.map((name) => [name, pipelines.filter(({ identity }) => identity === name)] as const)
        .filter(([name, itsPipelines]) => name === "deployer" || itsPipelines.length > 0)
        .map(([name, itsPipelines]) => [name, createIdentity(name, itsPipelines)] as const),
);

// An identity with `Application.ReadWrite.OwnedBy` can adopt a portal application only if it owns the application.
for (const objectId of ownedApplications) {
    const owner = created.get("deployer")?.servicePrincipal.objectId;
    if (owner !== undefined)
        new azuread.ApplicationOwner(objectId, { applicationId: `/applications/${objectId}`, ownerObjectId: owner });
}

/** Application (client) ID of each identity. */
export const clientIds = Object.fromEntries(
    [...created].map(([name, { application }]) => [name, application.clientId] as const),
);
export const tenantId = me.tenantId;
/** The environment variables that each pipeline sets. None of them is a secret. */
export const pipelineVariables = Object.fromEntries(
    pipelines.map(({ name, identity, prefix, variables }) => [
        name,
        {
            [`${prefix}_TENANT_ID`]: me.tenantId,
            [`${prefix}_CLIENT_ID`]: created.get(identity)?.application.clientId,
            ...variables,
        },
    ]),
);

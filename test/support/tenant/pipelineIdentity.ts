// Makes a deploying identity without a secret, by the requests that an administrator would send. A pipeline signs in as
// this identity with the pipeline's token.
import { DEPLOYER_ROLES } from "../../../emulator/seed";
import { AUDIENCE, SUBJECT, type OutsideIssuer } from "./outsideIssuer";
import type { TestTenant } from "./testTenant";

const GRAPH = "00000003-0000-0000-c000-000000000000";

/** Returns the client id. The identity has only these app roles of Microsoft Graph. */
export async function createPipelineIdentity(
    tenant: TestTenant,
    issuer: OutsideIssuer,
    roles: readonly string[] = DEPLOYER_ROLES,
): Promise<string> {
    const body = { displayName: "Restore Portal deployer" };
    const { id, appId } = await tenant.graph<{ id: string; appId: string }>("POST", "/applications", body);
    const { id: principalId } = await tenant.graph<{ id: string }>("POST", "/servicePrincipals", { appId });
    await assignRoles(tenant, principalId, roles);
    const credential = { name: "main", issuer: issuer.url, subject: SUBJECT, audiences: [AUDIENCE] };
    await tenant.graph("POST", `/applications/${id}/federatedIdentityCredentials`, credential);
    return appId;
}

async function assignRoles(tenant: TestTenant, principalId: string, roles: readonly string[]): Promise<void> {
    const path = `/servicePrincipals(appId='${GRAPH}')`;
    const graph = await tenant.graph<{ id: string; appRoles: { id: string; value: string }[] }>("GET", path);
    for (const role of roles) {
        const appRoleId = graph.appRoles.find(({ value }) => value === role)?.id;
        const assignment = { principalId, appRoleId, resourceId: graph.id };
        await tenant.graph("POST", `${path}/appRoleAssignedTo`, assignment);
    }
}

/**
 * Returns all variables of a GitHub job that deploys to the embedded tenant. None of them is a secret of the identity.
 */
export function workflowVariables(
    { emulator }: TestTenant,
    issuer: OutsideIssuer,
    clientId: string,
): Record<string, string> {
    return {
        ...pipelineSurroundings(emulator.env),
        ...issuer.jobVariables,
        ARM_USE_OIDC: "true",
        ARM_TENANT_ID: emulator.tenantId,
        ARM_CLIENT_ID: clientId,
    };
}

/** Returns the variables that make a client use the embedded tenant. They contain no identity. */
export function pipelineSurroundings(env: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("AZURE_")));
}

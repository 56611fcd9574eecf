// Lists states that an application may have before a portal adopts it. Also lists changes that the application's owner
// may make before the portal releases it.
import { randomUUID } from "node:crypto";

import { seedForeign, seedForeignGrants } from "../tenant/foreignEntries";
import { issueCertificates } from "../tenant/certificates";
import type { HooksTenant } from "./hooksTenant";
import { addRedirectUris, addTags, ENTERPRISE, servicePrincipalByHand } from "./ownership";
import { GRAPH_APP_ID } from "../tenant/portalByHand";
import { asSets, PORTAL_URL } from "../tenant/portals";
import { type Application, type TestTenant } from "../tenant/testTenant";

type Json = Record<string, unknown>;

/**
 * All properties of an application, its service principal and its grants, as Graph shows them. Lists are compared as
 * sets.
 */
export interface Exactly {
    readonly application: Application & Json;
    readonly servicePrincipal: Json | undefined;
    readonly grants: readonly Json[];
}

export interface StartingState {
    readonly name: string;
    readonly seed: (world: HooksTenant, appId: string) => Promise<unknown>;
    /** The inputs that the first program needs so that it may adopt the application. */
    readonly args?: Json;
    /**
     * The changes that the owner makes while the portal manages the application. `does` makes them in Entra. `kept`
     * makes them in the expected result, which otherwise has the values from before the adoption.
     */
    readonly owner?: {
        readonly does: (tenant: TestTenant, appId: string) => Promise<unknown>;
        readonly kept: (before: Exactly) => void;
    };
}

const USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
const DIRECTORY_READ = "7ab1d382-f21e-4acd-a863-ba3e13f7da61";

export async function exactlyOf(tenant: TestTenant, appId: string): Promise<Exactly> {
    const path = `/applications(appId='${appId}')`;
    const application = await tenant.application(appId);
    // Graph shows the bytes of a key only if a request selects `keyCredentials` by name.
    const { keyCredentials } = await tenant.graph<Application>("GET", `${path}?$select=keyCredentials`);
    const { status, body } = await tenant.tryGraph("GET", `/servicePrincipals(appId='${appId}')`);
    const isThere = status === 200;
    const grants = isThere ? await tenant.grants(appId) : [];
    const everything = { application: { ...application, keyCredentials }, grants };
    return asSets({ ...everything, servicePrincipal: isThere ? body : undefined }) as Exactly;
}

const accessAsUser = (more: Json = {}) => ({
    id: randomUUID(),
    value: "access_as_user",
    type: "Admin",
    isEnabled: true,
    adminConsentDisplayName: "Access Restore Portal",
    adminConsentDescription: "Access Restore Portal as the signed-in user",
    ...more,
});

/** Makes a working portal with its address, certificate, scope, permissions and consent. */
async function seedPortal(
    { tenant }: HooksTenant,
    appId: string,
    { displayName, tags, graphScope }: { displayName?: string; tags: string[]; graphScope: string },
): Promise<void> {
    const [key] = await issueCertificates(1);
    const scope = accessAsUser();
    const name = displayName === undefined ? {} : { displayName };
    await tenant.patchApplication(appId, {
        spa: { redirectUris: [PORTAL_URL] },
        api: { oauth2PermissionScopes: [scope] },
        keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key, ...name }],
        identifierUris: [`api://${appId}`],
    });
    await tenant.patchApplication(appId, {
        requiredResourceAccess: [
            { resourceAppId: GRAPH_APP_ID, resourceAccess: [{ id: USER_READ, type: "Scope" }] },
            { resourceAppId: appId, resourceAccess: [{ id: scope.id, type: "Scope" }] },
        ],
    });
    const clientId = await servicePrincipalByHand(tenant, appId, { tags });
    await grant(tenant, { clientId, resourceId: await graphOf(tenant), scope: graphScope });
    await grant(tenant, { clientId, resourceId: clientId, scope: "access_as_user" });
}

const graphOf = async (tenant: TestTenant) => (await tenant.servicePrincipal(GRAPH_APP_ID)).id;

function grant(tenant: TestTenant, body: Json): Promise<Json> {
    return tenant.graph("POST", "/oauth2PermissionGrants", { consentType: "AllPrincipals", ...body });
}

async function seedAnotherStack(world: HooksTenant, appId: string): Promise<void> {
    const { tenant } = world;
    const identity = "organization/portals/other/portal";
    await world.stack().up(world.portal({ applicationId: appId, identity, portalUrl: "https://other.abc.com:4443" }));
    const { id: clientId } = await tenant.servicePrincipal(appId);
    const resourceId = await graphOf(tenant);
    for (const scope of ["openid profile", "email"]) {
        await grant(tenant, { clientId, resourceId, consentType: "Principal", principalId: randomUUID(), scope });
    }
}

async function addOwner(tenant: TestTenant, appId: string): Promise<void> {
    const { id } = await tenant.application(appId);
    const { objectId } = tenant.emulator.identity("admin");
    const owner = { "@odata.id": `${tenant.emulator.url}/v1.0/directoryObjects/${objectId}` };
    await tenant.graph("POST", `/applications/${id}/owners/$ref`, owner);
}

export const STARTING_STATES: readonly StartingState[] = [
    {
        name: "bare",
        seed: () => Promise.resolve(),
        owner: {
            does: (tenant, appId) => addRedirectUris(tenant, appId, "https://theirs.contoso.com/later"),
            kept: ({ application }) => application.spa.redirectUris.push("https://theirs.contoso.com/later"),
        },
    },
    {
        name: "made by the wizard",
        seed: (world, appId) =>
            seedPortal(world, appId, {
                displayName: "Veeam Restore Portal",
                tags: [ENTERPRISE],
                graphScope: "User.Read",
            }),
    },
    {
        name: "made by Veeam's scripts",
        seed: (world, appId) => seedPortal(world, appId, { tags: [], graphScope: "openid profile User.Read" }),
        owner: {
            does: (tenant, appId) => tenant.patchApplication(appId, { serviceManagementReference: "CMDB-9" }),
            kept: ({ application }) => Object.assign(application, { serviceManagementReference: "CMDB-9" }),
        },
    },
    {
        name: "with the portal's host and another path on the owner's platform Web",
        seed: ({ tenant }, appId) =>
            tenant.patchApplication(appId, { web: { redirectUris: [`${PORTAL_URL}/signin-oidc`] } }),
        owner: {
            does: (tenant, appId) => addTags(tenant, appId, "team:later"),
            kept: ({ application }) => application.tags.push("team:later"),
        },
    },
    {
        name: "with assignment required",
        seed: ({ tenant }, appId) => servicePrincipalByHand(tenant, appId, { appRoleAssignmentRequired: true }),
        args: { servicePrincipal: "assignment required" },
    },
    {
        name: "multi-tenant",
        seed: ({ tenant }, appId) => tenant.patchApplication(appId, { signInAudience: "AzureADMultipleOrgs" }),
        owner: {
            does: (tenant, appId) =>
                tenant.patchApplication(appId, {
                    api: { requestedAccessTokenVersion: 2 },
                    signInAudience: "AzureADandPersonalMicrosoftAccount",
                }),
            kept: ({ application }) => {
                application.signInAudience = "AzureADandPersonalMicrosoftAccount";
                application.api["requestedAccessTokenVersion"] = 2;
            },
        },
    },
    {
        name: "with application roles and role permissions",
        seed: ({ tenant }, appId) =>
            tenant.patchApplication(appId, {
                appRoles: ["Reader", "Writer"].map((value) => ({
                    id: randomUUID(),
                    value,
                    displayName: value,
                    description: value,
                    isEnabled: true,
                    allowedMemberTypes: ["Application"],
                })),
                requiredResourceAccess: [
                    { resourceAppId: GRAPH_APP_ID, resourceAccess: [{ id: DIRECTORY_READ, type: "Role" }] },
                ],
            }),
    },
    {
        name: "with a foreign scope access_as_user of type Admin",
        seed: ({ tenant }, appId) =>
            tenant.patchApplication(appId, { api: { oauth2PermissionScopes: [accessAsUser()] } }),
        owner: {
            does: (tenant, appId) => tenant.patchApplication(appId, { displayName: "Renamed by its owner" }),
            kept: ({ application }) => (application.displayName = "Renamed by its owner"),
        },
    },
    {
        name: "with a foreign scope access_as_user that is disabled",
        seed: ({ tenant }, appId) =>
            tenant.patchApplication(appId, { api: { oauth2PermissionScopes: [accessAsUser({ isEnabled: false })] } }),
    },
    {
        name: "with full lists of foreign tags, URIs and certificates",
        seed: async ({ tenant }, appId) => {
            await seedForeign(tenant, appId, await issueCertificates(3));
            await servicePrincipalByHand(tenant, appId);
            await seedForeignGrants(tenant, appId);
        },
        owner: {
            does: async (tenant, appId) => {
                const { tags } = await tenant.application(appId);
                await tenant.patchApplication(appId, { tags: tags.filter((tag) => tag !== "cost:1234") });
            },
            // Graph also shows the application's tags on its service principal.
            kept: ({ application, servicePrincipal }) => {
                for (const one of [application, servicePrincipal as { tags: string[] }])
                    one.tags = one.tags.filter((tag) => tag !== "cost:1234");
            },
        },
    },
    {
        name: "with a service management reference and owners",
        seed: async ({ tenant }, appId) => {
            await tenant.patchApplication(appId, { serviceManagementReference: "CMDB-1" });
            await addOwner(tenant, appId);
        },
    },
    { name: "with another stack's tag and grants given by users", seed: seedAnotherStack },
];

// Runs the program stacks/guarded on the real engine. Our provider deploys the portal, and azuread's plugin deploys the
// resources that guard it.
import { expectSuccess, type Workspace } from "../support/engine/workspace";
import { aadsts, PlainSignIn } from "../support/signIn/plainSignIn";
import { azureadVariables, describeWithAzuread } from "../support/stacks/azureadPlugin";
import { configure, stackWorkspace } from "../support/stacks/stackWorkspace";
import { OutsideIssuer } from "../support/tenant/outsideIssuer";
import { createPipelineIdentity, workflowVariables } from "../support/tenant/pipelineIdentity";
import { PORTAL_URL } from "../support/tenant/portals";
import { TestTenant, type Application } from "../support/tenant/testTenant";

jest.setTimeout(600_000);

/** The permissions that docs/restore-operators.md lists, and those that a portal needs. */
const ROLES = [
    "Application.ReadWrite.OwnedBy",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Group.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "Application.Read.All",
    "Policy.ReadWrite.ConditionalAccess",
    "Policy.Read.All",
];
const CONDITIONAL_ACCESS = { state: "enabled", signInFrequencyHours: 8, trustedNetworks: ["192.0.2.0/24"] };
const CERTIFICATE = "pulumi-nodejs:dynamic/restorePortal:PortalCertificate::certificate";
const GROUP = "azuread:index/group:Group::operators";
const PORTAL = "pulumi-nodejs:dynamic/restorePortal:RestorePortalApp::portal";

describeWithAzuread("the program of the guarded portal", () => {
    let tenant: TestTenant;
    let workspace: Workspace;
    let emergency: string;
    let before: Record<string, string[]>;

    beforeAll(async () => {
        tenant = await TestTenant.start();
        const group = { displayName: "Emergency", mailEnabled: false, mailNickname: "e", securityEnabled: true };
        emergency = (await tenant.graph<{ id: string }>("POST", "/groups", group)).id;
        const identity = tenant.emulator.addIdentity({ roles: ROLES });
        before = idsOf(tenant);
        const conditionalAccess = { ...CONDITIONAL_ACCESS, excludedGroups: [emergency] };
        workspace = await stackWorkspace("guarded", azureadVariables(tenant, identity), {
            portalUrl: PORTAL_URL,
            conditionalAccess,
        });
    });
    afterAll(async () => {
        workspace.remove();
        await tenant.close();
    });

    const urn = (resource: string) => `urn:pulumi:dev::restore-portal-guarded::${resource}`;
    const output = (name: string) => workspace.output(name);

    async function signInOf(user: { readonly id: string } | undefined, mfa = false): Promise<number | undefined> {
        tenant.emulator.control.signInAs(user, { mfa });
        return aadsts(await new PlainSignIn(tenant, await output("applicationIdOfPortal")).authorize());
    }

    test("the group may be deployed first", async () => {
        await workspace.upOk("--target", urn(GROUP));
        await workspace.upOk();
        await workspace.previewUnchanged();
    });

    test("only members of the group get in, and only with multifactor authentication", async () => {
        const [operator, other] = tenant.emulator.users();
        const reference = { "@odata.id": `${tenant.emulator.url}/v1.0/directoryObjects/${operator?.id ?? ""}` };
        await tenant.graph("POST", `/groups/${await output("operatorsGroupId")}/members/$ref`, reference);
        expect(await signInOf(other, true)).toBe(50105);
        expect(await signInOf(operator)).toBe(50076);
        expect(await signInOf(operator, true)).toBeUndefined();
    });

    test("ten refreshes show no drift", async () => {
        for (let n = 0; n < 10; n++)
            expectSuccess(await workspace.pulumi(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]));
        await workspace.previewUnchanged();
    });

    test("a change by hand of either provider's part is repaired", async () => {
        const { id, servicePrincipal } = await portal();
        await tenant.graph("PATCH", `/servicePrincipals/${servicePrincipal}`, { appRoleAssignmentRequired: false });
        const path = `/servicePrincipals/${servicePrincipal}/appRoleAssignedTo`;
        const [assignment] = (await tenant.graph<{ value: { id: string }[] }>("GET", path)).value;
        await tenant.graph("DELETE", `${path}/${assignment?.id ?? ""}`);
        await tenant.graph("PATCH", `/applications/${id}`, { spa: { redirectUris: [] } });
        expect((await workspace.preview("--expect-no-changes")).code).toBe(7);
        await workspace.upOk();
        await workspace.previewUnchanged();
        expect(await tenant.graph("GET", `/servicePrincipals/${servicePrincipal}`)).toMatchObject({
            appRoleAssignmentRequired: true,
        });
        expect((await tenant.graph<{ value: unknown[] }>("GET", path)).value).toHaveLength(1);
    });

    async function portal(): Promise<{ id: string; servicePrincipal: string }> {
        const appId = await output("applicationIdOfPortal");
        const [{ id }, { id: servicePrincipal }] = [
            await tenant.application(appId),
            await tenant.servicePrincipal(appId),
        ];
        return { id, servicePrincipal };
    }

    test("destroy leaves nothing", async () => {
        await workspace.destroyOk();
        expect(idsOf(tenant)).toEqual(before);
    });

    test("the portal may be deployed first, and without conditional access the policy and the location go", async () => {
        await workspace.upOk("--target", urn(CERTIFICATE), "--target", urn(PORTAL));
        await workspace.upOk();
        await workspace.previewUnchanged();
        configure(workspace, { portalUrl: PORTAL_URL });
        await workspace.upOk();
        const { conditionalAccessPolicies, namedLocations } = idsOf(tenant);
        expect([conditionalAccessPolicies, namedLocations]).toEqual([[], []]);
        await workspace.destroyOk();
        expect(idsOf(tenant)).toEqual(before);
    });

    test("a pipeline's token signs both providers in, for an existing application and an existing group", async () => {
        const issuer = await OutsideIssuer.start();
        const clientId = await createPipelineIdentity(tenant, issuer, ROLES);
        workspace.env = { ...workflowVariables(tenant, issuer, clientId), SSL_CERT_FILE: tenant.emulator.caFile };
        const { id, appId } = await tenant.graph<Application>("POST", "/applications", { displayName: "By hand" });
        const owner = (await tenant.servicePrincipal(clientId)).id;
        const reference = { "@odata.id": `${tenant.emulator.url}/v1.0/directoryObjects/${owner}` };
        await tenant.graph("POST", `/applications/${id}/owners/$ref`, reference);
        const start = idsOf(tenant);
        configure(workspace, { portalUrl: PORTAL_URL, applicationId: appId, operatorsGroupId: emergency });
        await workspace.upOk();
        await workspace.previewUnchanged();
        await workspace.destroyOk();
        expect(idsOf(tenant)).toEqual(start);
        await issuer.close();
    });
});

/** Returns the ids of all objects of these kinds in a tenant, without its deleted items. */
function idsOf({ emulator }: TestTenant): Record<string, string[]> {
    const [state] = emulator.control.snapshot();
    const {
        applications = [],
        servicePrincipals = [],
        groups = [],
        grants = [],
        appRoleAssignments = [],
        conditionalAccessPolicies = [],
        namedLocations = [],
    } = state ?? {};
    const all = {
        applications,
        servicePrincipals,
        groups,
        grants,
        appRoleAssignments,
        conditionalAccessPolicies,
        namedLocations,
    };
    return Object.fromEntries(Object.entries(all).map(([name, objects]) => [name, objects.map(({ id }) => id).sort()]));
}

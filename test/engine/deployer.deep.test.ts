// Deploys stacks/deployer with azuread's plugin. A pipeline then deploys a portal with the variables that the program
// outputs.
import { Workspace } from "../support/engine/workspace";
import { azureadVariables, describeWithAzuread } from "../support/stacks/azureadPlugin";
import { stackWorkspace } from "../support/stacks/stackWorkspace";
import { onePortal } from "../support/tenant/portals";
import { OutsideIssuer } from "../support/tenant/outsideIssuer";
import { pipelineSurroundings } from "../support/tenant/pipelineIdentity";
import { TestTenant, type Application } from "../support/tenant/testTenant";
import { expectSuccess } from "../support/engine/workspace";

jest.setTimeout(600_000);

const PIPELINE = "kubernetes-pulumi-portal";

describeWithAzuread("the program of the deploying identity", () => {
    let tenant: TestTenant;
    let issuer: OutsideIssuer;
    let deployer: Workspace;
    let existing: Application;
    let before: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>[number] | undefined;
    const state = () => tenant.emulator.control.snapshot()[0];

    beforeAll(async () => {
        tenant = await TestTenant.start();
        issuer = await OutsideIssuer.startTls(tenant.emulator.control);
        existing = await tenant.graph<Application>("POST", "/applications", { displayName: "Made by the wizard" });
        before = state();
        const github = { system: "github", repository: "contoso/portal", ownerId: 12, repositoryId: 345 };
        const cluster = {
            system: "kubernetes",
            issuer: issuer.url,
            namespace: "pulumi",
            serviceAccount: "portal",
        };
        deployer = await stackWorkspace("deployer", azureadVariables(tenant, tenant.emulator.identity("admin")), {
            ownedApplications: [existing.id],
            pipelines: [cluster, { ...github, branch: "main" }, { ...github, pullRequest: true, identity: "reader" }],
        });
        await deployer.upOk();
    });
    afterAll(async () => {
        deployer.remove();
        await issuer.close();
        await tenant.close();
    });

    const outputs = async (name: string) =>
        JSON.parse((await deployer.pulumi(["stack", "output", name, "--json"])).stdout) as Record<string, never>;

    /**
     * Makes a workspace with the environment of the pipeline: the variables that the program outputs, and the
     * pipeline's token.
     */
    async function pipelineWorkspace(): Promise<Workspace> {
        const variables = (await outputs("pipelineVariables"))[PIPELINE] as unknown as Record<string, string>;
        const workspace = await new Workspace({ env: { ...pipelineSurroundings(tenant.env), ...variables } }).init();
        workspace.write("token", issuer.token({ sub: "system:serviceaccount:pulumi:portal" }));
        workspace.env = { ...workspace.env, AZURE_FEDERATED_TOKEN_FILE: `${workspace.folder}/token` };
        return workspace;
    }

    test("makes identities without a secret that have the rights of the program, and the caller owns them", async () => {
        const clientIds = await outputs("clientIds");
        const roles: Record<string, string[]> = {};
        const { objectId } = tenant.emulator.identity("admin");
        for (const [name, clientId] of Object.entries(clientIds)) {
            const { passwordCredentials, keyCredentials } = await tenant.application(clientId);
            expect([passwordCredentials, keyCredentials]).toEqual([[], []]);
            roles[name] = await rolesOf(clientId);
            const path = `/servicePrincipals(appId='${String(clientId)}')/owners`;
            const { value } = await tenant.graph<{ value: { id: string }[] }>("GET", path);
            expect(value.map(({ id }) => id)).toEqual([objectId]);
        }
        expect(roles).toEqual({
            deployer: ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All"],
            reader: ["Application.Read.All", "Directory.Read.All"],
        });
    });

    async function rolesOf(clientId: string): Promise<string[]> {
        const path = `/servicePrincipals(appId='${clientId}')/appRoleAssignments`;
        const { value } = await tenant.graph<{ value: { appRoleId: string }[] }>("GET", path);
        const { appRoles } = (await tenant.servicePrincipal("00000003-0000-0000-c000-000000000000")) as unknown as {
            appRoles: { id: string; value: string }[];
        };
        return value.map(({ appRoleId }) => appRoles.find(({ id }) => id === appRoleId)?.value ?? "").sort();
    }

    test("shows no change in a preview with refresh", async () => {
        expectSuccess(await deployer.preview("--refresh", "--expect-no-changes"));
    });

    test("lets the pipeline deploy a portal, and adopt the application that it owns", async () => {
        const workspace = await pipelineWorkspace();
        try {
            for (const args of [{ displayName: "Restore Portal" }, { applicationId: existing.appId }]) {
                workspace.declare(onePortal(args));
                await workspace.upOk();
                await workspace.previewUnchanged();
                await workspace.destroyOk();
            }
        } finally {
            workspace.remove();
        }
    });

    test("is destroyed without a trace, and Microsoft Graph's service principal stays", async () => {
        await deployer.destroyOk();
        const after = state();
        const ids = (objects: readonly { id: string }[] | undefined) => objects?.map(({ id }) => id).sort();
        expect(ids(after?.applications)).toEqual(ids(before?.applications));
        expect(ids(after?.servicePrincipals)).toEqual(ids(before?.servicePrincipals));
    });
});

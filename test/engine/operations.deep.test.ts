// Checks on the real engine: `--replace`, `state taint`, `ignoreChanges`, adoption, purged applications, and two stacks
// that share an application. operations.test.ts tests renames and `retainOnDelete`.
import { issueCertificates } from "../support/tenant/certificates";
import { everythingOf, existingApplication, onePortal, PORTAL_URL } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";
import { expectSuccess, Workspace } from "../support/engine/workspace";
import { typeOf } from "../support/engine/faces";

jest.setTimeout(600_000);

const GRAPH = "00000003-0000-0000-c000-000000000000";
const USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
const URN = `urn:pulumi:dev::portals::${typeOf("RestorePortalApp")}::portal`;

let tenant: TestTenant;
beforeAll(async () => {
    tenant = await TestTenant.start();
});
afterAll(() => tenant.close());

async function deployed(args: Record<string, unknown>, options: Record<string, unknown> = {}): Promise<Workspace> {
    const workspace = await new Workspace({ env: tenant.env }).init();
    workspace.declare(onePortal(args, options));
    await workspace.upOk();
    return workspace;
}

const appIdOf = async (workspace: Workspace, name = "portal") =>
    (await workspace.outputsOf(name))["applicationId"] as string;
const statusOf = async (appId: string) => (await tenant.tryGraph("GET", `/applications(appId='${appId}')`)).status;

test("after state taint of a registered application, the only living application is the one in state", async () => {
    const workspace = await deployed({ displayName: "Tainted" });
    const old = await appIdOf(workspace);
    expectSuccess(await workspace.pulumi(["state", "taint", URN, "--yes"]));
    await workspace.upOk();
    const now = await appIdOf(workspace);
    expect([await statusOf(now), await statusOf(old), now === old]).toEqual([200, 404, false]);
    const living = (await tenant.applications()).filter(({ displayName }) => displayName === "Tainted");
    expect(living.map(({ appId }) => appId)).toEqual([now]);
    await workspace.previewUnchanged();
    await workspace.destroyOk();
    workspace.remove();
});

describe.each([
    ["up --replace", (workspace: Workspace) => workspace.upOk("--replace", URN)],
    [
        "state taint",
        async (workspace: Workspace) => {
            expectSuccess(await workspace.pulumi(["state", "taint", URN, "--yes"]));
            return workspace.upOk();
        },
    ],
])("%s", (_name, replace) => {
    test("of an adopted application keeps the application", async () => {
        const appId = await existingApplication(tenant, { tags: ["team:a"] });
        const workspace = await deployed({ applicationId: appId });
        const before = await everythingOf(tenant, appId);
        await replace(workspace);
        expect(await appIdOf(workspace)).toBe(appId);
        const after = await everythingOf(tenant, appId);
        expect(after.application?.spa).toEqual(before.application?.spa);
        expect(after.application?.tags).toContain("team:a");
        await workspace.previewUnchanged();
        await workspace.destroyOk();
        workspace.remove();
    });
});

test("ignoreChanges: a change by hand in an ignored input stays, also when another input changes", async () => {
    const workspace = await deployed(
        { displayName: "Ignoring" },
        { ignoreChanges: ["portalUrl", "servicePrincipal", "certificate"] },
    );
    const appId = await appIdOf(workspace);
    await tenant.patchApplication(appId, { spa: { redirectUris: ["https://moved.abc.com:4443"] }, keyCredentials: [] });
    await tenant.graph("PATCH", `/servicePrincipals(appId='${appId}')`, { accountEnabled: false });
    await workspace.previewUnchanged();
    workspace.declare(
        onePortal(
            { displayName: "Ignoring still", portalUrl: "https://new.abc.com:4443" },
            { ignoreChanges: ["portalUrl", "servicePrincipal", "certificate"] },
        ),
    );
    tenant.clearLog();
    await workspace.upOk();
    expect(tenant.writes().map(({ method }) => method)).toEqual(["PATCH"]);
    const application = await tenant.application(appId);
    expect(application).toMatchObject({
        displayName: "Ignoring still",
        spa: { redirectUris: ["https://moved.abc.com:4443"] },
        keyCredentials: [],
    });
    expect((await tenant.servicePrincipal(appId)).accountEnabled).toBe(false);
    await workspace.destroyOk();
    workspace.remove();
});

test("adopting an application as the wizard makes it writes only our tag, and release removes only that", async () => {
    const scopeId = "5f2bd3a1-6d3a-4f0f-9d0e-2f8f6c7b1a11";
    const [key] = await issueCertificates(1);
    const appId = await existingApplication(tenant, {
        spa: { redirectUris: [PORTAL_URL] },
        api: {
            oauth2PermissionScopes: [
                {
                    id: scopeId,
                    value: "access_as_user",
                    type: "Admin",
                    isEnabled: true,
                    adminConsentDisplayName: "Access Restore Portal",
                    adminConsentDescription: "Access Restore Portal as the signed-in user",
                },
            ],
        },
        keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key, displayName: "Veeam Restore Portal" }],
    });
    await tenant.patchApplication(appId, {
        identifierUris: [`api://${appId}`],
        requiredResourceAccess: [
            { resourceAppId: GRAPH, resourceAccess: [{ id: USER_READ, type: "Scope" }] },
            { resourceAppId: appId, resourceAccess: [{ id: scopeId, type: "Scope" }] },
        ],
    });
    const { id: clientId } = await tenant.graph<{ id: string }>("POST", "/servicePrincipals", {
        appId,
        tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
    });
    const { id: graphId } = await tenant.servicePrincipal(GRAPH);
    for (const [resourceId, scope] of [
        [graphId, "User.Read"],
        [clientId, "access_as_user"],
    ]) {
        await tenant.graph("POST", "/oauth2PermissionGrants", {
            clientId,
            resourceId,
            scope,
            consentType: "AllPrincipals",
        });
    }
    const before = await everythingOf(tenant, appId);
    const workspace = await new Workspace({ env: tenant.env }).init();
    const certificatePem = `-----BEGIN CERTIFICATE-----\n${key!.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
    workspace.declare({
        portals: {
            portal: {
                args: {
                    applicationId: appId,
                    portalUrl: PORTAL_URL,
                    registerCertificate: false,
                    certificate: { certificatePem },
                },
            },
        },
    });
    tenant.clearLog();
    await workspace.upOk();
    expect(tenant.writes()).toHaveLength(1);
    const tags = (await tenant.application(appId)).tags;
    expect([...tags].sort()).toEqual([
        expect.stringMatching(/^restore-portal-stack:[0-9a-f]{16}:portals\/dev\//),
        expect.stringMatching(/^restore-portal:[0-9a-f]{16}:/),
    ]);
    const tagged = await everythingOf(tenant, appId);
    expect({ ...tagged.application, tags: [] }).toEqual(before.application);
    await workspace.previewUnchanged();
    await workspace.destroyOk();
    expect(await everythingOf(tenant, appId)).toEqual(before);
    workspace.remove();
});

test("a registered application is not deleted while it has another stack's tag", async () => {
    const first = await deployed({ displayName: "Shared" });
    const appId = await appIdOf(first);
    const second = await new Workspace({ env: tenant.env, stack: "second" }).init();
    second.declare(onePortal({ applicationId: appId }));
    await second.upOk();
    const { code, output } = await first.destroy();
    expect(output).toMatch(
        /resource "[^"]+" of stack \S+ \(holder [0-9a-f]{16}\) still uses it; destroy that resource first/,
    );
    expect([code === 0, await statusOf(appId)]).toEqual([false, 200]);
    await second.destroyOk();
    await first.destroyOk();
    expect(await statusOf(appId)).toBe(404);
    first.remove();
    second.remove();
});

test("a purged application is registered again, with a suffix if deleted items still hold its uniqueName", async () => {
    const workspace = await deployed({ displayName: "Purged" });
    const { id, appId } = await tenant.application(await appIdOf(workspace));
    await tenant.graph("DELETE", `/applications/${id}`);
    await tenant.graph("DELETE", `/directory/deletedItems/${id}`);
    const { output } = await workspace.preview();
    expect(output).toMatch(/RestorePortalApp: \(create\)/);
    await workspace.upOk();
    const again = await appIdOf(workspace);
    expect(again).not.toBe(appId);
    await workspace.destroyOk();
    await workspace.upOk();
    expect((await tenant.application(await appIdOf(workspace)))["uniqueName"]).toMatch(
        /^restore-portal-[0-9a-f]{64}(-2)?$/,
    );
    await workspace.destroyOk();
    workspace.remove();
});

test("after up --replace of a registered application, the only living application is the one in state", async () => {
    const workspace = await deployed({ displayName: "Replaced" });
    const old = await appIdOf(workspace);
    await workspace.upOk("--replace", URN);
    const now = await appIdOf(workspace);
    expect([await statusOf(now), await statusOf(old), now === old]).toEqual([200, 404, false]);
    const living = (await tenant.applications()).filter(({ displayName }) => displayName === "Replaced");
    expect(living.map(({ appId }) => appId)).toEqual([now]);
    await workspace.previewUnchanged();
    await workspace.destroyOk();
    workspace.remove();
});

test("two stacks share one application: each keeps what the other needs, and the last one removes everything", async () => {
    const appId = await existingApplication(tenant);
    const before = await everythingOf(tenant, appId);
    const first = await deployed({ applicationId: appId });
    const second = await new Workspace({ env: tenant.env, stack: "second" }).init();
    second.declare(onePortal({ applicationId: appId, portalUrl: "https://second.abc.com:4443" }));
    await second.upOk();
    await first.previewUnchanged();
    await first.destroyOk();
    await second.previewUnchanged();
    expect((await tenant.application(appId)).spa.redirectUris).toEqual(["https://second.abc.com:4443"]);
    await second.destroyOk();
    expect(await everythingOf(tenant, appId)).toEqual(before);
    first.remove();
    second.remove();
});

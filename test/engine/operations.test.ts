// Runs the engine's own operations on a portal: replace, retained deletes, renames, sharing. operations.deep.test.ts
// has the others.
import { everythingOf, existingApplication, onePortal } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";
import { expectSuccess, Workspace } from "../support/engine/workspace";
import { typeOf } from "../support/engine/faces";

jest.setTimeout(600_000);

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

test("retainOnDelete: destroy leaves the application as it is", async () => {
    const workspace = await deployed({ displayName: "Retained" }, { retainOnDelete: true });
    const appId = await appIdOf(workspace);
    const before = await everythingOf(tenant, appId);
    tenant.clearLog();
    await workspace.destroyOk();
    expect(tenant.writes()).toEqual([]);
    expect(await everythingOf(tenant, appId)).toEqual(before);
    workspace.remove();
});

test("a renamed stack, and a resource renamed with an alias, change nothing in Entra", async () => {
    const workspace = await deployed({ displayName: "Renamed" });
    expectSuccess(await workspace.pulumi(["stack", "rename", "production"]));
    workspace.env = { ...workspace.env, PULUMI_STACK: "production" };
    const program = onePortal({ displayName: "Renamed" });
    workspace.declare({
        ...program,
        portals: { gateway: { ...program.portals!["portal"]!, options: { aliases: [{ name: "portal" }] } } },
    });
    tenant.clearLog();
    await workspace.upOk();
    expect(tenant.writes()).toEqual([]);
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

// Checks on the real engine that renames, and a destroy with `retainOnDelete`, write nothing to Entra.
// operations.deep.test.ts tests other operations.
import { everythingOf, onePortal } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";
import { expectSuccess, Workspace } from "../support/engine/workspace";

jest.setTimeout(600_000);

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

// Deploys, changes and destroys a portal with three backends for Pulumi's state: a folder, Azure Blob Storage and
// PostgreSQL.
import { recover, upKilledAt } from "../support/engine/killedCli";
import { BACKENDS, startBackend } from "../support/engine/backends";
import { expectSuccess, Workspace } from "../support/engine/workspace";
import { declarePortal } from "../support/pipelines/scenarios";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(600_000);

const closers: (() => unknown)[] = [];
afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
});

test.each(BACKENDS)("%s: a portal lives, two pipelines collide, one is killed and recovered", async (name) => {
    const backend = await startBackend(name);
    if (!backend) return;
    closers.push(() => backend.close());
    const tenant = await TestTenant.start();
    closers.push(() => tenant.close());
    const workspace = await new Workspace({ env: { ...tenant.env, ...backend.env } }).init();
    closers.push(() => {
        workspace.endOrphans();
        workspace.remove();
    });
    const portals = async () =>
        (await tenant.applications()).filter(({ displayName }) => displayName === "Restore Portal");

    // The CLI is killed at the first request of the deployment. The command `recover` then repairs the stack.
    declarePortal({ workspace });
    expect(await upKilledAt(tenant, workspace, { skip: 0, effect: "after" })).toBe("SIGKILL");
    expect((await workspace.up()).output).toMatch(/the stack is currently locked by 1 lock/);
    expectSuccess(await recover(workspace));
    await workspace.previewUnchanged();
    expect(await portals()).toHaveLength(1);

    // A second deployment starts while the first one is running.
    declarePortal({ workspace }, { portalUrl: "https://new.abc.com:4443" });
    let second: ReturnType<Workspace["up"]> | undefined;
    tenant.emulator.control.addFault({
        level: "request",
        appId: tenant.emulator.identity("deployer").clientId,
        meanwhile: async () => {
            second = workspace.up();
            await second;
        },
    });
    await workspace.upOk();
    expect((await second)?.output).toMatch(/the stack is currently locked by 1 lock/);
    await workspace.previewUnchanged();
    expect((await portals())[0]?.spa.redirectUris).toEqual(["https://new.abc.com:4443"]);

    await workspace.destroyOk();
    expect(await portals()).toEqual([]);
});

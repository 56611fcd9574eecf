// The CLI is killed at a request of each operation; its provider process goes on, as it does in life. The runbook, as one
// command of the package, brings the stack to the end of an undisturbed run.
import { endState, everythingElse } from "../support/tenant/endState";
import { recover, upKilledAt } from "../support/engine/killedCli";
import { OPERATIONS, startOf, type Operation } from "../support/hooks/operations";
import { TestTenant } from "../support/tenant/testTenant";
import { expectSuccess, Workspace, type StackState } from "../support/engine/workspace";

jest.setTimeout(600_000);

const CELLS_EACH = 4;
const NAMES = ["create", "adopt", "change of portalUrl", "rotation without overlap", "release", "delete"];

let tenant: TestTenant;
let workspace: Workspace;
beforeEach(async () => {
    tenant = await TestTenant.start();
    workspace = await new Workspace({ env: tenant.env }).init();
});
afterEach(async () => {
    workspace.endOrphans();
    workspace.remove();
    await tenant.close();
});

/** The identity is the constructor's to give. */
function declare(args: Record<string, unknown> | undefined): void {
    const inputs = { ...args, identity: undefined };
    workspace.declare(args ? { portals: { portal: { args: inputs } } } : {});
}

interface Prepared {
    readonly args: Record<string, unknown> | undefined;
    readonly appId: string | undefined;
    readonly foreign: Awaited<ReturnType<typeof startOf>>["foreign"];
    readonly state: StackState;
    readonly snapshot: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;
}

async function prepare(operation: Operation): Promise<Prepared> {
    const { before, next, existing, seed, foreign } = await startOf(tenant, operation);
    for (const program of before) {
        declare(program);
        await workspace.upOk();
    }
    const appId = before.length > 0 ? ((await workspace.outputsOf("portal"))["applicationId"] as string) : existing;
    const seeded = before.length > 0 ? await seed(appId ?? "") : foreign;
    const args = next(appId ?? "");
    declare(args);
    return {
        args,
        appId,
        foreign: seeded,
        state: await workspace.exportState(),
        snapshot: tenant.emulator.control.snapshot(),
    };
}

async function deployedId(): Promise<string | undefined> {
    const { deployment } = await workspace.exportState();
    return deployment.resources?.find(({ urn }) => urn.endsWith("::portal"))?.id;
}

test.each(NAMES)("%s, killed at four of its requests, comes to the same end by the runbook", async (name) => {
    const operation = OPERATIONS.find((one) => one.name === name);
    if (!operation) throw new Error(`no operation ${name}`);
    const prepared = await prepare(operation);
    const { control } = tenant.emulator;
    const others = everythingElse(tenant, prepared.appId);
    tenant.clearLog();
    await workspace.upOk();
    const count = tenant.graphRequests().length;
    const end = await endState(tenant, (await deployedId()) ?? prepared.appId, prepared);
    const moments = Array.from({ length: 2 * count }, (_, index) => ({
        skip: Math.floor(index / 2),
        effect: index % 2 === 0 ? ("before" as const) : ("after" as const),
    }));
    // Spread over the operation, the first and the last among them.
    const chosen = Array.from(
        { length: CELLS_EACH },
        (_, index) => moments[Math.round((index * (moments.length - 1)) / (CELLS_EACH - 1))],
    );
    for (const moment of chosen) {
        control.reset();
        control.restore(prepared.snapshot);
        await workspace.importState(prepared.state);
        if (!moment) throw new Error("no requests");
        const signal = await upKilledAt(tenant, workspace, moment);
        expect(signal).toBe("SIGKILL");
        const recovered = expectSuccess(await recover(workspace));
        expect(recovered.output).toContain("recover, step 3 of 3");
        const appId = (await deployedId()) ?? prepared.appId;
        expect(await endState(tenant, appId, prepared)).toEqual(end);
        expect(everythingElse(tenant, prepared.appId ?? appId)).toEqual(others);
        tenant.clearLog();
        await workspace.previewUnchanged();
        expect(tenant.writes()).toEqual([]);
        workspace.endOrphans();
    }
});

test("a second deployment of the stack that is running meets the engine's lock, and changes nothing", async () => {
    const prepared = await prepare(OPERATIONS.find(({ name }) => name === "create") as Operation);
    declare(prepared.args);
    let second: Promise<Awaited<ReturnType<Workspace["up"]>>> | undefined;
    tenant.emulator.control.addFault({
        level: "request",
        appId: tenant.emulator.identity("deployer").clientId,
        meanwhile: async () => {
            second = workspace.up();
            await second;
        },
    });
    await workspace.upOk();
    const refused = await second;
    expect(refused?.code).not.toBe(0);
    expect(refused?.output).toMatch(/the stack is currently locked by 1 lock/);
    await workspace.previewUnchanged();
    expect((await tenant.applications()).filter(({ displayName }) => displayName === "Restore Portal")).toHaveLength(1);
});

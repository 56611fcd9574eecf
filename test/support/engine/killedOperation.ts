// Kills the CLI with SIGKILL at some requests of an operation. Its provider process continues to run. The command
// `recover` must then bring the stack to the result of an uninterrupted run.
import { endState, everythingElse } from "../tenant/endState";
import { recover, upKilledAt } from "./killedCli";
import { OPERATIONS, startOf, type Operation } from "../hooks/operations";
import { TestTenant } from "../tenant/testTenant";
import { expectSuccess, Workspace, type StackState } from "./workspace";

/**
 * The requests at which the CLI is killed, at equal distances: 0 is the first request of the operation, and 1 the last
 * one.
 */
const MOMENTS: readonly number[] = [0, 1 / 3, 2 / 3, 1];

let tenant: TestTenant;
let workspace: Workspace;

/** Each test of the file gets a new tenant and an empty stack. */
export function freshStackForEachTest(): void {
    beforeEach(async () => {
        tenant = await TestTenant.start();
        workspace = await new Workspace({ env: tenant.env }).init();
    });
    afterEach(async () => {
        workspace.endOrphans();
        workspace.remove();
        await tenant.close();
    });
}

/** Declares the portal without `identity`, because the constructor of the resource adds it. */
export function declare(args: Record<string, unknown> | undefined): void {
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

export async function prepareStack(operation: Operation): Promise<Prepared> {
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

/**
 * Kills the CLI at requests of the operation. Compares each result with the result of an uninterrupted run.
 *
 * @param at the requests, from 0 (the first one) to 1 (the last one)
 */
export async function expectSameEndIfKilled(name: string, at = MOMENTS): Promise<void> {
    const operation = OPERATIONS.find((one) => one.name === name);
    if (!operation) throw new Error(`there is no operation named "${name}"`);
    const prepared = await prepareStack(operation);
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
    for (const share of at) {
        const moment = moments[Math.round(share * (moments.length - 1))];
        control.reset();
        control.restore(prepared.snapshot);
        await workspace.importState(prepared.state);
        if (!moment) throw new Error("the operation sent no requests");
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
}

/** Returns the tenant and the stack of the current test. */
export function current(): { readonly tenant: TestTenant; readonly workspace: Workspace } {
    return { tenant, workspace };
}

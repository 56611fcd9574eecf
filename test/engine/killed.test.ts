// Kills the CLI with SIGKILL during a deployment. Its provider process continues to run. The command `recover` must
// then bring the stack to the result of an uninterrupted run.
import {
    current,
    declare,
    expectSameEndIfKilled,
    freshStackForEachTest,
    prepareStack,
} from "../support/engine/killedOperation";
import type { Workspace } from "../support/engine/workspace";
import { OPERATIONS, type Operation } from "../support/hooks/operations";

jest.setTimeout(600_000);
freshStackForEachTest();

// killed.deep.test.ts tests other requests and operations.
test("create, killed in the middle, ends with the same result after recover", () =>
    expectSameEndIfKilled("create", [0.5]));

test("a second deployment of a stack that is being deployed fails at the engine's lock, and changes nothing", async () => {
    const prepared = await prepareStack(OPERATIONS.find(({ name }) => name === "create") as Operation);
    const { tenant, workspace } = current();
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

// Kills the CLI at a request of each operation. Its provider process continues, as after a real kill. The command
// `recover` must then bring the stack to the result of an uninterrupted run.
import { setTimeout } from "node:timers/promises";

import { providerProcess } from "../support/engine/faces";
import { upKilledAt } from "../support/engine/killedCli";
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

// killed.deep.test.ts has the other operations.
test("create, killed at four of its requests, ends with the same result after recover", () =>
    expectSameEndIfKilled("create"));

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

test("the provider process of a killed CLI ends by itself soon", async () => {
    const prepared = await prepareStack(OPERATIONS.find(({ name }) => name === "create") as Operation);
    const { tenant, workspace } = current();
    declare(prepared.args);
    expect(await upKilledAt(tenant, workspace, { skip: 1, effect: "before" })).toBe("SIGKILL");
    // Pulumi's own language host checks only every five minutes whether the engine is running.
    const providers = () => workspace.orphans(providerProcess());
    expect(providers()).toHaveLength(1);
    const deadline = Date.now() + 60_000;
    while (providers().length > 0 && Date.now() < deadline) await setTimeout(500);
    expect(providers()).toEqual([]);
});

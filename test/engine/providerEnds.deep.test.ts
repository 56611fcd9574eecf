// Kills the CLI. The provider process that it started must end soon afterwards.
import { setTimeout } from "node:timers/promises";

import { providerProcess } from "../support/engine/faces";
import { upKilledAt } from "../support/engine/killedCli";
import { current, declare, freshStackForEachTest, prepareStack } from "../support/engine/killedOperation";
import { OPERATIONS, type Operation } from "../support/hooks/operations";

jest.setTimeout(600_000);
freshStackForEachTest();

test("the provider process of a killed CLI ends by itself soon", async () => {
    const prepared = await prepareStack(OPERATIONS.find(({ name }) => name === "create") as Operation);
    const { tenant, workspace } = current();
    declare(prepared.args);
    expect(await upKilledAt(tenant, workspace, { skip: 1, effect: "before" })).toBe("SIGKILL");
    // Pulumi's own language host checks only every five minutes whether the engine is running, so the test does not
    // count it.
    const providers = () => workspace.orphans(providerProcess());
    expect(providers()).toHaveLength(1);
    const deadline = Date.now() + 60_000;
    while (providers().length > 0 && Date.now() < deadline) await setTimeout(500);
    expect(providers()).toEqual([]);
});

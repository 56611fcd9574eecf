// Entra carries out a write, but the answer is lost. Entra refuses the next attempt, because the entry exists already.
// The added entry must still count as ours.
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { exactlyOf } from "../support/hooks/startingStates";

jest.setTimeout(180_000);

let world: HooksTenant;
let appId: string;
withExistingApplication((started, id) => ([world, appId] = [started, id]));

test("a release restores an adopted application, even if the answer to the first write was lost", async () => {
    const before = await exactlyOf(world.tenant, appId);
    const stack = world.stack();
    const deployer = world.tenant.emulator.identity("deployer").clientId;
    world.control.addFault({ level: "request", path: "/$batch", appId: deployer, effect: "after", drop: true });
    await stack.up(world.portal({ applicationId: appId }));
    await stack.up(undefined);
    expect(await exactlyOf(world.tenant, appId)).toEqual(before);
});

describe.each([400, 409] as const)("where Entra answers %i to a second grant", (form) => {
    test.each([
        ["504", { status: 504 }],
        ["404 Directory_ObjectNotFound", { status: 404, code: "Directory_ObjectNotFound" }],
        ["429", { status: 429, headers: { "retry-after": "1" } }],
    ])("%s to grants that were made: the release removes them from the adopted application", async (_name, fault) => {
        const before = await exactlyOf(world.tenant, appId);
        const stack = world.stack();
        const deployer = world.tenant.emulator.identity("deployer").clientId;
        world.control.setDuplicateGrantStatus(form);
        const grants = { level: "item", method: "POST", path: "/oauth2PermissionGrants", count: 2 } as const;
        world.control.addFault({ ...grants, appId: deployer, effect: "after", ...fault });
        await stack.up(world.portal({ applicationId: appId }));
        await world.expectCalm(stack, world.portal({ applicationId: appId }));
        await stack.up(undefined);
        expect(await exactlyOf(world.tenant, appId)).toEqual(before);
    });
});

test("assignment required costs one round of writes", async () => {
    const stack = await world.deployed();
    world.tenant.clearLog();
    await stack.up(world.portal({ servicePrincipal: "assignment required" }));
    expect(world.tenant.graphRequests().length).toBeLessThanOrEqual(4);
});

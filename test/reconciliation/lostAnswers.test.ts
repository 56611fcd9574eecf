// An answer that is lost on its way, of a write that Entra carried out: the next attempt is refused because the entry is
// there already. What was added stays ours all the same.
import { HooksTenant } from "../support/hooks/hooksTenant";
import { exactlyOf } from "../support/hooks/startingStates";
import { existingApplication } from "../support/tenant/portals";

jest.setTimeout(180_000);

let world: HooksTenant;
let appId: string;
beforeAll(async () => {
    world = await HooksTenant.start();
    appId = await existingApplication(world.tenant);
    world.keep();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

test("an adopted application is as before after the release, although the answer to the first write was lost", async () => {
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

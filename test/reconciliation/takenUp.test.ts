// The first deployment loses its state. The second deployment continues with the application, but Entra refuses the
// first write of the second deployment, so the first deployment is still the holder. The third deployment must continue
// with the application again.
import { DENIED } from "../support/hooks/ownership";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { exactlyOf } from "../support/hooks/startingStates";

jest.setTimeout(180_000);

let world: HooksTenant;
let appId: string;
withExistingApplication((started, id) => ([world, appId] = [started, id]));

/** Deploys twice without state. Entra refuses the first write of the second deployment. Returns the second stack. */
async function refusedOnce(args: Record<string, unknown>) {
    await world.stack().up(args);
    const stack = world.stack();
    const deployer = world.tenant.emulator.identity("deployer").clientId;
    world.control.addFault({ method: "PATCH", path: "/applications", appId: deployer, ...DENIED });
    await expect(stack.up(args)).rejects.toThrow("changing application");
    world.control.clearFaults();
    return stack;
}

test("a registered application: the next up and destroy succeed", async () => {
    const args = world.portal();
    const stack = await refusedOnce(args);
    const [portal] = world.portals();
    await stack.up(args);
    expect(stack.state?.id).toBe(portal?.appId);
    await world.expectCalm(stack, args);
    await stack.up(undefined);
    expect(world.portals()).toEqual([]);
});

test("an adopted application: destroy gives it back", async () => {
    const before = await exactlyOf(world.tenant, appId);
    const args = world.portal({ applicationId: appId });
    const stack = await refusedOnce(args);
    await stack.up(args);
    await stack.up(undefined);
    expect(await exactlyOf(world.tenant, appId)).toEqual(before);
});

// In ten seconds, Entra allows fifty portals only about a tenth of their requests. Each portal must be registered once,
// and no request may be retried before Entra allows it. The test runs in real time: a simulated clock would advance by
// each wait, although the waits of many portals overlap.
import { HooksTenant } from "../support/hooks/hooksTenant";
import { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";

jest.setTimeout(300_000);

const PORTALS = 50;

let world: HooksTenant;
let hooks: HooksProcess;
beforeAll(async () => {
    world = await HooksTenant.start();
    hooks = new HooksProcess(world.tenant.env);
});
afterAll(async () => {
    await hooks.end();
    await world.close();
});

async function deployAll(): Promise<HooksStack[]> {
    const stacks = Array.from({ length: PORTALS }, () => new HooksStack(hooks));
    await Promise.all(
        stacks.map((stack, index) =>
            stack.up(world.portal({ identity: `organization/portals/p${String(index)}/portal` })),
        ),
    );
    return stacks;
}

/** Returns the requests or batch items that were sent again too early. Each refusal contains its waiting time. */
function impatient(): string[] {
    const allowed = new Map<string, number>();
    return world.tenant.graphRequests().flatMap(({ at, endedAt = at, method, path, status, retryAfter, items }) => {
        const parts = items ?? [{ method, path, status, retryAfter, body: undefined }];
        // The log contains no bodies of registrations, so it cannot distinguish the registrations of different portals.
        return parts
            .filter((part) => part.path !== "/applications")
            .flatMap((part) => {
                const key = `${part.method} ${part.path} ${JSON.stringify(part.body ?? "")}`;
                const isEarly = at < (allowed.get(key) ?? 0);
                allowed.delete(key);
                if (part.status === 429) allowed.set(key, endedAt + Number(part.retryAfter) * 1000 - 20);
                return isEarly ? [key] : [];
            });
    });
}

test("throttled to a tenth", async () => {
    await deployAll();
    const units = world.tenant.graphRequests().reduce((sum, { items }) => sum + (items?.length ?? 1), 0);
    world.reset();
    // The limit for ten seconds is a tenth of the requests and items that the portals need, but at least 60. So the
    // test does not depend on the speed of the machine.
    const limit = Math.max(Math.ceil(units / 10), 60);
    console.log(`without a limit: ${units} requests and items; the limit is now ${limit} units in 10 s`);
    world.control.setLimits({ units: limit });
    const stacks = await deployAll();
    const refused = world.tenant.graphRequests().flatMap(({ status, items }) => items ?? [{ status }]);
    expect(refused.filter(({ status }) => status === 429).length).toBeGreaterThan(PORTALS);
    expect(impatient()).toEqual([]);
    world.control.setLimits({});
    expect(
        world
            .portals()
            .map(({ appId }) => appId)
            .sort(),
    ).toEqual(stacks.map(({ state }) => state?.id).sort());
    expect(world.portals().every(({ keyCredentials }) => keyCredentials.length === 1)).toBe(true);
});

// Measures the requests and the memory of many portals. Runs 64 portals at a time, as `pulumi up --parallel 64` does.
// The reads of the portals share batches.
import { costOf, itemsOf } from "../tenant/cost";
import { HooksProcess } from "./hooksProcess";
import { HooksStack, type ResourceState } from "./hooksStack";
import { HooksTenant } from "./hooksTenant";
import { sideBySide } from "./sideBySide";

/**
 * Returns the highest allowed number of batches. Each portal has three reads, and a batch holds twenty. Some batches
 * are sent before they are full, so a tenth more is allowed, and one extra batch.
 */
const fewBatches = (count: number) => Math.ceil(((3 * count) / 20) * 1.1) + 1;

let world: HooksTenant;
let hooks: HooksProcess;

const argsOf = (index: number) =>
    world.portal({ identity: `organization/portals/p${index}/portal`, displayName: `Portal ${index}` });

async function deploy(count: number): Promise<HooksStack[]> {
    world.reset();
    // throttling.deep.test.ts tests Graph's own limits, so the limits are off here.
    world.control.setLimits({ units: Infinity, writes: Infinity });
    const stacks = Array.from({ length: count }, () => new HooksStack(hooks));
    await sideBySide(stacks, (stack, index) => stack.up(argsOf(index)));
    return stacks;
}

/** Runs refresh and preview in a new process with empty caches. Returns the hooks that `pulumi up` would call. */
async function preview(states: readonly (ResourceState | undefined)[]): Promise<string[]> {
    const fresh = new HooksProcess(world.tenant.env, { withSdk: true });
    world.tenant.clearLog();
    const hooksToFollow: string[] = [];
    await sideBySide(states, async (state, index) => {
        const stack = new HooksStack(fresh, state);
        await stack.refresh();
        hooksToFollow.push((await stack.preview(argsOf(index))).hook);
    });
    expect(await fresh.call("peakMemoryMb")).toBeLessThan(300);
    await fresh.end();
    return hooksToFollow;
}

export function describeCost(counts: readonly number[]): void {
    beforeAll(async () => {
        world = await HooksTenant.start();
    });
    beforeEach(() => {
        hooks = new HooksProcess(world.tenant.env, { withSdk: true });
    });
    afterEach(() => hooks.end());
    afterAll(() => world.close());

    describe.each(counts)("%i portals", (count) => {
        test("are registered with at most 5.2 requests each, and read in full batches", async () => {
            const stacks = await deploy(count);
            const create = costOf(world.tenant.emulator.requests());
            expect(create.requests).toBeLessThanOrEqual(Math.ceil(5.2 * count));
            expect(create.tokenRequests).toBe(1);
            expect(await hooks.call("peakMemoryMb")).toBeLessThan(300);
            const log = () => world.tenant.emulator.requests();
            expect(log().filter(({ path }) => path.includes("00000003-0000-0000-c000-000000000000"))).toHaveLength(1);

            expect(await preview(stacks.map(({ state }) => state))).toEqual(Array(count).fill("none"));
            const look = costOf(log());
            expect(look.items).toBeLessThanOrEqual(3.1 * count);
            expect(look.requests).toBeLessThanOrEqual(fewBatches(count));
            expect(look.tokenRequests).toBe(1);
            expect(itemsOf(log()).filter(({ path }) => path.includes("keyCredentials"))).toEqual([]);
            console.log(`${count} portals: create ${JSON.stringify(create)}, no-op ${JSON.stringify(look)}`);
        });
    });
}

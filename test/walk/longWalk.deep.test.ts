// Deploys portals of several stacks and components in one tenant. Entra refuses requests or loses answers, processes
// are killed, resources are renamed, and owners replace objects and change values. No entry of the owners may be lost,
// and the last destroy must leave nothing of ours.
import { LONG_STEPS } from "./longSteps";
import { walkLong } from "./longWalks";

jest.setTimeout(1_200_000);

/** Each run makes the same walk. Set other seeds to try other walks: `RESTORE_PORTAL_WALK_SEED=1,2,3`. */
const seeds = (process.env["RESTORE_PORTAL_WALK_SEED"] ?? "20261127").split(",").map(Number);
const LENGTH = 450;

test("a long random walk", async () => {
    const { steps, failure } = await walkLong({ seeds, length: LENGTH });
    console.log(`seeds ${seeds.join(",")}: ${JSON.stringify(Object.fromEntries(steps))}`);
    expect(failure).toBeUndefined();
    expect([...steps.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(300 * seeds.length);
    for (const kind of LONG_STEPS) expect([kind, (steps.get(kind) ?? 0) >= 5]).toEqual([kind, true]);
});

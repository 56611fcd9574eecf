// Programs change, people change the tenant by hand, Entra fails, and deployments are killed, in any order. After each
// undisturbed `up` the tenant must match the program, and all entries of others must still exist.
import { STEP_KINDS } from "./steps";
import { walkWithHooks } from "./walks";

jest.setTimeout(1_200_000);

/**
 * Each run makes the same walks, so that only a change of the code can make it fail. Set another seed to try other
 * walks.
 */
const seed = Number(process.env["RESTORE_PORTAL_WALK_SEED"] ?? 20261125);
const walks = Number(process.env["RESTORE_PORTAL_WALKS"] ?? 36);

test("random walks", async () => {
    const { steps, failure } = await walkWithHooks({ seed, walks, length: 10, shrinks: true });
    console.log(`seed ${String(seed)}, ${String(walks)} walks: ${JSON.stringify(Object.fromEntries(steps))}`);
    expect(failure).toBeUndefined();
    expect([...steps.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(300);
    for (const kind of STEP_KINDS) expect([kind, (steps.get(kind) ?? 0) >= 20]).toEqual([kind, true]);
});

// Mutated answers of Graph: each one becomes a result or one clear error.
import { fuzz } from "../support/fuzz/fuzz";

jest.setTimeout(300_000);

test("no mutated answer of Graph crashes, leaks, steers or waits too long", async () => {
    const { seed, faults } = await fuzz("graph");
    expect({ seed, faults }).toEqual({ seed, faults: [] });
});

// Mutates answers of Graph, and checks that each one leads to a result or to one clear error.
import { fuzz } from "../support/fuzz/fuzz";

jest.setTimeout(300_000);

test("no mutated answer of Graph crashes, leaks, steers or waits too long", async () => {
    const { seed, faults } = await fuzz("graph");
    expect({ seed, faults }).toEqual({ seed, faults: [] });
});

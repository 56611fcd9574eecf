// Mutates the cloud's metadata and a tenant's OpenID document. Checks that each mutation leads to a result or to one
// clear error.
import { fuzz } from "../support/fuzz/fuzz";

jest.setTimeout(300_000);

test("no mutated answer of discovery crashes, leaks, steers or waits too long", async () => {
    const { seed, faults } = await fuzz("discovery");
    expect({ seed, faults }).toEqual({ seed, faults: [] });
});

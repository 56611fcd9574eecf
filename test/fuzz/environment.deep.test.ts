// Mutates environment variables. Checks that the provider uses each value, or refuses it and names its variable.
import { fuzz } from "../support/fuzz/fuzz";

jest.setTimeout(300_000);

test("no mutated variable crashes, leaks, steers or waits", async () => {
    const { seed, faults } = await fuzz("environment");
    expect({ seed, faults }).toEqual({ seed, faults: [] });
});

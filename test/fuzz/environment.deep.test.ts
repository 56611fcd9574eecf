// Mutates environment variables, and checks that each one is used, or refused by its name.
import { fuzz } from "../support/fuzz/fuzz";

jest.setTimeout(300_000);

test("no mutated variable crashes, leaks, steers or waits", async () => {
    const { seed, faults } = await fuzz("environment");
    expect({ seed, faults }).toEqual({ seed, faults: [] });
});

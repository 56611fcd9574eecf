// Mutates inputs of the four resources, and checks that each one is accepted, or refused in clear words.
import { fuzz } from "../support/fuzz/fuzz";

jest.setTimeout(300_000);

test("no mutated input crashes check or diff, leaks, steers or waits", async () => {
    const { seed, faults } = await fuzz("inputs", { env: { ARM_METADATA_HOSTNAME: "localhost:1" } });
    expect({ seed, faults }).toEqual({ seed, faults: [] });
});

// Mutated answers of sign-in: each one becomes a result or one clear error.
import { fuzz } from "../support/fuzz/fuzz";

jest.setTimeout(300_000);

test("no mutated answer of sign-in crashes, leaks, steers or waits too long", async () => {
    const { seed, faults } = await fuzz("signIn");
    expect({ seed, faults }).toEqual({ seed, faults: [] });
});

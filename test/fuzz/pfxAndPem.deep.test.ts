// Mutates PFX and PEM files, and checks that each one is read, or refused with one clear sentence.
import { fuzz } from "../support/fuzz/fuzz";

jest.setTimeout(300_000);

test("no mutated PFX or PEM file crashes, leaks, steers or takes too long", async () => {
    const { seed, faults, outcomes } = await fuzz("pfxAndPem");
    expect({ seed, faults }).toEqual({ seed, faults: [] });
    expect(Object.keys(outcomes).sort()).toEqual(["ERR_CERTIFICATE_INVALID", "ok"]);
});

// Checks that the provider's key derivation gives the same digests as node:crypto. For many rounds, the provider
// has its own code, because node:crypto creates one object per round.
import crypto from "node:crypto";

import forge from "node-forge";

import { pkcs12Kdf } from "../../../provider/certificate/pfx/kdf";

const DIGESTS = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"] as const;
const SALT = Buffer.from("salt of a file");

/** Derives a key as RFC 7292 defines it. Calls node:crypto once per round, and returns one block. */
function plainly(digest: string, password: string, rounds: number): Buffer {
    const size = digest === "sha384" || digest === "sha512" ? 128 : 64;
    const text = Buffer.from(`${password}\0`, "utf16le").swap16();
    const parts = [Buffer.alloc(size, 1), Buffer.alloc(size, SALT), Buffer.alloc(size, text)];
    let bytes = crypto.createHash(digest).update(Buffer.concat(parts)).digest();
    for (let round = 1; round < rounds; round++) bytes = crypto.createHash(digest).update(bytes).digest();
    return bytes;
}

const derived = (digest: (typeof DIGESTS)[number], rounds: number, length: number) =>
    pkcs12Kdf({ digest, password: "password", salt: SALT, rounds, purpose: 1, length });

describe.each(DIGESTS)("%s", (digest) => {
    test.each([1, 2, 4999, 5000, 5001, 6000, 12_345])("%i rounds give the digest of node:crypto", (rounds) => {
        const expected = plainly(digest, "password", rounds);
        expect(derived(digest, rounds, expected.length).toString("hex")).toBe(expected.toString("hex"));
    });
});

test.each(["sha1", "sha256", "sha512"] as const)("600,000 rounds of %s need only a few objects", (digest) => {
    const calls = jest.spyOn(crypto, "hash");
    derived(digest, 600_000, 16);
    expect(calls.mock.calls.length).toBeLessThan(10);
    calls.mockRestore();
});

test("several blocks of output are the same as those of node-forge", () => {
    const salt = forge.util.createBuffer(SALT.toString("latin1"));
    const expected = forge.pkcs12.generateKey("password", salt, 1, 6000, 70, forge.md.sha1.create());
    expect(derived("sha1", 6000, 70).toString("hex")).toBe(expected.toHex());
});

test("one derivation does not change the result of the next", () => {
    const alone = DIGESTS.map((digest) => derived(digest, 5500, 16).toString("hex"));
    const again = [...DIGESTS].reverse().map((digest) => derived(digest, 5500, 16).toString("hex"));
    expect(again.reverse()).toEqual(alone);
});

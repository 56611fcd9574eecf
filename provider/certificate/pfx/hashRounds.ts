// Hashes a digest many times, as the key derivation of PKCS#12 does. A PFX file of NSS or GnuTLS requires up to 4.2
// million rounds. A round of SHA-1 takes 1.0 microseconds in Node.js, which makes an object for each round. It takes
// 0.54 in the fastest npm package, 0.15 in OpenSSL, and 0.12 in the WebAssembly of shaRounds.ts (bench/README.md).
import { hash } from "node:crypto";

import { compileRounds, type Sha } from "./shaRounds";

export type Digest = Sha | "md5";

/**
 * A hash function is compiled as soon as this process needs this many rounds of it. Compiling takes as long as this
 * many rounds in Node.js, and many files need fewer rounds in total.
 */
const FEW = 5000;
/**
 * V8 switches to the optimized code of a WebAssembly function only between two calls, so one call must not run all
 * rounds.
 */
const ROUNDS_PER_CALL = 1000;

const compiled = new Map<Sha, ReturnType<typeof compileRounds>>();
/** The number of rounds that each hash function has run in Node.js, without compiled code. */
const uncompiled = new Map<Sha, number>();

/** `digest`: a result of the hash function `name`. */
export function hashRepeatedly(name: Digest, digest: Buffer, times: number): Buffer {
    const rounds = name === "md5" ? undefined : compiledFor(name, times);
    if (!rounds) return withNode(name, digest, times);
    const { memory, run, wordBytes } = rounds;
    const words = memory.subarray(0, digest.length);
    // WebAssembly is little-endian and the hash functions are big-endian, so the bytes of each word are swapped.
    const swap = () => (wordBytes === 4 ? words.swap32() : words.swap64());
    digest.copy(words);
    swap();
    for (let left = times; left > 0; left -= ROUNDS_PER_CALL) run(Math.min(left, ROUNDS_PER_CALL));
    const result = Buffer.from(swap());
    words.fill(0);
    return result;
}

function compiledFor(name: Sha, times: number): ReturnType<typeof compileRounds> | undefined {
    const existing = compiled.get(name);
    if (existing) return existing;
    const before = uncompiled.get(name) ?? 0;
    uncompiled.set(name, before + times);
    if (before + times < FEW) return undefined;
    const fresh = compileRounds(name);
    compiled.set(name, fresh);
    return fresh;
}

function withNode(name: Digest, digest: Buffer, times: number): Buffer {
    let result = digest;
    for (let round = 0; round < times; round++) result = hash(name, result, "buffer");
    return result;
}

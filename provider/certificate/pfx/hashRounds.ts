// Hashes a digest again and again, as the key derivation of PKCS#12 does. A file of NSS or GnuTLS demands 4.2 million
// rounds. Node.js makes an object in each round and needs 1.0 microseconds, the fastest library 0.5, WebAssembly and
// OpenSSL about 0.15 (bench/README.md).
import { hash } from "node:crypto";

import { compileRounds, type Sha } from "./shaRounds";

export type Digest = Sha | "md5";

/** Compiling takes as long as this many rounds of Node.js. Many files have fewer in all. */
const FEW = 5000;
/** V8 replaces its first quick translation of a function between two calls only. */
const ROUNDS_PER_CALL = 1000;

/** For each hash function its compiled form, or how many rounds it has had without one. */
const compiled = new Map<Sha, ReturnType<typeof compileRounds>>();
const uncompiled = new Map<Sha, number>();

/** `digest` is a result of the same hash function. */
export function hashRepeatedly(name: Digest, digest: Buffer, times: number): Buffer {
    const rounds = name === "md5" ? undefined : compiledFor(name, times);
    if (!rounds) return withNode(name, digest, times);
    const { memory, run, wordBytes } = rounds;
    const words = memory.subarray(0, digest.length);
    // WebAssembly is little-endian, the hash functions are big-endian.
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

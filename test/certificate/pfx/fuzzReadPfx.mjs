// @ts-check
// Feeds mutated PFX files to the reader in a separate process, whose memory the test can measure. Reads its job as JSON
// from stdin, and prints the figures as JSON to stdout.
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

const require = createRequire(import.meta.url);
const job = JSON.parse(readFileSync(0, "utf8"));
/** @type {{ readPfx: (bytes: Buffer, password: string | undefined, now: Date) => unknown }} */
const { readPfx } = require(job.readPfx);
/** @type {{ pkcs12Kdf: (parameters: object) => Buffer }} */
const { pkcs12Kdf } = require(job.pkcs12Kdf);

/** Uses mulberry32: the same seed makes the same mutations. */
let state = job.seed >>> 0;
const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
/** @param {number} limit */
const below = (limit) => Math.floor(random() * limit);

/** @type {((bytes: Buffer) => Buffer)[]} */
const MUTATIONS = [
    (bytes) => edited(bytes, (copy, at) => (copy[at] = below(256))),
    (bytes) => edited(bytes, (copy, at) => (copy[at] = (copy[at] ?? 0) ^ (1 << below(8)))),
    (bytes) => edited(bytes, (copy, at) => (copy[at] = [0, 0x7f, 0x80, 0xff, 0x30, 0x24, 0xa0][below(7)] ?? 0)),
    (bytes) => edited(bytes, (copy, at) => copy.subarray(at, at + below(16)).fill(below(256))),
    (bytes) => withOtherRounds(bytes),
    (bytes) => bytes.subarray(0, below(bytes.length)),
    (bytes) => spliced(bytes, 0, Buffer.from(Array.from({ length: 1 + below(8) }, () => below(256)))),
    (bytes) => spliced(bytes, 1 + below(32), Buffer.alloc(0)),
    (bytes) => spliced(bytes, 0, bytes.subarray(below(bytes.length)).subarray(0, below(256))),
];

/**
 * Changes an INTEGER of three bytes, which is the number of rounds. Half of the new numbers exceed the limit.
 *
 * @param {Buffer} bytes
 */
function withOtherRounds(bytes) {
    const copy = Buffer.from(bytes);
    const at = copy.indexOf("0203", below(copy.length + 1), "hex");
    if (at >= 0 && at + 5 <= copy.length)
        copy.writeUIntBE(below(2) * (1_000_001 + below(2 ** 22)) + below(20), at + 2, 3);
    return copy;
}

/**
 * @param {Buffer} bytes
 * @param {(copy: Buffer, at: number) => void} edit
 */
function edited(bytes, edit) {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) edit(copy, below(copy.length));
    return copy;
}

/**
 * @param {Buffer} bytes
 * @param {number} removed
 * @param {Buffer} added
 */
function spliced(bytes, removed, added) {
    const at = below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}

/** @param {Buffer} bytes */
function mutated(bytes) {
    let result = bytes;
    for (let round = 0; round <= below(3); round++)
        result = (MUTATIONS[below(MUTATIONS.length)] ?? ((one) => one))(result);
    return result;
}

/**
 * Encodes an element with a definite length in its shortest form.
 *
 * @param {number} tag
 * @param {Buffer[]} parts
 */
function element(tag, ...parts) {
    const body = Buffer.concat(parts);
    const { length } = body;
    const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
    return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const oid = (/** @type {string} */ hex) => Buffer.from(hex, "hex");

/**
 * Puts mutated content into a file with a correct MAC, which requires the password.
 *
 * @param {Buffer} content
 * @param {string} password
 */
function sealed(content, password) {
    const salt = Buffer.from("restore");
    const key = pkcs12Kdf({ digest: "sha1", password, salt, rounds: 1, purpose: 3, length: 20 });
    const digest = createHmac("sha1", key).update(content).digest();
    const info = element(0x30, oid("06092a864886f70d010701"), element(0xa0, element(0x04, content)));
    const algorithm = element(0x30, oid("06052b0e03021a"), oid("0500"));
    const mac = element(0x30, element(0x30, algorithm, element(0x04, digest)), element(0x04, salt), oid("020101"));
    return element(0x30, oid("020103"), info, mac);
}

const result = {
    /** @type {Record<string, number>} */ outcomes: {},
    /** @type {string[]} */ crashes: [],
    slowest: 0,
    slowestOverLimit: 0,
    peakMemoryMb: 0,
};
const files = job.files.map((/** @type {{ bytes: string, content: string, password: string }} */ file) => ({
    bytes: Buffer.from(file.bytes, "base64"),
    content: Buffer.from(file.content, "base64"),
    password: file.password,
}));
for (let index = 0; index < job.count; index++) {
    const { bytes, content, password } = files[below(files.length)];
    const input = index % 3 === 0 ? sealed(mutated(content), password) : mutated(bytes);
    const since = performance.now();
    let outcome = "read";
    try {
        readPfx(input, password, new Date());
    } catch (error) {
        const { name, fault } = /** @type {{ name?: string, fault?: string }} */ (error);
        outcome = String(fault);
        if (name !== "CertificateError") result.crashes.push(`${String(error)}: ${input.toString("base64")}`);
    }
    const ms = performance.now() - since;
    result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1;
    result.slowest = Math.max(result.slowest, ms);
    if (outcome === "overLimit") result.slowestOverLimit = Math.max(result.slowestOverLimit, ms);
}
result.peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify(result));

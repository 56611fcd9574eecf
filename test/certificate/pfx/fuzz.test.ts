// Reads 21,000 mutated PFX files. For each file, the reader must succeed or name the fault, within limits of time and
// memory.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as build from "./corpus/builder";
import { makeMaterial } from "./corpus/material";

jest.setTimeout(600_000);

const COUNT = 21_000;
const PASSWORD = "fuzz";
const dist = (name: string) => join(__dirname, "../../../dist/provider/certificate/pfx", name);

interface Seen {
    readonly outcomes: Readonly<Record<string, number>>;
    readonly crashes: readonly string[];
    readonly slowest: number;
    readonly slowestOverLimit: number;
    readonly peakMemoryMb: number;
}

/** Makes one file per encryption. Each file has few rounds, so that the test spends its time on the structure. */
function seeds() {
    const material = makeMaterial();
    try {
        const { key, certificate } = material.self;
        const [bag, pkcs8] = [
            build.certificateBag(readFileSync(certificate, "utf8")),
            build.pemBody(readFileSync(key, "utf8")),
        ];
        // The count of rounds is low, but its INTEGER must have three bytes, so that a mutation can raise the count.
        // The width is 4, because node-forge removes one byte.
        const [rounds, width] = [5, 4];
        const scrypt = { N: 2, r: 1, p: 1 };
        const encryptions = [
            build.tripleDes(PASSWORD, { rounds, width }),
            build.pbes2(PASSWORD, { rounds, width }),
            build.pbes2(PASSWORD, { scrypt }),
        ];
        return encryptions.map((encrypt) => {
            const safes = [build.encryptedSafe([bag], encrypt), build.dataSafe(build.shroudedKeyBag(pkcs8, encrypt))];
            return {
                bytes: build.pfx(safes, build.macSha1(PASSWORD, { rounds, width })).toString("base64"),
                content: build.der(build.sequence(...safes)).toString("base64"),
                password: PASSWORD,
            };
        });
    } finally {
        material.remove();
    }
}

test("mutated files cause no crash, and cost little time and memory", () => {
    const seed = Number(process.env["FUZZ_SEED"] ?? randomInt(2 ** 31));
    const job = { readPfx: dist("readPfx.js"), pkcs12Kdf: dist("kdf.js"), count: COUNT, seed, files: seeds() };
    const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, "fuzzReadPfx.mjs")], {
        input: JSON.stringify(job),
        encoding: "utf8",
        maxBuffer: 2 ** 28,
    });
    if (stdout === "") throw new Error(stderr);
    const { outcomes, crashes, slowest, slowestOverLimit, peakMemoryMb } = JSON.parse(stdout) as Seen;
    const figures = { seed, outcomes, slowest, slowestOverLimit, peakMemoryMb };
    expect({ figures, crashes: crashes.slice(0, 3) }).toEqual({ figures, crashes: [] });
    expect(Object.values(outcomes).reduce((sum, one) => sum + one, 0)).toBe(COUNT);
    // Some mutations change no byte, or only bytes without effect, so the file stays readable. If most files stayed
    // readable, the test would test almost nothing.
    expect(outcomes["read"] ?? 0).toBeLessThan(COUNT / 2);
    expect(outcomes["damaged"] ?? 0).toBeGreaterThan(COUNT / 10);
    expect(outcomes["wrongPassword"] ?? 0).toBeGreaterThan(0);
    expect(outcomes["overLimit"] ?? 0).toBeGreaterThan(COUNT / 1_000);
    expect(slowestOverLimit).toBeLessThan(1_000);
    expect(slowest).toBeLessThan(15_000);
    expect(peakMemoryMb).toBeLessThan(300);
    process.stdout.write(`fuzz: ${JSON.stringify(figures)}\n`);
});

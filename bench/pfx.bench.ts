// Measures the processor time to read PFX files of NSS and GnuTLS. NSS and GnuTLS derive each key from the password in
// 600,000 rounds. Compares this time with the time of `openssl pkcs12` in the same run.
// Run `npm run bench -- pfx.bench`; see README.md.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readPfx } from "../provider/certificate/pfx/readPfx";
import type { CorpusFile } from "../test/certificate/pfx/corpus";
import { gnutlsFiles } from "../test/certificate/pfx/corpus/gnutls";
import { makeMaterial } from "../test/certificate/pfx/corpus/material";
import { nssFiles } from "../test/certificate/pfx/corpus/nss";

jest.setTimeout(3_600_000);

const RUNS = 5;
const MOST = 3;
const RESULTS = join(__dirname, "results.json");
const FILES = /^(nss|gnutls): (by default|AES-256|3DES.*|RC2-40|MAC by SHA-512|chain)$/;

interface Row {
    readonly file: string;
    readonly providerMs: number;
    readonly opensslMs: number;
    readonly ratio: number;
}

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "bench-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;

function ours({ bytes, password }: CorpusFile): number {
    const before = process.cpuUsage();
    readPfx(bytes, password, new Date());
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
}

/** Returns the processor time of an openssl command in milliseconds, as bash measures it. */
function theirs(args: readonly string[], input = ""): number {
    const script = 'TIMEFORMAT="%U %S"; { time openssl "$@" 2>/dev/null >/dev/null; } 2>&1';
    const text = execFileSync("bash", ["-c", script, "bash", ...args], { input, encoding: "utf8" });
    return text
        .trim()
        .split(" ")
        .reduce((sum, seconds) => sum + 1000 * Number(seconds), 0);
}

function measured(file: CorpusFile): Row {
    const path = join(folder, "read.pfx");
    writeFileSync(path, file.bytes);
    const args = ["pkcs12", "-in", path, "-passin", "stdin", "-nodes", "-legacy"];
    const times = Array.from({ length: RUNS }, () => ({
        provider: ours(file),
        openssl: theirs(args, `${file.password ?? ""}\n`) - theirs(["version"]),
    }));
    const providerMs = Math.round(median(times.map(({ provider }) => provider)));
    const opensslMs = Math.round(median(times.map(({ openssl }) => openssl)));
    return { file: file.name, providerMs, opensslMs, ratio: Number((providerMs / opensslMs).toFixed(2)) };
}

test("pfx", () => {
    const material = makeMaterial();
    const files = [...nssFiles(material), ...gnutlsFiles(material)].filter(({ name }) => FILES.test(name));
    material.remove();
    const pfx = files.map(measured);
    const results = JSON.parse(readFileSync(RESULTS, "utf8")) as object;
    writeFileSync(RESULTS, `${JSON.stringify({ ...results, pfx }, undefined, 4)}\n`);
    console.table(pfx);
    expect(pfx.filter(({ ratio }) => ratio > MOST)).toEqual([]);
});

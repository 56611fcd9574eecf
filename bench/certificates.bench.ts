// Measures the time to read the PFX files of the test corpus, to issue a certificate, and to write a PFX. Compares each
// time with openssl's time in the same run. openssl is a separate process, so the time of its start is subtracted.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

import { issueCertificate } from "../provider/certificate/issue";
import { readPfx } from "../provider/certificate/pfx/readPfx";
import { writePfx } from "../provider/certificate/pfx/writePfx";
import { makeCorpus, type CorpusFile } from "../test/certificate/pfx/corpus";
import { makeMaterial, type Material } from "../test/certificate/pfx/corpus/material";

jest.setTimeout(1_800_000);

const RUNS = 3;
let material: Material;
let folder: string;
beforeAll(() => {
    material = makeMaterial();
    folder = mkdtempSync(join(tmpdir(), "bench-"));
});
afterAll(() => {
    material.remove();
    rmSync(folder, { recursive: true });
});

async function median(work: () => unknown): Promise<number> {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) {
        const since = performance.now();
        await work();
        times.push(performance.now() - since);
    }
    return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? NaN;
}

const quietly = (work: () => unknown) => () => {
    try {
        return work();
    } catch {
        // The provider or openssl refuses some files. The time until a refusal is measured too.
        return undefined;
    }
};

function openssl(args: readonly string[], input = ""): void {
    execFileSync("openssl", args, { input, stdio: ["pipe", "ignore", "ignore"] });
}

const rows: string[][] = [["", "provider", "openssl", "ratio"]];

async function compare(what: string, ours: () => unknown, theirs: () => unknown, startMs: number): Promise<void> {
    process.stderr.write(`  ${what}\n`);
    const [a, b] = [await median(quietly(ours)), (await median(quietly(theirs))) - startMs];
    const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
    rows.push([what, ms(a), ms(Math.max(b, 0)), b > 0.1 ? (a / b).toFixed(1) : "-"]);
}

test("certificates", async () => {
    const startMs = await median(() => openssl(["version"]));
    // Files that exceed the provider's limits are omitted, because some of them would keep openssl busy for hours.
    for (const file of makeCorpus(material).filter(({ expected }) => expected !== "overLimit"))
        await compare(`read  ${file.name}`, read(file), readByOpenssl(file), startMs);
    const now = new Date();
    for (const keySize of [2048, 4096]) {
        const request = ["req", "-x509", "-newkey", `rsa:${keySize}`, "-nodes", "-subj", "/CN=bench", "-keyout"];
        await compare(
            `issue RSA ${keySize}`,
            () => issueCertificate({ name: "bench", keySize, validDays: 365, now }),
            () => openssl([...request, join(folder, "key.pem"), "-out", join(folder, "certificate.pem")]),
            startMs,
        );
    }
    const issued = await issueCertificate({ name: "bench", keySize: 2048, validDays: 365, now });
    for (const encryption of ["tripleDES-SHA1", "AES256-SHA256"] as const) {
        const algorithm = encryption === "tripleDES-SHA1" ? "PBE-SHA1-3DES" : "AES-256-CBC";
        const { key, certificate } = material.self;
        const source = [
            "pkcs12",
            "-export",
            "-inkey",
            key,
            "-in",
            certificate,
            "-passout",
            "pass:bench",
            "-iter",
            "2000",
        ];
        await compare(
            `write ${encryption}`,
            () => writePfx({ ...issued, friendlyName: "bench", password: "bench", encryption }),
            () => openssl([...source, "-keypbe", algorithm, "-certpbe", algorithm]),
            startMs,
        );
    }
    const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    const line = (row: string[]) =>
        row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)));
    console.log(rows.map((row) => line(row).join("  ")).join("\n"));
});

function read({ bytes, password }: CorpusFile): () => unknown {
    return () => readPfx(bytes, password, new Date());
}

function readByOpenssl({ bytes, password = "" }: CorpusFile): () => unknown {
    const path = join(folder, "read.pfx");
    writeFileSync(path, bytes);
    const args = ["pkcs12", "-in", path, "-passin", "stdin", "-nodes", "-legacy", "-out", join(folder, "out.pem")];
    return () => openssl(args, `${password}\n`);
}

// Fuzzes one boundary in its own process, and reports the faults.
// To add a boundary: write `boundaries/<name>.ts`, which exports a `boundary` (see boundary.ts), and a test
// `test/fuzz/<name>.deep.test.ts` that calls `fuzz("<name>")` and expects no faults. FUZZ_SEED sets the seed,
// FUZZ_COUNT the number of mutations. FUZZ_ONLY runs only the mutation with that index.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { newCertificateAuthority } from "../../../emulator/certificateAuthority";
import { compiled, type PlantedBug } from "../hooks/compiledProvider";
import type { FoundFault, Plant } from "./boundary";
import type { Job, Report } from "./host";

/**
 * Without FUZZ_SEED, every run tries the same mutations, so a new failure comes from a change of the code.
 * `FUZZ_SEED=$RANDOM` tries other mutations.
 */
const DEFAULT_SEED = 20261127;

export const COUNT = Number(process.env["FUZZ_COUNT"] ?? 2_000);

/** The folders and files that the boundaries import. */
const SOURCES = ["provider", "test/support/fuzz", "test/support/rules", "test/walk/random.ts"];

export interface FuzzOptions {
    readonly count?: number;
    /** Plants a fault. The text of this function runs in the process of the boundary, so it may use only its parameters. */
    readonly plant?: Plant;
    /** Plants a bug into the provider itself. */
    readonly bug?: PlantedBug;
    /** The fuzz ends after this many faults. Default: 5. */
    readonly maxFaults?: number;
    readonly env?: Readonly<Record<string, string>>;
}

export interface FuzzReport {
    readonly seed: number;
    readonly count: number;
    /** The number of runs by outcome: `ok`, `crash`, or the code of an error (without a code: its name). */
    readonly outcomes: Readonly<Record<string, number>>;
    readonly faults: readonly FoundFault[];
}

export async function fuzz(boundary: string, options: FuzzOptions = {}): Promise<FuzzReport> {
    const seed = Number(process.env["FUZZ_SEED"] ?? DEFAULT_SEED);
    const only = process.env["FUZZ_ONLY"];
    const { count = COUNT, maxFaults = 5, plant } = options;
    const [first, end] = only === undefined ? [0, count] : [Number(only), Number(only) + 1];
    const outcomes: Record<string, number> = {};
    const faults: FoundFault[] = [];
    const root = compiled(SOURCES, options.bug);
    const tls = temporaryTls();
    try {
        // A crash ends the process. Another process continues with the next mutation.
        for (let from = first; from < end && faults.length < maxFaults;) {
            const job = { boundary, seed, from, count: end, ...(plant ? { plant: plant.toString() } : {}) };
            const env = { ...tls.env, ...options.env };
            from = await oneProcess(root, job, env, { outcomes, faults, maxFaults });
        }
    } finally {
        tls.remove();
    }
    const report = { seed, count: end - first, outcomes, faults };
    process.stdout.write(`fuzz ${boundary}: ${JSON.stringify({ ...report, faults: faults.length })}\n`);
    return report;
}

interface Tally {
    readonly outcomes: Record<string, number>;
    readonly faults: FoundFault[];
    readonly maxFaults: number;
}

/** Returns the index of the mutation to continue with. */
function oneProcess(root: string, job: Job, env: Record<string, string>, tally: Tally): Promise<number> {
    const child = fork(join(root, "test/support/fuzz/host.js"), [], {
        env: { PATH: process.env["PATH"] ?? "", ...env },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
        stream?.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
    let running = { index: job.from, mutation: "before the first mutation" };
    let next = job.from;
    let isDone = false;
    child.on("message", (report: Report) => {
        if ("started" in report) running = { index: report.started, mutation: report.mutation };
        else if ("done" in report) isDone = true;
        else {
            next = report.ended + 1;
            tally.outcomes[report.outcome] = (tally.outcomes[report.outcome] ?? 0) + 1;
            if (report.fault) tally.faults.push(report.fault);
            if (tally.faults.length >= tally.maxFaults) isDone = child.kill("SIGKILL");
        }
    });
    child.send(job);
    return new Promise((done) =>
        child.once("close", () => {
            if (!isDone) {
                next = running.index + 1;
                tally.outcomes["crash"] = (tally.outcomes["crash"] ?? 0) + 1;
                tally.faults.push({ sort: "crash", ...running, what: output });
            }
            done(isDone && tally.faults.length < tally.maxFaults ? job.count : next);
        }),
    );
}

/** Makes the certificate that a server of the boundary presents. The process of the boundary trusts it. */
function temporaryTls(): { env: Record<string, string>; remove(): void } {
    const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
    const authority = newCertificateAuthority(new Date());
    const { certificatePem, keyPem } = authority.issue(new Date());
    const caFile = join(folder, "ca.pem");
    writeFileSync(caFile, authority.caPem);
    return {
        env: { NODE_EXTRA_CA_CERTS: caFile, FUZZ_TLS_CERTIFICATE: certificatePem, FUZZ_TLS_KEY: keyPem },
        remove: () => rmSync(folder, { recursive: true, force: true }),
    };
}

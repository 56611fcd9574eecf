// Compares our dynamic resources and our native plugin with azuread's plugin, an empty program, and a provider that
// does nothing. Measures the processor time and the wall time of a preview without changes, and of an `up` that changes
// the web address. The programs take turns, so that other work on the machine affects all of them.
// Run `npm run bench -- faces`.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

import { issueCertificate } from "../provider/certificate/issue";
import { parseCertificate } from "../provider/inputs/certificate";
import { expectSuccess, Workspace } from "../test/support/engine/workspace";
import { TestTenant } from "../test/support/tenant/testTenant";
import { isAvailable, prepare, SUBJECTS, type Declared, type Subject } from "./faces/programs";

jest.setTimeout(24 * 3_600_000);

const RESULTS = join(__dirname, "faces.json");
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
const COUNTS = (process.env["BENCH_COUNTS"] ?? "1,10,100").split(",").map(Number);
const LATENCIES_MS = (process.env["BENCH_LATENCIES"] ?? "0,80").split(",").map(Number);
const OPERATIONS = ["no-op preview", "changed web address"] as const;
type Operation = (typeof OPERATIONS)[number];

interface Row {
    readonly subject: Subject;
    readonly count: number;
    readonly latencyMs: number;
    readonly operation: Operation;
    readonly wallMs: number;
    readonly cpuMs: number;
    readonly requests: number;
}

type Certificate = Pick<Declared, "certificatePem" | "notAfter">;

function environmentOf(tenant: TestTenant, subject: Subject): Record<string, string> {
    const identity = tenant.emulator.identity("admin");
    if (subject !== "azuread") return tenant.envOf(identity);
    return {
        ARM_METADATA_HOSTNAME: new URL(tenant.emulator.url).host,
        ARM_TENANT_ID: identity.tenantId,
        ARM_CLIENT_ID: identity.clientId,
        ARM_CLIENT_SECRET: identity.clientSecret,
        NODE_EXTRA_CA_CERTS: tenant.emulator.caFile,
        // azuread's plugin is a Go program. Go reads trusted certificates from this file.
        SSL_CERT_FILE: tenant.emulator.caFile,
    };
}

class Measured {
    private changes = 0;

    private constructor(
        readonly subject: Subject,
        private readonly count: number,
        private readonly certificate: Certificate,
        private readonly tenant: TestTenant,
        private readonly workspace: Workspace,
    ) {}

    static async start(subject: Subject, count: number, certificate: Certificate): Promise<Measured> {
        const tenant = await TestTenant.start();
        const { control } = tenant.emulator;
        control.setLimits({ units: Infinity, writes: Infinity });
        const face = subject === "ours, native" ? "native" : "dynamic";
        const workspace = new Workspace({ env: environmentOf(tenant, subject), face });
        prepare(workspace, subject);
        await workspace.init();
        const measured = new Measured(subject, count, certificate, tenant, workspace);
        measured.declare();
        await workspace.upOk();
        return measured;
    }

    async close(): Promise<void> {
        this.workspace.remove();
        await this.tenant.close();
    }

    private declare(): void {
        const { count, certificate, changes } = this;
        this.workspace.write("program.json", JSON.stringify({ count, ...certificate, host: `portal${changes}x` }));
    }

    async run(operation: Operation, latencyMs: number): Promise<Row> {
        const { subject, count, tenant, workspace } = this;
        if (operation === "changed web address") this.changes++;
        this.declare();
        tenant.emulator.control.setLatency(latencyMs);
        tenant.clearLog();
        const args =
            operation === "no-op preview" ? ["preview", "--expect-no-changes"] : ["up", "--yes", "--skip-preview"];
        const since = performance.now();
        // `times` prints the processor time of all processes that the shell started: engine, program and providers.
        const command = `pulumi ${args.join(" ")} --non-interactive --parallel 64; code=$?; times >&2; exit $code`;
        const { stderr } = expectSuccess(await workspace.run("sh", ["-c", command], { timeoutMs: 3_600_000 }));
        const wallMs = performance.now() - since;
        const requests = tenant.emulator.requests().filter(({ service }) => service === "graph").length;
        return { subject, count, latencyMs, operation, wallMs, cpuMs: processorMs(stderr), requests };
    }
}

/** `times` prints the user and system time of the child processes in its second line, such as `0m1.5s 0m0.2s`. */
function processorMs(stderr: string): number {
    const lines = [...stderr.matchAll(/^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/gm)];
    const [, ...parts] = lines.at(-1) ?? [];
    const [userMinutes = 0, user = 0, systemMinutes = 0, system = 0] = parts.map(Number);
    return ((userMinutes + systemMinutes) * 60 + user + system) * 1000;
}

function median(rows: readonly Row[]): Row {
    const [first] = rows as readonly [Row];
    const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    return { ...first, wallMs: middle(rows.map((row) => row.wallMs)), cpuMs: middle(rows.map((row) => row.cpuMs)) };
}

async function measureCount(count: number, certificate: Certificate): Promise<Row[]> {
    const started: Measured[] = [];
    for (const subject of SUBJECTS.filter(isAvailable)) started.push(await Measured.start(subject, count, certificate));
    const rows: Row[] = [];
    for (const latencyMs of LATENCIES_MS)
        for (const operation of OPERATIONS) {
            const runs: Row[] = [];
            for (let round = 0; round < ROUNDS; round++)
                for (const one of started) runs.push(await one.run(operation, latencyMs));
            rows.push(...started.map(({ subject }) => median(runs.filter((run) => run.subject === subject))));
        }
    for (const one of started) await one.close();
    return rows;
}

function earlier(): Row[] {
    return existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, "utf8")) as Row[]) : [];
}

function keyOf({ subject, count, latencyMs, operation }: Row): string {
    return [subject, count, latencyMs, operation].join("/");
}

/**
 * Compares two ratios with the limits that we promise: the native plugin's processor time divided by that of dynamic
 * resources, and the native plugin's wall time divided by azuread's.
 */
function bars(rows: readonly Row[]): string[] {
    return rows
        .filter(({ subject }) => subject === "ours, native")
        .flatMap((native) => {
            const other = (subject: Subject) =>
                rows.find(
                    (row) =>
                        row.subject === subject &&
                        row.count === native.count &&
                        row.latencyMs === native.latencyMs &&
                        row.operation === native.operation,
                );
            const what = `${native.count} portals, ${native.latencyMs} ms, ${native.operation}`;
            const [dynamic, azuread] = [other("ours, dynamic"), other("azuread")];
            return [
                ...(dynamic
                    ? [bar(`processor time, native / dynamic: ${what}`, native.cpuMs / dynamic.cpuMs, 0.65)]
                    : []),
                ...(azuread
                    ? [
                          bar(
                              `wall time, native / azuread: ${what}`,
                              native.wallMs / azuread.wallMs,
                              native.latencyMs === 0 ? 1 : 0.5,
                          ),
                      ]
                    : []),
            ];
        });
}

function bar(what: string, value: number, limit: number): string {
    return `${value <= limit ? "ok  " : "OVER"} ${value.toFixed(2)} (at most ${limit}) ${what}`;
}

test("faces", async () => {
    const { certificatePem } = await issueCertificate({ name: "P", keySize: 2048, validDays: 90, now: new Date() });
    const { notAfter } = parseCertificate(certificatePem);
    const rows: Row[] = [];
    for (const count of COUNTS) {
        process.stderr.write(`  ${count} portals\n`);
        rows.push(...(await measureCount(count, { certificatePem, notAfter })));
        // This run replaces the rows that it measured again, and keeps all other rows of the file.
        const kept = earlier().filter((row) => !rows.some((one) => keyOf(one) === keyOf(row)));
        writeFileSync(RESULTS, `${JSON.stringify([...kept, ...rows], undefined, 4)}\n`);
    }
    const table = rows.map(({ subject, count, latencyMs, operation, cpuMs, wallMs, requests }) =>
        [
            subject.padEnd(16),
            String(count).padStart(4),
            `${latencyMs} ms`.padStart(6),
            operation.padEnd(20),
            `cpu ${(cpuMs / 1000).toFixed(2)} s`,
            `wall ${(wallMs / 1000).toFixed(2)} s`,
            `${requests} requests`,
        ].join("  "),
    );
    console.log([...table, "", ...bars(rows)].join("\n"));
});

// Measures the requests, round trips, time and memory for 1 to 1000 portals, and for 1 to 1000 customers' tenants. Also
// measures the same number of resources of a provider that does nothing, which shows the engine's own time. A run
// measures one series in `SERIES`, by default "quick". Run `npm run bench -- portals.bench`; see README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { measure, type Measured, type Series } from "./portals/measure";
import { drawing } from "./portals/drawing";
import { CUSTOMER_OPERATIONS, ROUND_TRIPS } from "./portals/programs";
import { asTable, promises, type Results, type Row } from "./portals/results";

jest.setTimeout(24 * 3_600_000);

const LATENCIES_MS = [0, 20, 80, 200];

interface Measurement extends Series {
    readonly subject: Row["subject"];
}

const portals = (count: number, latencyMs: number, previews: number, more: Partial<Series> = {}): Measurement => ({
    subject: "portals",
    count,
    latencyMs,
    previews,
    ...more,
});
const customers = (count: number, latencyMs: number, previews: number): Measurement => ({
    subject: "customers",
    count,
    latencyMs,
    previews,
    operations: CUSTOMER_OPERATIONS,
});
const SERIES: Readonly<Record<string, readonly Measurement[]>> = {
    quick: [
        ...[1, 10, 100].map((count) => portals(count, 0, 5)),
        portals(100, 80, 5),
        ...[1, 10, 100].map((count) => customers(count, 0, 1)),
    ],
    // 100 portals with 80 ms are left out: "quick" measures them, in the same run as 100 portals without latency.
    latencies: [20, 80, 200].flatMap((latencyMs) =>
        (latencyMs === 80 ? [1, 10] : [1, 10, 100]).map((count) => portals(count, latencyMs, 1)),
    ),
    thousand: [portals(10, 0, 5), portals(1000, 0, 5, { operations: CUSTOMER_OPERATIONS })],
    customers: [customers(1000, 0, 1)],
    whole: [1, 10, 100, 1000].flatMap((count) =>
        LATENCIES_MS.flatMap((latencyMs) => [portals(count, latencyMs, 5), customers(count, latencyMs, 5)]),
    ),
};

const RESULTS = join(__dirname, "results.json");
const PICTURE = join(__dirname, "results.svg");

/** The engine's own cost does not depend on a tenant, so one measurement per count is enough. */
const empty = new Map<number, readonly Measured[]>();

async function rowsOf({ subject, ...series }: Measurement): Promise<Row[]> {
    const { count, latencyMs } = series;
    const engine = empty.get(count) ?? (await measure("empty", { ...series, latencyMs: 0 }));
    empty.set(count, engine);
    return (await measure(subject, series)).map((measured) => {
        const { operation } = measured;
        const { wallMs: engineMs } = engine.find((one) => one.operation === operation) as Measured;
        return { ...measured, subject, count, latencyMs, engineMs, floorMs: ROUND_TRIPS[operation] * latencyMs };
    });
}

function earlier(): Results {
    return JSON.parse(readFileSync(RESULTS, "utf8")) as Results;
}

/** Returns the rows of this run, and the rows of earlier runs that this run did not measure again. */
function merged(rows: readonly Row[]): Row[] {
    const key = ({ subject, operation, count, latencyMs }: Row) => `${subject}/${count}/${latencyMs}/${operation}`;
    const fresh = new Set(rows.map(key));
    const before = earlier().rows;
    const all = [...before.filter((row) => !fresh.has(key(row))), ...rows];
    return all.sort((a, b) => b.subject.localeCompare(a.subject) || a.count - b.count || a.latencyMs - b.latencyMs);
}

test("portals", async () => {
    const name = process.env["BENCH_SERIES"] ?? "quick";
    const series = SERIES[name];
    if (!series) throw new Error(`BENCH_SERIES must be one of ${Object.keys(SERIES).join(", ")}, got "${name}"`);
    for (const one of series) {
        process.stderr.write(`  ${one.count} ${one.subject}, ${one.latencyMs} ms\n`);
        const rows = merged(await rowsOf(one));
        const results: Results = { ...earlier(), processors: availableParallelism(), rows };
        writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 4)}\n`);
        writeFileSync(PICTURE, drawing(rows));
    }
    const { rows } = earlier();
    console.log(`${asTable(rows)}\n\n${promises(rows).join("\n")}`);
});

// What one portal, ten, a hundred and a thousand cost: requests, round trips, time and memory, beside an engine whose
// provider does nothing. `npm run bench -- portals`; see README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { measure, type Measured, type Series } from "./portals/measure";
import { drawing } from "./portals/drawing";
import { ROUND_TRIPS } from "./portals/programs";
import { asTable, promises, type Results, type Row } from "./portals/results";

jest.setTimeout(24 * 3_600_000);

const LATENCIES_MS = [0, 20, 80, 200];

/** Portals, and milliseconds that each request takes. */
const SERIES: Readonly<Record<string, readonly Series[]>> = {
    quick: [
        ...[1, 10, 100].map((count) => ({ count, latencyMs: 0, previews: 1 })),
        { count: 100, latencyMs: 80, previews: 1 },
    ],
    thousand: [{ count: 1000, latencyMs: 0, previews: 1, operations: ["create", "no-op preview"] }],
    whole: [1, 10, 100, 1000].flatMap((count) => LATENCIES_MS.map((latencyMs) => ({ count, latencyMs, previews: 5 }))),
};

const RESULTS = join(__dirname, "results.json");
const PICTURE = join(__dirname, "results.svg");

/** The engine's own cost does not depend on a tenant. */
const empty = new Map<number, readonly Measured[]>();

async function rowsOf(series: Series): Promise<Row[]> {
    const { count, latencyMs } = series;
    const engine = empty.get(count) ?? (await measure("empty", { ...series, latencyMs: 0 }));
    empty.set(count, engine);
    return (await measure("portals", series)).map((measured) => ({
        ...measured,
        count,
        latencyMs,
        engineMs: engine.find(({ operation }) => operation === measured.operation)?.wallMs ?? NaN,
        floorMs: ROUND_TRIPS[measured.operation] * latencyMs,
    }));
}

/** Rows of this run, and those that only earlier runs have. */
function together(rows: readonly Row[]): Row[] {
    const key = ({ operation, count, latencyMs }: Row) => `${count}/${latencyMs}/${operation}`;
    const fresh = new Set(rows.map(key));
    const before = (JSON.parse(readFileSync(RESULTS, "utf8")) as Results).rows;
    const all = [...before.filter((row) => !fresh.has(key(row))), ...rows];
    return all.sort((a, b) => a.count - b.count || a.latencyMs - b.latencyMs);
}

test("portals", async () => {
    const name = process.env["BENCH_SERIES"] ?? "quick";
    const series = SERIES[name];
    if (!series) throw new Error(`BENCH_SERIES must be one of ${Object.keys(SERIES).join(", ")}, got "${name}"`);
    for (const one of series) {
        process.stderr.write(`  ${one.count} portals, ${one.latencyMs} ms\n`);
        const rows = together(await rowsOf(one));
        const results: Results = { processors: availableParallelism(), rows };
        writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 4)}\n`);
        writeFileSync(PICTURE, drawing(rows));
    }
    const { rows } = JSON.parse(readFileSync(RESULTS, "utf8")) as Results;
    console.log(`${asTable(rows)}\n\n${promises(rows).join("\n")}`);
});

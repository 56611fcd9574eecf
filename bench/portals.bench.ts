// What one portal, ten, a hundred and a thousand cost: requests, round trips, time and memory, beside an engine whose
// provider does nothing. `npm run bench -- portals`; see README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { measure } from "./portals/measure";
import { drawing } from "./portals/drawing";
import { ROUND_TRIPS } from "./portals/programs";
import { asTable, promises, type Results, type Row } from "./portals/results";

jest.setTimeout(24 * 3_600_000);

interface Series {
    readonly count: number;
    readonly latencyMs: number;
    /** Runs of the no-op preview, of which the median counts. */
    readonly previews: number;
}

/** Portals, and milliseconds that each request takes. */
const SERIES: Readonly<Record<string, readonly Series[]>> = {
    quick: [1, 10, 100].flatMap((count) => [0, 80].map((latencyMs) => ({ count, latencyMs, previews: 1 }))),
    whole: [1, 10, 100, 1000].flatMap((count) =>
        [0, 20, 80, 200].map((latencyMs) => ({ count, latencyMs, previews: 5 })),
    ),
    thousand: [10, 1000].map((count) => ({ count, latencyMs: 0, previews: 3 })),
};

const RESULTS = join(__dirname, "results.json");

async function rowsOf(series: Series): Promise<Row[]> {
    const rows: Row[] = [];
    const empty = await measure("empty", { ...series, latencyMs: 0 });
    const portals = await measure("portals", series);
    for (const [index, measured] of portals.entries()) {
        const { count, latencyMs } = series;
        const engineMs = empty[index]?.wallMs ?? NaN;
        const floorMs = ROUND_TRIPS[measured.operation] * latencyMs;
        rows.push({ ...measured, count, latencyMs, engineMs, floorMs });
    }
    return rows;
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
    let rows: Row[] = [];
    for (const one of series) {
        process.stderr.write(`  ${one.count} portals, ${one.latencyMs} ms\n`);
        rows = [...rows, ...(await rowsOf(one))];
    }
    const all = together(rows);
    const results: Results = { processors: availableParallelism(), rows: all };
    writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 4)}\n`);
    writeFileSync(join(__dirname, "results.svg"), drawing(all));
    console.log(`${asTable(all)}\n\n${promises(all).join("\n")}`);
});

// Reads and writes the folder of `--history`. The folder contains one small file for each of the newest 400 runs.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { hasShape, listOf, number, object, text, time } from "../../provider/shape";
import { writeWhole } from "./folders";
import { TREND, type Run } from "./history";

const MAX_RUNS = 400;
const FILE = /^\d{4}-\d\d-\d\dT[\d-]+Z\.json$/;

const aRun = object({
    version: number,
    createdAt: time,
    totals: object({ rows: number, asDeclared: number, drifted: number, unreadable: number }),
    differences: listOf(
        object({ urn: text, stack: text, name: text, property: text, key: text, words: text, since: time }),
    ),
});

/** Returns the runs that a report shows, oldest first. A folder that does not exist yet has no runs. */
export function readRuns(folder: string): Run[] {
    return filesIn(folder)
        .slice(-TREND)
        .map((name) => {
            const path = join(folder, name);
            const json = parsed(path);
            if (hasShape<Run>(json, aRun)) return json;
            throw new Error(`reading the history: ${path} does not contain the record of a run; delete the file`);
        });
}

export function keepRun(folder: string, run: Run): void {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${run.createdAt.replace(/[:.]/g, "-")}.json`);
    writeWhole(path, `${JSON.stringify(run)}\n`);
    // Another `report` process may remove the same file at the same moment, so a missing file is not an error.
    for (const name of filesIn(folder).slice(0, -MAX_RUNS)) rmSync(join(folder, name), { force: true });
}

function filesIn(folder: string): string[] {
    try {
        return readdirSync(folder)
            .filter((name) => FILE.test(name))
            .sort();
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
    }
}

/** Returns `undefined` for a file that is not JSON. */
function parsed(path: string): unknown {
    const text = textIn(path);
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

function textIn(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        const { code = "" } = error as NodeJS.ErrnoException;
        throw new Error(
            `reading the history: ${path} cannot be opened (${code}); correct its permissions, or move it away`,
            { cause: error },
        );
    }
}

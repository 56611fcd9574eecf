// @ts-check
// Prints the ten slowest test files at the end of a jest run, so that people notice a slow file.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { say } from "./progress.mjs";

/** This environment variable contains the path of a file, which collects the times of several runs of jest. */
export const FILE_OF_TIMES = "RESTORE_PORTAL_TEST_TIMES";
const COUNT = 10;

/** @typedef {{ file: string, seconds: number }} Time */

export default class SlowestFiles {
    /**
     * @param {unknown} _contexts
     * @param {import("@jest/test-result").AggregatedResult} results
     */
    onRunComplete(_contexts, { testResults }) {
        const times = testResults.map(({ testFilePath, perfStats }) => ({
            file: relative(process.cwd(), testFilePath),
            seconds: (perfStats.end - perfStats.start) / 1000,
        }));
        const collected = process.env[FILE_OF_TIMES];
        if (collected) appendFileSync(collected, times.map((time) => `${JSON.stringify(time)}\n`).join(""));
        else if (times.length > 1) for (const line of linesOf(times)) say(line);
    }
}

/**
 * @param {string} path of the file that collected the times
 * @returns {string[]} lines to print
 */
export function slowestFiles(path) {
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
    return linesOf(lines.map((line) => JSON.parse(line)));
}

/** @param {Time[]} times */
function linesOf(times) {
    const slowest = [...times].sort((a, b) => b.seconds - a.seconds).slice(0, COUNT);
    return [
        `the ${slowest.length} slowest of ${times.length} test files:`,
        ...slowest.map(({ file, seconds }) => `${seconds.toFixed(0).padStart(6)} s  ${file}`),
    ];
}

// @ts-check
// Reports a run of jest on Windows: prints one line per test file and the start of each failure, and writes a summary
// for tools/windows.mjs. A failed test counts as left out if it needs a program or a feature that Windows lacks.
import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { say } from "./progress.mjs";

/** This environment variable contains the path of the summary. */
export const FILE_OF_SUMMARY = "RESTORE_PORTAL_WINDOWS_SUMMARY";

/** The report shows this many lines of a failure. */
const LINES = 30;

/**
 * These programs exist on Windows too, or our code must find them there. So a test that cannot start one of them has
 * failed.
 */
const OURS = ["node", "npm", "npx", "pulumi", "icacls", "whoami", "powershell", "cmd"];

/**
 * @typedef {{ passed: number, failed: number, leftOut: Record<string, number> }} Summary `leftOut` counts the tests per need
 * @typedef {{ test: string, message: string }} Failure
 */

/**
 * Returns the program or feature that a failed test needs and Windows lacks. Returns `undefined` if the test failed for
 * another reason.
 *
 * @param {string} message of the failure
 * @returns {string | undefined}
 */
export function missingNeed(message) {
    const program = /\bspawn(?:Sync)? (\S+) (?:ENOENT|EFTYPE)/.exec(message)?.[1];
    if (program) {
        const name = program.replace(/^.*[\\/]/, "").replace(/\.exe$/i, "");
        return OURS.includes(name) ? undefined : name;
    }
    if (/ENOENT: [^']*'(?:[A-Z]:)?[\\/]proc\b/.test(message)) return "/proc";
    return /(?:EPERM|ENOTSUP): [^']*symlink '/.test(message) ? "symbolic links" : undefined;
}

export default class WindowsReporter {
    constructor() {
        /** @type {Summary} */
        this.summary = { passed: 0, failed: 0, leftOut: {} };
    }

    /**
     * @param {unknown} _test
     * @param {import("@jest/test-result").TestResult} result
     */
    onTestResult(_test, { testFilePath, testResults, testExecError, perfStats }) {
        const name = relative(process.cwd(), testFilePath).replaceAll("\\", "/");
        /** @type {Failure[]} */
        const failed = testResults
            .filter(({ status }) => status === "failed")
            .map(({ fullName, failureMessages }) => ({ test: fullName, message: failureMessages.join("\n") }));
        if (testExecError)
            failed.push({ test: name, message: `${testExecError.message}\n${testExecError.stack ?? ""}` });
        const needs = failed.map(({ message }) => missingNeed(message)).filter((need) => need !== undefined);
        const failures = failed.filter(({ message }) => missingNeed(message) === undefined);
        const passed = testResults.filter(({ status }) => status === "passed").length;
        this.summary.passed += passed;
        this.summary.failed += failures.length;
        for (const need of needs) this.summary.leftOut[need] = (this.summary.leftOut[need] ?? 0) + 1;
        const lacks = [...new Set(needs)].join(", ");
        const out = needs.length > 0 ? `; ${needs.length} left out, because Windows lacks ${lacks}` : "";
        const seconds = Math.round((perfStats.end - perfStats.start) / 1000);
        say(`${failures.length > 0 ? "FAIL" : "ok  "}  ${name} (${passed} passed${out}; ${seconds} s)`);
        for (const line of linesOf(failures)) say(line);
    }

    onRunComplete() {
        const file = process.env[FILE_OF_SUMMARY];
        if (file) writeFileSync(file, JSON.stringify(this.summary));
    }
}

/**
 * Shows each message once. If the set-up of a file fails, all tests of the file have the same message.
 *
 * @param {Failure[]} failures
 */
function linesOf(failures) {
    const messages = new Set(failures.map(({ message }) => message));
    return [...messages].flatMap((message) => [
        ...failures.filter((one) => one.message === message).map(({ test }) => `  ${test}`),
        ...message
            .split("\n")
            .slice(0, LINES)
            .map((line) => `    ${line}`),
    ]);
}

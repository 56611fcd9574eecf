// @ts-check
// Prints the names of the failed tests at the end of a jest run, because the output of a long run is hard to search.
import { relative } from "node:path";
import { say } from "./progress.mjs";

export default class FailedTests {
    /**
     * @param {unknown} _contexts
     * @param {import("@jest/test-result").AggregatedResult} results
     */
    onRunComplete(_contexts, { testResults }) {
        const failed = testResults.flatMap(failedIn);
        if (testResults.length > 1 && failed.length > 0) for (const line of ["failed tests:", ...failed]) say(line);
    }
}

/** @param {import("@jest/test-result").TestResult} result of one file */
function failedIn({ testFilePath, testExecError, testResults }) {
    const file = relative(process.cwd(), testFilePath);
    const names = testResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName);
    if (testExecError && names.length === 0) names.push("the file cannot be run");
    return names.map((name) => `  ${file}: ${name}`);
}

// Runs jest with the reporter tools/failedTests.mjs on test files that fail or pass.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT } from "./sandbox";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "failed-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs jest on the files, and returns the lines below "failed tests:". */
function failedOf(files: Readonly<Record<string, string>>): readonly string[] {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const config = { rootDir: folder, reporters: [join(ROOT, "tools/failedTests.mjs")], transform: {} };
    const args = [join(ROOT, "node_modules/jest/bin/jest.js"), "--config", JSON.stringify(config), "--no-cache"];
    const { stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    return stderr.split("failed tests:\n")[1]?.trimEnd().split("\n").sort() ?? [];
}

const PASSES = 'test("passes", () => {});';

test("a run ends with the names of the tests that failed, also of files that cannot be run", () => {
    const fails = 'describe("a portal", () => test("fails", () => { throw new Error(); }));';
    const files = { "a.test.js": `${PASSES} ${fails}`, "b.test.js": "syntax error", "c.test.js": PASSES };
    expect(failedOf(files)).toEqual(["  a.test.js: a portal fails", "  b.test.js: the file cannot be run"]);
});

test("a run without a failure prints no list", () => {
    expect(failedOf({ "a.test.js": PASSES, "b.test.js": PASSES })).toEqual([]);
});

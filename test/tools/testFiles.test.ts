// Checks that `npm test` and `npm run test:deep` together run each test file exactly once.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "./sandbox";

interface Run {
    readonly name: string;
    readonly args: readonly string[];
}

const JEST = join(ROOT, "node_modules/jest/bin/jest.js");

function runsOf(list: "QUICK_RUNS" | "DEEP_RUNS"): Run[] {
    const text = `import { ${list} as runs } from "./tools/gates.mjs"; console.log(JSON.stringify(runs));`;
    const args = ["--input-type=module", "--eval", text];
    return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" })) as Run[];
}

/** Returns paths below `test/` from jest's own list. */
function filesOf({ args }: Run): string[] {
    const output = execFileSync(process.execPath, [JEST, "--listTests", ...args], { cwd: ROOT, encoding: "utf8" });
    return output
        .split("\n")
        .filter(Boolean)
        .map((path) => path.slice(join(ROOT, "test/").length));
}

const quick = runsOf("QUICK_RUNS").flatMap(filesOf);
const deep = runsOf("DEEP_RUNS").flatMap(filesOf);

test("each test file runs once", () => {
    const all = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" });
    expect([...quick, ...deep].sort()).toEqual(all.filter((path) => path.endsWith(".test.ts")).sort());
});

test("the name of a file decides which command runs it", () => {
    expect(deep.filter((path) => !path.endsWith(".deep.test.ts"))).toEqual([]);
    expect(quick.filter((path) => path.endsWith(".deep.test.ts"))).toEqual([]);
    expect(deep.length).toBeGreaterThan(5);
});

test("CI runs both commands, and the tests on Windows", () => {
    const commands = readFileSync(join(ROOT, ".ci/run"), "utf8").match(/^\s*npm (test|run \S+)/gm) ?? [];
    const expected = ["npm test", "npm run test:windows", "npm run test:deep"];
    expect(commands.map((command) => command.trim())).toEqual(expected);
});

// @ts-check
// The gates of `npm test`, in order; the first that fails ends the run with its exit code.
import { join } from "node:path";
import { elapsed, say, withProgress, withTicks } from "./progress.mjs";
import { attach, capture } from "./run.mjs";

/**
 * @typedef {{ root: string, env: NodeJS.ProcessEnv, withEngine: () => Promise<NodeJS.ProcessEnv> }} Surroundings
 * @typedef {{ name: string, run: (surroundings: Surroundings) => Promise<number> }} Gate
 */

/** @type {Gate[]} */
const GATES = [
    quiet("format", ["prettier/bin/prettier.cjs", "--check", "."]),
    // Before types: stacks/ imports the package by its own name, so its types are the built ones.
    quiet("build", ["./build.mjs"]),
    quiet("lint", ["eslint/bin/eslint.js", "."]),
    quiet("types", ["typescript/bin/tsc", "--noEmit"]),
    quiet("types of tools", ["typescript/bin/tsc", "-p", "tools/tsconfig.scripts.json"]),
    { name: "unit and hooks", run: ({ root, env }) => unitTests(root, env, []) },
    // First and by themselves: they look at what happens at the same time, which other tests beside them would stretch.
    {
        name: "engine, side by side",
        run: async ({ root, withEngine }) => engineTests(root, await withEngine(), ["--testPathPatterns", "parallel"]),
    },
    {
        name: "engine",
        run: async ({ root, withEngine }) =>
            engineTests(root, await withEngine(), ["--testPathIgnorePatterns", "parallel"]),
    },
];

/**
 * @param {Surroundings} surroundings
 * @returns {Promise<number>} exit code
 */
export async function runGates(surroundings) {
    const start = Date.now();
    for (const { name, run } of GATES) {
        const since = Date.now();
        const code = await run(surroundings);
        say(`${code === 0 ? "ok  " : "FAIL"}  ${name} (${elapsed(since)})`);
        if (code !== 0) return code;
    }
    say(`all gates passed (${elapsed(start)})`);
    return 0;
}

/**
 * A gate that prints only where it fails.
 *
 * @param {string} name
 * @param {[string, ...string[]]} command a script in node_modules, and its arguments
 * @returns {Gate}
 */
function quiet(name, [script, ...args]) {
    return {
        name,
        run: async ({ root, env }) => {
            const command = [join(root, "node_modules", script), ...args];
            const { code, output } = await withProgress(name, () =>
                capture(process.execPath, command, { cwd: root, env }),
            );
            if (code !== 0) say(output.trim());
            return code;
        },
    };
}

/**
 * The tests that need no engine.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args further ones for jest
 */
export function unitTests(root, env, args) {
    // The option takes all words that follow it, so it comes last; the same below.
    return jest(root, env, [...args, "--testPathIgnorePatterns", "<rootDir>/test/engine"]);
}

/**
 * The tests on the real engine.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env with the engine on PATH
 * @param {string[]} args further ones for jest
 */
export function engineTests(root, env, args) {
    return jest(root, env, [...args, "--roots", "<rootDir>/test/engine"]);
}

/**
 * A benchmark of `bench/`, by its name.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args names; default: all
 */
export function benchmarks(root, env, args) {
    const options = ["--roots", "<rootDir>/bench", "--runInBand", "--testMatch", "**/*.bench.ts", "--testPathPatterns"];
    return jest(root, env, [...options, ...(args.length > 0 ? args : ["bench"])]);
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args
 */
function jest(root, env, args) {
    const script = join(root, "node_modules", "jest", "bin", "jest.js");
    const run = () => attach(process.execPath, [script, ...args], { cwd: root, env });
    return withTicks(run);
}

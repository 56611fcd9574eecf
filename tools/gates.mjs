// @ts-check
// Runs the steps of `npm test`, `npm run test:deep` and `npm run test:all`. The first step that fails ends the run, and
// its exit code is the exit code of the run.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileCacheOf, warmCompileCache } from "./compileCache.mjs";
import { languageEnvironment } from "./languages.mjs";
import { elapsed, say, withProgress, withTicks } from "./progress.mjs";
import { attach, capture } from "./run.mjs";
import { FILE_OF_TIMES, slowestFiles } from "./slowestFiles.mjs";

/**
 * @typedef {{ root: string, env: NodeJS.ProcessEnv, withEngine: (env: NodeJS.ProcessEnv) => Promise<NodeJS.ProcessEnv> }} Surroundings
 * @typedef {{ name: string, run: (surroundings: Surroundings) => Promise<number> }} Gate
 */

const ENGINE = "<rootDir>/test/engine";
/** These tests take long: many run whole matrices, long walks or large corpora. `npm test` leaves them out. */
const DEEP = "\\.deep\\.test\\.ts$";
/** This test measures parallel work. Other tests at the same time would change the figures. */
const ALONE = "/engine/parallel\\.deep\\.test\\.ts$";

/**
 * These tests run the plugin with language hosts and generated SDKs. Go builds the hosts and the generators. If Go is
 * missing, these tests are left out.
 */
const NATIVE = "/engine/native/";

// Jest's options for paths take all words up to the next option. So only another option may follow their paths.
/** The runs of `npm test`. */
export const QUICK_RUNS = [
    { name: "unit and hooks", onEngine: false, args: ["--testPathIgnorePatterns", ENGINE, DEEP] },
    { name: "engine", onEngine: true, args: ["--testPathIgnorePatterns", DEEP, "--roots", ENGINE] },
];

/** The runs of `npm run test:deep`: all other test files. */
export const DEEP_RUNS = [
    { name: "deep", onEngine: false, args: ["--testPathPatterns", DEEP, "--testPathIgnorePatterns", ENGINE] },
    { name: "deep, engine, alone", onEngine: true, args: ["--testPathPatterns", ALONE, "--roots", ENGINE] },
    {
        name: "deep, engine",
        onEngine: true,
        args: ["--testPathPatterns", DEEP, "--testPathIgnorePatterns", ALONE, "--roots", ENGINE],
    },
];

/** The commands that check sources: script and arguments. */
export const CHECKS = {
    format: [["node_modules/prettier/bin/prettier.cjs", "--check", "."]],
    lint: [["node_modules/eslint/bin/eslint.js", "."]],
    types: [
        ["node_modules/typescript/bin/tsc", "--noEmit"],
        ["node_modules/typescript/bin/tsc", "-p", "tools/tsconfig.scripts.json"],
        ["node_modules/typescript/bin/tsc", "-p", "cli/report/html/page/tsconfig.json"],
    ],
    docs: [["tools/docs.mjs", "--check"]],
};

/** @typedef {Gate[][]} Step lists of gates: the lists run in parallel, and the gates of a list in order */

/** @type {Step[]} */
const QUICK_STEPS = [
    // The build is first, because stacks/ imports the package by its name: lint and types need its built types.
    [[quiet("build", [["tools/build.mjs"]])]],
    [[quiet("lint", CHECKS.lint)], [quiet("format", CHECKS.format), quiet("types", CHECKS.types)]],
    [[quiet("docs", CHECKS.docs)]],
    ...QUICK_RUNS.map(alone),
];

/** @type {Step[]} */
const DEEP_STEPS = [[[quiet("build", [["tools/build.mjs"]])]], ...DEEP_RUNS.map(alone)];

/** @typedef {"test" | "test:deep" | "test:all"} Command */

/** @type {Record<Command, Step[]>} */
const STEPS = {
    test: QUICK_STEPS,
    "test:deep": DEEP_STEPS,
    "test:all": [...QUICK_STEPS, ...DEEP_RUNS.map(alone)],
};

/**
 * @param {Command} command
 * @param {Surroundings} surroundings
 * @returns {Promise<number>} exit code
 */
export async function runGates(command, surroundings) {
    const start = Date.now();
    const folder = mkdtempSync(join(tmpdir(), "test-times-"));
    const times = join(folder, "times");
    const env = { ...surroundings.env, [FILE_OF_TIMES]: times };
    try {
        for (const step of STEPS[command]) {
            const codes = await Promise.all(step.map((gates) => inOrder(gates, { ...surroundings, env })));
            const failed = codes.find((code) => code !== 0);
            if (failed !== undefined) return failed;
        }
        for (const line of slowestFiles(times)) say(line);
        say(`all gates passed (${elapsed(start)})`);
        return 0;
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/**
 * @param {Gate[]} gates
 * @param {Surroundings} surroundings
 * @returns {Promise<number>} exit code of the first gate that fails
 */
async function inOrder(gates, surroundings) {
    for (const { name, run } of gates) {
        const since = Date.now();
        const code = await run(surroundings);
        say(`${code === 0 ? "ok  " : "FAIL"}  ${name} (${elapsed(since)})`);
        if (code !== 0) return code;
    }
    return 0;
}

/**
 * @param {{ name: string, onEngine: boolean, args: string[] }} run
 * @returns {Step}
 */
function alone(run) {
    return [[testRun(run)]];
}

/**
 * Makes a gate that prints the output of a command only if the command fails.
 *
 * @param {string} name
 * @param {string[][]} commands the script and the arguments of each command
 * @returns {Gate}
 */
function quiet(name, commands) {
    return {
        name,
        run: async ({ root, env }) => {
            for (const [script = "", ...args] of commands) {
                if (!existsSync(join(root, script))) {
                    say(`${name}: ${script} does not exist, so this command is skipped`);
                    continue;
                }
                const command = [join(root, script), ...args];
                const { code, output } = await withProgress(name, () =>
                    capture(process.execPath, command, { cwd: root, env }),
                );
                if (code !== 0) say(output.trim());
                if (code !== 0) return code;
            }
            return 0;
        },
    };
}

/**
 * @param {{ name: string, onEngine: boolean, args: string[] }} run
 * @returns {Gate}
 */
function testRun({ name, onEngine, args }) {
    return {
        name,
        run: async ({ root, env, withEngine }) =>
            onEngine ? engineJest(root, await withEngine(env), args) : jest(root, env, args),
    };
}

/**
 * Runs the tests that need no engine, deep ones included.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args further arguments for jest
 */
export function unitTests(root, env, args) {
    return jest(root, env, [...args, "--testPathIgnorePatterns", ENGINE]);
}

/**
 * Runs the tests on the real engine, deep ones included.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env with the engine on PATH
 * @param {string[]} args further arguments for jest
 */
export function engineTests(root, env, args) {
    return engineJest(root, env, [...args, "--roots", ENGINE]);
}

/**
 * Runs benchmarks of `bench/` by their names.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args names of benchmarks; default: all
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
async function engineJest(root, env, args) {
    await warmCompileCache(root, env);
    const withLanguages = await languageEnvironment({ root, env });
    const left = withLanguages["PULUMI_SDKS"] === undefined ? ["--testPathIgnorePatterns", NATIVE] : [];
    return jest(root, { ...withLanguages, NODE_COMPILE_CACHE: compileCacheOf(root) }, [...args, ...left]);
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

// @ts-check
// Builds the package and runs quick tests without the engine, for `npm run test:windows`. On Windows, the build and the
// tests run in the checkout. On Linux, they run in a copy of the checkout, with Node for Windows under Wine.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { elapsed, say, withProgress } from "./progress.mjs";
import { capture } from "./run.mjs";
import { findWine, PACKAGES, Wine } from "./wine.mjs";
import { copyCheckout, fetchNode, installForWindows } from "./windowsCheckout.mjs";
import { FILE_OF_SUMMARY } from "./windowsReporter.mjs";

/**
 * The tests that run by default: the requests of one portal, and tests of files, paths, processes and encodings. Other
 * unit tests run if the command line names them, but not all of them have passed on Windows yet.
 */
const DEFAULT = [
    "requests/onePortal",
    "certificate/paths",
    "system/",
    "cli/export",
    "cli/handover",
    "cli/init",
    "cli/main",
    "cli/report/commandLine",
    "cli/report/files",
    "emulator/main",
];

/** A process starts more slowly on Windows, and much more slowly under Wine on a busy machine. */
const TIMEOUT_MS = "60000";

/**
 * @typedef {{ root: string, env: NodeJS.ProcessEnv }} Surroundings
 * @typedef {{ env?: Record<string, string>, onOutput?: (text: string) => void }} Options
 * @typedef {{ root: string, run: (args: readonly string[], options?: Options) => Promise<import("./run.mjs").Result> }}
 * Machine `root` is the path of the checkout, or of its copy on Linux. `run` runs Node for Windows in this folder.
 */

/**
 * @param {Surroundings} surroundings
 * @param {string[]} args paths of test files, or parts of them; default: DEFAULT
 * @returns {Promise<number>} exit code
 */
export async function testWindows(surroundings, args) {
    const since = Date.now();
    const machine = await machineFor(surroundings);
    if (!(await build(machine))) return 1;
    const code = await tests(machine, args);
    if (code === 0) say(`the tests on Windows passed (${elapsed(since)})`);
    return code;
}

/**
 * @param {Surroundings} surroundings
 * @returns {Promise<Machine>}
 */
async function machineFor({ root, env }) {
    if (process.platform === "win32")
        return {
            root,
            run: (args, { env: more, onOutput } = {}) =>
                capture(process.execPath, args, {
                    cwd: root,
                    env: { ...env, ...more },
                    ...(onOutput ? { onOutput } : {}),
                }),
        };
    const programs = findWine(env);
    if (!programs)
        throw new Error(
            `on Linux, the tests need Wine and a linker: apt-get install --no-install-recommends ${PACKAGES.join(" ")}`,
        );
    const wine = new Wine(programs, join(root, "node_modules", ".cache", "windows"), env);
    // The path contains a space, because many paths on Windows do.
    const copy = join(wine.prefix, "drive_c", "users", "Restore Portal", "checkout");
    await withProgress("preparing Wine", () => wine.prepare());
    await copyCheckout(root, copy, env);
    await withProgress("installing the packages for Windows", async () => {
        await installForWindows(copy, env);
        await fetchNode(copy, wine.node, env);
    });
    return { root: copy, run: (args, options) => wine.runNode(args, copy, options) };
}

/** @param {Machine} machine */
async function build({ root, run }) {
    const since = Date.now();
    rmSync(join(root, "dist"), { recursive: true, force: true });
    const { code, output } = await withProgress("building on Windows", () => run(["tools/build.mjs"]));
    // On Windows the compiler writes file names into its list of sources in lower case. If the build
    // distinguished upper and lower case, it would remove files such as plainText.js. So `made` contains such a file.
    const made = [
        "cli/main.js",
        "provider/plainText.js",
        "emulator/main.js",
        "plugin/pulumi-resource-restore-portal.cmd",
    ];
    const missing = made.filter((name) => !existsSync(join(root, "dist", name)));
    const isBuilt = code === 0 && missing.length === 0;
    say(`${isBuilt ? "ok  " : "FAIL"}  build on Windows (${elapsed(since)})`);
    if (!isBuilt) say(`${output.trim()}\nmissing in dist/: ${missing.join(", ") || "nothing"}; exit code ${code}`);
    return isBuilt;
}

/**
 * @param {Machine} machine
 * @param {string[]} paths
 */
async function tests({ root, run }, paths) {
    const folder = join(root, "node_modules", ".cache");
    const summaryFile = join(folder, "windows-summary.json");
    mkdirSync(folder, { recursive: true });
    rmSync(summaryFile, { force: true });
    const options = [
        "--reporters",
        "<rootDir>/tools/windowsReporter.mjs",
        "--testTimeout",
        TIMEOUT_MS,
        "--testPathIgnorePatterns",
    ];
    const ignored = ["[\\\\/]test[\\\\/]engine[\\\\/]", "\\.deep\\.test\\.ts$"];
    const args = ["--testPathPatterns", ...(paths.length > 0 ? paths : DEFAULT), ...options, ...ignored];
    const { code, output } = await run(["node_modules/jest/bin/jest.js", ...args], {
        env: { [FILE_OF_SUMMARY]: "node_modules/.cache/windows-summary.json" },
        onOutput: (text) => process.stderr.write(text),
    });
    if (!existsSync(summaryFile)) {
        say(`jest ended with exit code ${code} and without a summary\n${output.slice(-2000)}`);
        return 1;
    }
    /** @type {import("./windowsReporter.mjs").Summary} */
    const { passed, failed, leftOut } = JSON.parse(readFileSync(summaryFile, "utf8"));
    const count = Object.values(leftOut).reduce((sum, one) => sum + one, 0);
    const needs = Object.entries(leftOut).map(([need, tests]) => `${need} (tests: ${tests})`);
    if (count > 0) say(`left out, because Windows lacks these programs or features: ${needs.join(", ")}`);
    say(`${passed} passed, ${failed} failed, ${count} left out`);
    return failed > 0 || passed === 0 ? 1 : 0;
}

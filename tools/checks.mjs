// @ts-check
// `npm run lint`, `npm run format` and `npm run types`. tools/start.mjs installs packages and Node 22 before it calls
// them.
import { join } from "node:path";
import { ensureBuilt } from "./built.mjs";
import { attach } from "./run.mjs";

/**
 * Runs ESLint.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args options and paths for ESLint; without a path, all files
 * @returns {Promise<number>} exit code
 */
export async function lint(root, env, args) {
    // The rules use types, and stacks/ imports the compiled package.
    await ensureBuilt(root);
    return runTool(root, env, "eslint/bin/eslint.js", withPath(args));
}

/**
 * Formats files with Prettier. With `--check`, only checks them.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args options and paths for Prettier; without a path, all files
 * @returns {Promise<number>} exit code
 */
export function format(root, env, args) {
    const mode = args.includes("--check") ? [] : ["--write"];
    return runTool(root, env, "prettier/bin/prettier.cjs", [...mode, ...withPath(args)]);
}

/**
 * Checks the types of the TypeScript sources, and of the scripts in tools/.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args options for the compiler
 * @returns {Promise<number>} exit code
 */
export async function types(root, env, args) {
    // stacks/ imports the compiled package.
    await ensureBuilt(root);
    const compiler = "typescript/bin/tsc";
    const code = await runTool(root, env, compiler, ["--noEmit", ...args]);
    return code === 0 ? runTool(root, env, compiler, ["-p", "tools/tsconfig.scripts.json", ...args]) : code;
}

/** @param {string[]} args */
function withPath(args) {
    return args.some((arg) => !arg.startsWith("-")) ? args : [...args, "."];
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string} script below node_modules
 * @param {string[]} args
 */
function runTool(root, env, script, args) {
    return attach(process.execPath, [join(root, "node_modules", script), ...args], { cwd: root, env });
}

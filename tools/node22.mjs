// @ts-check
// Installs the packages and Node 22 if they are missing, and chooses the Node that runs the commands.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withProgress, say } from "./progress.mjs";
import { capture, npmCommand } from "./run.mjs";

const NEEDED_MAJOR = 22;

/** @param {string} version as process.version gives it */
export function isNewEnough(version) {
    return Number(/^v?(\d+)/.exec(version)?.[1]) >= NEEDED_MAJOR;
}

/** @param {string} root */
export function installedNode(root) {
    return process.platform === "win32"
        ? join(root, "node_modules", "node", "bin", "node.exe")
        : join(root, "node_modules", ".bin", "node");
}

/**
 * Returns the missing step. It is `install` if packages are missing or their versions differ from package-lock.json. It
 * is `rebuild` if only the Node binary is missing, and the Node of this process is too old. npm leaves out this binary
 * if it is configured to run no scripts.
 *
 * @param {string} root
 * @param {string} version of the Node that runs this process
 * @returns {"install" | "rebuild" | undefined}
 */
export function missingSetUp(root, version = process.version) {
    // npm writes this file last, so it is missing after an interrupted installation.
    const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
    if (!installed) return "install";
    const locked = Object.entries(readPackages(join(root, "package-lock.json")) ?? {});
    const complete = locked.every(([path, { version, optional }]) => {
        const present = installed[path];
        if (path === "") return true;
        return present ? present.version === version && existsSync(join(root, path)) : optional === true;
    });
    if (!complete) return "install";
    return existsSync(installedNode(root)) || isNewEnough(version) ? undefined : "rebuild";
}

/**
 * Installs everything that is missing. Throws one readable error if npm fails.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function ensureInstalled(root, env) {
    const missing = missingSetUp(root);
    if (missing === "install")
        await npm(root, env, ["ci", "--include=dev", "--no-audit", "--no-fund"], "installing packages with npm ci");
    // If npm is configured to run no scripts, `npm ci` leaves the package `node` without its binary.
    if (missing && missingSetUp(root) === "rebuild")
        await npm(root, env, ["rebuild", "node", "--ignore-scripts=false"], `fetching Node ${NEEDED_MAJOR} from npm`);
}

/**
 * Chooses the Node that runs the commands: this one if it is new enough, otherwise the one in node_modules.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} undefined if this process can run the commands itself
 */
export async function otherNode(root, env) {
    if (isNewEnough(process.version)) return undefined;
    const node = installedNode(root);
    const { code, output } = await capture(node, ["--version"], { env });
    if (code !== 0 || !isNewEnough(output.trim()))
        throw new Error(
            `Node ${NEEDED_MAJOR} or newer is missing: this is ${process.version}, and ${node} does not work ` +
                `(${output.trim().slice(0, 200)}); install Node ${NEEDED_MAJOR}, or run: npm rebuild node --ignore-scripts=false`,
        );
    say(`Node ${process.version.slice(1)} is too old; using Node ${output.trim().slice(1)} from node_modules`);
    return node;
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} npmArgs
 * @param {string} label
 */
async function npm(root, env, npmArgs, label) {
    const { command, args } = npmCommand(npmArgs, env);
    const { code, output } = await withProgress(label, () => capture(command, args, { cwd: root, env }));
    if (code === 0) return;
    throw new Error(`npm ${npmArgs.join(" ")}: exit code ${code}\n${complaint(output)}`);
}

/**
 * Returns npm's first ten error lines, because a long usage text can follow them. If npm printed no error lines,
 * returns the last 15 lines of the output.
 *
 * @param {string} output
 */
function complaint(output) {
    const lines = output.split("\n").filter((line) => line.trim());
    const errors = lines.filter((line) => /^npm (error|ERR!) +\S/.test(line));
    return (errors.length > 0 ? errors.slice(0, 10) : lines.slice(-15)).join("\n");
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined}
 */
function readPackages(file) {
    try {
        return JSON.parse(readFileSync(file, "utf8")).packages;
    } catch {
        return undefined;
    }
}

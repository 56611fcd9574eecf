// @ts-check
// Whether dist/ is as new as what it is compiled from.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { withProgress } from "./progress.mjs";
import { capture } from "./run.mjs";

const SOURCES = [
    "provider",
    "emulator",
    "cli",
    "tools",
    "tsconfig.json",
    "tsconfig.build.json",
    "node_modules/.package-lock.json",
];

/** @param {string} root */
export function isBuilt(root) {
    const stamp = statSync(join(root, "dist", ".built"), { throwIfNoEntry: false });
    return stamp !== undefined && SOURCES.every((source) => newest(join(root, source)) <= stamp.mtimeMs);
}

/**
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
    if (!existsSync(path)) return 0;
    const { mtimeMs } = statSync(path);
    if (!statSync(path).isDirectory()) return /\.(ts|json)$/.test(path) ? mtimeMs : 0;
    return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** @param {string} root */
export async function ensureBuilt(root) {
    if (isBuilt(root)) return;
    const build = () => capture(process.execPath, [join(root, "tools", "build.mjs")], { cwd: root });
    const { code, output } = await withProgress("compiling to dist/", build);
    if (code !== 0) throw new Error(`compiling failed:\n${output.trim()}`);
}

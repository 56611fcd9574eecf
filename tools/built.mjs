// @ts-check
// Checks whether dist/ is up to date. If a source is newer, compiles the sources and removes the compiled files of
// deleted sources.
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { withProgress } from "./progress.mjs";
import { capture } from "./run.mjs";

const SOURCES = [
    "provider",
    "system",
    "emulator",
    "cli",
    "plugin",
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
    const stats = statSync(path);
    if (!stats.isDirectory()) return /\.(tsx?|css|json)$/.test(path) ? stats.mtimeMs : 0;
    // If a file in a folder is moved or deleted, only the folder's own time changes.
    return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/**
 * Removes the compiled files of moved or deleted sources from dist/. The compiler leaves them there, and `npm pack`
 * would add them to the package.
 *
 * @param {string} root
 */
export function removeStale(root) {
    const dist = join(root, "dist");
    const sources = compiledSources(dist);
    if (sources) removeFrom(dist, "", sources);
}

/**
 * Returns the compiler's own list of sources, relative to dist/ and in lower case. Returns `undefined` if there is no
 * such list.
 *
 * On Windows, the compiler writes the file names into this list in lower case. So `removeFrom` ignores case.
 * Otherwise it would remove compiled files of existing sources.
 *
 * @param {string} dist
 * @returns {Set<string> | undefined}
 */
function compiledSources(dist) {
    try {
        /** @type {{ fileNames: string[] }} */
        const { fileNames } = JSON.parse(readFileSync(join(dist, ".tsbuildinfo"), "utf8"));
        return new Set(fileNames.map((name) => name.toLowerCase()));
    } catch {
        return undefined;
    }
}

/**
 * @param {string} dist
 * @param {string} folder relative to dist/, with a slash at its end
 * @param {Set<string>} sources
 */
function removeFrom(dist, folder, sources) {
    for (const entry of readdirSync(join(dist, folder), { withFileTypes: true })) {
        const name = `${folder}${entry.name}`;
        const source = name.replace(/(\.js|\.d\.ts|\.js\.map)$/, ".ts");
        if (entry.isDirectory()) {
            removeFrom(dist, `${name}/`, sources);
            if (readdirSync(join(dist, name)).length === 0) rmdirSync(join(dist, name));
        } else if (source !== name && !sources.has(`../${source}`.toLowerCase())) rmSync(join(dist, name));
    }
}

/** @param {string} root */
export async function ensureBuilt(root) {
    if (isBuilt(root)) return;
    const build = () => capture(process.execPath, [join(root, "tools", "build.mjs")], { cwd: root });
    const { code, output } = await withProgress("compiling to dist/", build);
    if (code !== 0) throw new Error(`compiling failed:\n${output.trim()}`);
}

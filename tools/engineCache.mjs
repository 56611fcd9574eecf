// @ts-check
// Keeps downloaded and built engines in the user's cache folder. A run makes an engine in a temporary folder, writes a
// marker file last, and then renames the folder. Later runs use only engines with a marker file. So no run uses an
// incomplete engine of an interrupted or parallel run.
import {
    chmodSync,
    copyFileSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { capture, executable, lastLine } from "./run.mjs";

const MARKER = "complete.json";
const UNFINISHED = ".unfinished-";
const ABANDONED_AFTER_MS = 24 * 3600 * 1000;

/** @param {NodeJS.ProcessEnv} env */
export function cacheFolder(env) {
    return join(userCacheFolder(env), "pulumi-restore-portal");
}

/** @param {NodeJS.ProcessEnv} env */
function userCacheFolder(env) {
    const home = env["HOME"] || homedir();
    if (process.platform === "win32") return env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local");
    if (env["XDG_CACHE_HOME"]) return env["XDG_CACHE_HOME"];
    return process.platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
}

/**
 * @param {string} version
 * @param {NodeJS.ProcessEnv} env
 */
function engineFolder(version, env) {
    return join(cacheFolder(env), `engine-${version}-${process.platform}-${process.arch}`);
}

/**
 * Returns the bin folder of an engine that an earlier run kept.
 *
 * @param {string} version
 * @param {NodeJS.ProcessEnv} env
 */
export function keptEngine(version, env) {
    const folder = engineFolder(version, env);
    const bin = join(folder, "bin");
    const programs = ["pulumi", "pulumi-language-nodejs"].map((name) => join(bin, executable(name)));
    return markedVersion(folder) === version && programs.every((file) => existsSync(file)) ? bin : undefined;
}

/** @param {string} folder */
function markedVersion(folder) {
    try {
        return JSON.parse(readFileSync(join(folder, MARKER), "utf8")).version;
    } catch {
        return undefined;
    }
}

/**
 * Calls `fill` to put the programs into an empty bin folder, verifies them, and keeps them. Returns the bin folder of
 * the kept engine.
 *
 * @param {string} version
 * @param {string} source
 * @param {import("./engine.mjs").Surroundings} surroundings
 * @param {(bin: string) => Promise<void>} fill
 */
export async function keepEngine(version, source, { root, env }, fill) {
    const target = engineFolder(version, env);
    mkdirSync(cacheFolder(env), { recursive: true });
    removeAbandoned(cacheFolder(env));
    const staging = mkdtempSync(`${target}${UNFINISHED}`);
    try {
        const bin = join(staging, "bin");
        mkdirSync(bin);
        await fill(bin);
        await assertEngine(bin, version, env);
        copyLauncher(root, bin);
        writeFileSync(join(staging, MARKER), `${JSON.stringify({ version, source })}\n`);
        return publish(staging, target, version, env);
    } finally {
        rmSync(staging, { recursive: true, force: true });
    }
}

/**
 * @param {string} staging
 * @param {string} target
 * @param {string} version
 * @param {NodeJS.ProcessEnv} env
 */
function publish(staging, target, version, env) {
    // If another run has kept this engine in the meantime, this run uses that engine.
    if (!keptEngine(version, env)) {
        rmSync(target, { recursive: true, force: true });
        try {
            renameSync(staging, target);
        } catch (error) {
            if (!keptEngine(version, env)) throw error;
        }
    }
    return join(target, "bin");
}

/**
 * @param {string} bin
 * @param {string} version
 * @param {NodeJS.ProcessEnv} env
 */
async function assertEngine(bin, version, env) {
    const host = join(bin, executable("pulumi-language-nodejs"));
    if (!existsSync(host)) throw new Error("the engine has no pulumi-language-nodejs");
    const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const pulumi = join(bin, executable("pulumi"));
    const { code, output } = await capture(pulumi, ["version"], { env: quiet, timeoutMs: 60_000 });
    if (code !== 0 || !output.split(/\s+/).includes(`v${version}`))
        throw new Error(`pulumi does not run as version ${version}: ${lastLine(output) || `exit code ${code}`}`);
}

/**
 * Copies the launcher of dynamic providers, which is in the root folder of the SDK's package.
 *
 * @param {string} root
 * @param {string} bin
 */
function copyLauncher(root, bin) {
    const name = `pulumi-resource-pulumi-nodejs${process.platform === "win32" ? ".cmd" : ""}`;
    if (existsSync(join(bin, name))) return;
    copyFileSync(join(root, "node_modules", "@pulumi", "pulumi", name), join(bin, name));
    chmodSync(join(bin, name), 0o755);
}

/** @param {string} folder */
function removeAbandoned(folder) {
    for (const name of readdirSync(folder).filter((name) => name.includes(UNFINISHED))) {
        const path = join(folder, name);
        const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
        if (age > ABANDONED_AFTER_MS) rmSync(path, { recursive: true, force: true });
    }
}

// @ts-check
// Finds the Pulumi engine: the CLI, its Node.js language host and the launcher of dynamic providers.
// Tries PATH, then the user's cache folder, then the npm package `pulumi`, then Go.
// `node tools/engine.mjs` prints the engine as JSON.
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { keptEngine, keepEngine } from "./engineCache.mjs";
import { GO_VERSION_OF_CLI, buildWithGo } from "./engineFromGo.mjs";
import { NPM_VERSION_OF_CLI, downloadWithNpm } from "./engineFromNpm.mjs";
import { say } from "./progress.mjs";
import { capture, executable, onPath, pathKey } from "./run.mjs";

/**
 * @typedef {{ bin: string, version: string, source: "PATH" | "cache" | "npm" | "go" }} Engine
 * @typedef {{ root: string, env: NodeJS.ProcessEnv }} Surroundings
 */

/** The oldest CLI that has every feature that Pulumi.yaml and the SDK use. */
const MINIMUM = [3, 227, 0];

const INSTALL_GUIDE = "https://www.pulumi.com/docs/install/";

/**
 * Returns the engine. If PATH and the user's cache folder contain none, downloads or builds one into that folder.
 *
 * @param {Surroundings} surroundings
 * @returns {Promise<Engine>}
 */
export async function findEngine(surroundings) {
    const path = await engineOnPath(surroundings.env);
    if (typeof path !== "string") return path;
    for (const version of [NPM_VERSION_OF_CLI, GO_VERSION_OF_CLI]) {
        const bin = keptEngine(version, surroundings.env);
        if (bin) return { bin, version, source: "cache" };
    }
    return fetchEngine(surroundings, path);
}

/**
 * @param {Surroundings} surroundings
 * @param {string} whyNotPath
 * @returns {Promise<Engine>}
 */
async function fetchEngine(surroundings, whyNotPath) {
    say(`PATH: ${whyNotPath}`);
    const reasons = [whyNotPath];
    const ways = /** @type {const} */ ([
        { source: "npm", name: "npm package pulumi", version: NPM_VERSION_OF_CLI, fill: downloadWithNpm },
        { source: "go", name: "Go", version: GO_VERSION_OF_CLI, fill: buildWithGo },
    ]);
    for (const { source, name, version, fill } of ways) {
        try {
            const bin = await keepEngine(version, source, surroundings, (folder) => fill(folder, surroundings));
            say(`Pulumi ${version} is ready and kept in ${dirname(bin)}`);
            return { bin, version, source };
        } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            reasons.push(reason);
            say(`${name}: ${reason.split("\n")[0]}`);
        }
    }
    throw new Error(noEngine(reasons));
}

/** @param {string[]} reasons why PATH, npm and Go failed */
function noEngine(reasons) {
    const [path, npm, go] = reasons.map((reason) => reason.replace(/\n/g, "\n     "));
    const minimum = MINIMUM.join(".");
    return [
        `a usable Pulumi CLI ${minimum} or newer is missing. It could not be obtained in any of three ways:`,
        `  1. from PATH: ${path}`,
        `     remedy: install Pulumi ${minimum} or newer (${INSTALL_GUIDE}) and open a new terminal`,
        `  2. download with the npm package pulumi@${NPM_VERSION_OF_CLI}: ${npm}`,
        `     remedy: allow this machine to connect to the npm registry and to get.pulumi.com`,
        `  3. build with Go from the published modules: ${go}`,
        `     remedy: install Go 1.26 or newer (https://go.dev/dl/) and allow it to connect to its module proxy`,
        `One remedy is enough. Then run the same command again.`,
    ].join("\n");
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Engine | string>} a string is the reason why PATH has no usable engine
 */
async function engineOnPath(env) {
    const found = onPath("pulumi", env)[0];
    if (!found) return "pulumi is not on PATH";
    const version = await versionOf(found, env);
    if (!version) return `${found} does not print its version`;
    if (!isAtLeast(version, MINIMUM)) return `${found} is version ${version}, older than ${MINIMUM.join(".")}`;
    const host = executable("pulumi-language-nodejs");
    const beside = [dirname(found), dirname(realpathSync(found))].find((folder) => existsSync(join(folder, host)));
    if (!beside && onPath("pulumi-language-nodejs", env).length === 0)
        return `${found} ${version} has no pulumi-language-nodejs beside it`;
    say(`using Pulumi ${version} from ${found}`);
    return { bin: beside ?? dirname(found), version, source: "PATH" };
}

/**
 * @param {string} pulumi
 * @param {NodeJS.ProcessEnv} env
 */
async function versionOf(pulumi, env) {
    const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { code, output } = await capture(pulumi, ["version"], { env: quiet, timeoutMs: 60_000 });
    return code === 0 ? /^v?(\d+\.\d+\.\d+\S*)$/m.exec(output)?.[1] : undefined;
}

/**
 * @param {string} version
 * @param {readonly number[]} minimum
 */
function isAtLeast(version, minimum) {
    const parts = version.split(/[.+-]/).map(Number);
    const at = minimum.findIndex((part, index) => parts[index] !== part);
    return at === -1 || Number(parts[at]) > Number(minimum[at]);
}

/**
 * Returns the environment in which `pulumi` and its child processes find each other and the Node of node_modules.
 *
 * @param {Engine} engine
 * @param {Surroundings} surroundings
 * @returns {NodeJS.ProcessEnv}
 */
export function engineEnvironment(engine, { root, env }) {
    const modules = join(root, "node_modules");
    // The folder of the SDK comes last. It contains the launcher of dynamic providers, which a CLI on PATH may lack.
    const path = [join(modules, ".bin"), engine.bin, env[pathKey(env)], join(modules, "@pulumi", "pulumi")];
    return {
        ...env,
        [pathKey(env)]: path.filter(Boolean).join(delimiter),
        PULUMI_SKIP_UPDATE_CHECK: "true",
    };
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const root = dirname(dirname(fileURLToPath(import.meta.url)));
    try {
        process.stdout.write(`${JSON.stringify(await findEngine({ root, env: process.env }))}\n`);
    } catch (error) {
        say(`error: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
    }
}

// @ts-check
// Runs most npm scripts of package.json. Installs or builds everything that a command needs (packages, Node, dist/, the
// Pulumi engine), and then runs the command. This file has no dependencies, because it must run on an older Node in a
// new clone without packages.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "./built.mjs";
import { engineEnvironment, findEngine } from "./engine.mjs";
import { benchmarks, CHECKS, engineTests, runGates, unitTests } from "./gates.mjs";
import { ensureInstalled, otherNode } from "./node22.mjs";
import { say } from "./progress.mjs";
import { attach } from "./run.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const env = process.env;

/** @type {Record<string, (args: string[]) => Promise<number>>} */
const commands = {
    demo: async (args) => {
        await ensureBuilt(root);
        return runScript("dist/tools/demo.js", args, await withEngine());
    },
    emulator: async (args) => {
        await ensureBuilt(root);
        return runScript("dist/emulator/main.js", args, env);
    },
    test: everything("test"),
    "test:deep": everything("test:deep"),
    "test:all": everything("test:all"),
    "test:unit": async (args) => {
        await ensureBuilt(root);
        return unitTests(root, env, args);
    },
    "test:engine": async (args) => {
        await ensureBuilt(root);
        return engineTests(root, await withEngine(), args);
    },
    // The import is here, because only this command needs the file.
    "test:windows": async (args) => (await import("./windows.mjs")).testWindows({ root, env }, args),
    // The arguments are passed to the tool: `npm run lint -- provider/sync`.
    format: async (args) => runTools([["node_modules/prettier/bin/prettier.cjs", "--write", "."]], args),
    lint: async (args) => {
        await ensureBuilt(root);
        return runTools(CHECKS.lint, args);
    },
    types: async (args) => {
        await ensureBuilt(root);
        return runTools(CHECKS.types, args);
    },
    release: async (args) => {
        await ensureBuilt(root);
        return runScript("tools/release.mjs", args, env);
    },
    bench: async (args) => {
        await ensureBuilt(root);
        return benchmarks(root, await withEngine(), args);
    },
};

/**
 * @param {import("./gates.mjs").Command} name
 * @returns {(args: string[]) => Promise<number>}
 */
function everything(name) {
    return async ([unknown]) => {
        if (unknown === undefined) return runGates(name, { root, env, withEngine });
        const others =
            '"npm run test:unit -- --testPathPatterns ..." or "npm run test:engine -- --testPathPatterns ..."';
        throw new Error(`npm run ${name} takes no arguments, got ${unknown}; for single files, use ${others}`);
    };
}

/** @param {NodeJS.ProcessEnv} environment */
async function withEngine(environment = env) {
    return engineEnvironment(await findEngine({ root, env }), { root, env: environment });
}

/**
 * @param {string} script
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} environment
 */
function runScript(script, args, environment) {
    return attach(process.execPath, [join(root, script), ...args], { cwd: root, env: environment });
}

/**
 * Runs tools one after another, until one fails. `paths` replace the argument ".", which stands for everything.
 *
 * @param {string[][]} tools the script and the arguments of each tool
 * @param {string[]} paths
 */
async function runTools(tools, paths) {
    for (const [script = "", ...args] of tools) {
        const rest = paths.length > 0 ? [...args.filter((arg) => arg !== "."), ...paths] : args;
        const code = await runScript(script, rest, env);
        if (code !== 0) return code;
    }
    return 0;
}

/** @param {string[]} argv */
async function main([name = "", ...args]) {
    const command = commands[name];
    if (!command) throw new Error(`unknown command "${name}"; use one of ${Object.keys(commands).join(", ")}`);
    await ensureInstalled(root, env);
    const node = await otherNode(root, env);
    if (node) return attach(node, [fileURLToPath(import.meta.url), name, ...args], { env });
    return command(args);
}

try {
    process.exitCode = await main(process.argv.slice(2));
} catch (error) {
    say(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
}

// @ts-check
// Builds the language hosts of YAML and Python, and generates the SDKs for Node.js, Python and Go. Pulumi's own
// generators make the SDKs from the plugin's schema. Go builds the hosts and the generators once from published
// modules, and the user's cache folder keeps them. `node tools/languages.mjs` writes all SDKs to sdks/.
import {
    chmodSync,
    copyFileSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "./built.mjs";
import { cacheFolder } from "./engineCache.mjs";
import { buildProgram, GO_VERSION_OF_CLI } from "./engineFromGo.mjs";
import { say } from "./progress.mjs";
import { capture, executable, onPath, pathKey } from "./run.mjs";

/** @typedef {import("./engine.mjs").Surroundings} Surroundings */

const STRIPPED = ["-ldflags", "-w -s"];
const PYTHON_HOST = "pulumi-language-python";
const GO_PROGRAMS = {
    yaml: {
        name: "pulumi-language-yaml",
        version: "1.25.0",
        module: "yamlhost",
        package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
        flags: STRIPPED,
        label: "building Pulumi's YAML language host (once; 1 to 4 minutes)",
    },
    python: {
        name: PYTHON_HOST,
        version: "3.68.0",
        module: "languagehost",
        package: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
        flags: STRIPPED,
        label: "building Pulumi's Python language host (once)",
    },
    sdkgen: {
        name: "sdkgen",
        version: GO_VERSION_OF_CLI,
        module: "sdkgen",
        package: "sdkgen",
        flags: STRIPPED,
        label: "building Pulumi's generators of SDKs (once; 1 to 4 minutes)",
    },
};

/**
 * Returns the environment for programs in other languages: PATH with the language hosts, and the folder of the SDKs. If
 * Go is missing, returns the given environment. Then the tests in test/engine/native/ are left out, because they need
 * language hosts and generated SDKs: Go builds the hosts and the generators.
 *
 * @param {Surroundings} surroundings whose environment has the engine on PATH
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function languageEnvironment(surroundings) {
    const { root, env } = surroundings;
    if (onPath("go", env).length === 0) {
        say("Go is not on PATH, so the tests in test/engine/native/ are left out");
        return env;
    }
    const folders = [];
    for (const one of [GO_PROGRAMS.yaml, GO_PROGRAMS.python])
        if (onPath(one.name, env).length === 0) folders.push(dirname(await goProgram(one, surroundings)));
    await ensureSdks(["nodejs", "python", "go"], surroundings);
    const key = pathKey(env);
    return { ...env, [key]: [env[key], ...folders].join(delimiter), PULUMI_SDKS: join(root, "sdks") };
}

/**
 * @param {(typeof GO_PROGRAMS)[keyof typeof GO_PROGRAMS]} program
 * @param {Surroundings} surroundings
 * @returns {Promise<string>} the path of the program
 */
async function goProgram(program, surroundings) {
    const { root, env } = surroundings;
    const sources = [
        join("tools", "engine", program.module, "go.sum"),
        join("tools", "engine", program.module, "main.go"),
    ];
    const key = `${program.name}-${program.version}-${digestOf(root, sources)}-${process.platform}-${process.arch}`;
    const folder = join(cacheFolder(env), key);
    const file = join(folder, executable(program.name));
    if (existsSync(file)) return file;
    mkdirSync(cacheFolder(env), { recursive: true });
    // The folder is filled under another name and then renamed, so a folder with the final name is always complete.
    const staging = mkdtempSync(`${folder}.unfinished-`);
    try {
        await buildProgram(program, staging, surroundings);
        if (program.name === PYTHON_HOST) await copyPythonScript(staging, surroundings);
        if (!existsSync(file)) renameSync(staging, folder);
        return file;
    } finally {
        rmSync(staging, { recursive: true, force: true });
    }
}

/**
 * Copies a script from the Go module of the Python host. The host needs this script to run programs.
 *
 * @param {string} folder
 * @param {Surroundings} surroundings
 */
async function copyPythonScript(folder, { root, env }) {
    const cwd = join(root, "tools", "engine", "languagehost");
    const module = await capture("go", ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"], {
        cwd,
        env: { ...env, GOWORK: "off" },
    });
    if (module.code !== 0) throw new Error(`go list: ${module.output.trim()}`);
    const target = join(folder, `${PYTHON_HOST}-exec`);
    copyFileSync(join(module.output.trim(), "python", "cmd", `${PYTHON_HOST}-exec`), target);
    chmodSync(target, 0o755);
}

/**
 * Generates the SDKs if they are missing, or if the schema, our generator, this file or `languages` has changed.
 *
 * @param {readonly string[]} languages
 * @param {Surroundings} surroundings
 */
export async function ensureSdks(languages, surroundings) {
    const { root } = surroundings;
    const schema = join("dist", "plugin", "schema.json");
    const digest = digestOf(root, [
        schema,
        join("tools", "engine", "sdkgen", "main.go"),
        join("tools", "languages.mjs"),
    ]);
    const folder = join(root, "sdks");
    const stamp = join(folder, "generated.json");
    const wanted = JSON.stringify({ digest, languages });
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
    rmSync(folder, { recursive: true, force: true });
    await generate(join(root, schema), folder, languages, surroundings);
    if (languages.includes("nodejs")) await compileNodeSdk(root, join(folder, "nodejs"));
    writeFileSync(stamp, wanted);
}

/**
 * Generates the SDKs with our program `sdkgen` if Go is on PATH, and otherwise with `pulumi package gen-sdk`. If Go is
 * on PATH, Go may have built the CLI. Such a CLI cannot generate SDKs, because its Node.js language host is old.
 *
 * @param {string} schema
 * @param {string} folder
 * @param {readonly string[]} languages
 * @param {Surroundings} surroundings
 */
async function generate(schema, folder, languages, surroundings) {
    const { root, env } = surroundings;
    if (onPath("go", env).length > 0)
        return run(await goProgram(GO_PROGRAMS.sdkgen, surroundings), [schema, folder, ...languages], root, env);
    for (const language of languages)
        await run("pulumi", ["package", "gen-sdk", schema, "--language", language, "--out", folder], root, env);
}

/**
 * @param {string} root
 * @param {string} folder
 */
async function compileNodeSdk(root, folder) {
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    await run(process.execPath, [tsc, "-p", folder, "--skipLibCheck"], root, process.env);
    // The compiled code reads its version from the package.json beside it, so the file is copied there.
    copyFileSync(join(folder, "package.json"), join(folder, "bin", "package.json"));
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 */
async function run(command, args, cwd, env) {
    const { code, output } = await capture(command, args, { cwd, env });
    if (code !== 0) throw new Error(`${command} ${args.join(" ")}: exit code ${code}\n${output.trim()}`);
}

/**
 * @param {string} root
 * @param {readonly string[]} files
 */
function digestOf(root, files) {
    const hash = createHash("sha256");
    for (const file of files) if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)));
    return hash.digest("hex").slice(0, 12);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const root = dirname(dirname(fileURLToPath(import.meta.url)));
    try {
        await ensureBuilt(root);
        await ensureSdks(["nodejs", "python", "go"], { root, env: process.env });
        say("the SDKs for Node.js, Python and Go are up to date in sdks/");
    } catch (error) {
        say(`error: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
    }
}

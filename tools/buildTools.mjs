// @ts-check
// Installs the packages that a build needs if they are missing. They are missing for `npm pack` in a new clone, and if
// bun installs this package from git: bun runs the script "prepare" without the development dependencies.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { isBuilt } from "./built.mjs";
import { ensureInstalled } from "./node22.mjs";
import { withProgress } from "./progress.mjs";
import { capture, npmCommand } from "./run.mjs";

const TOOLS = ["typescript/bin/tsc", "esbuild", "preact"];

/** @param {string} root */
export function hasTools(root) {
    const require = createRequire(join(root, "package.json"));
    return TOOLS.every((name) => {
        try {
            require.resolve(name);
            return true;
        } catch {
            return false;
        }
    });
}

/**
 * Builds with the tools in package-lock.json. If another project installs this package, builds in a temporary copy, so
 * that the tools do not become packages of that project.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {() => Promise<void>} build
 */
export async function buildWithTools(root, env, build) {
    if (basename(dirname(root)) === "node_modules") return buildInCopy(root, env);
    await ensureInstalled(root, env);
    // `ensureInstalled` runs `npm ci`. If npm runs scripts, which is the default, `npm ci` has already built dist/ with
    // the script "prepare".
    if (!isBuilt(root)) await build();
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
async function buildInCopy(root, env) {
    const copy = mkdtempSync(join(tmpdir(), "restore-portal-build-"));
    try {
        const isSource = (/** @type {string} */ file) => !/^(node_modules|dist)\b/.test(relative(root, file));
        cpSync(root, copy, { recursive: true, filter: isSource });
        const { command, args } = npmCommand(
            ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
            env,
        );
        await run("installing the build tools with npm ci", command, args);
        await run("compiling to dist/", process.execPath, [join(copy, "tools", "build.mjs")]);
        cpSync(join(copy, "dist"), join(root, "dist"), { recursive: true });
    } finally {
        rmSync(copy, { recursive: true, force: true });
    }

    /**
     * @param {string} label
     * @param {string} command
     * @param {string[]} args
     */
    async function run(label, command, args) {
        const { code, output } = await withProgress(label, () => capture(command, args, { cwd: copy, env }));
        if (code !== 0) throw new Error(`${label}: exit code ${code}\n${output.trim()}`);
    }
}

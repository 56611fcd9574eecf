// @ts-check
// Bundles the plugin with everything that it loads into dist/plugin/, so that the engine can start it from any folder.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { schemaOf } from "./schema.mjs";

/** The engine looks for this name. */
export const PLUGIN = "pulumi-resource-restore-portal";

/** With `exec`, the plugin replaces the script's process, so that a signal of the engine ends the plugin. */
const SHELL_SCRIPT = `#!/bin/sh
# Starts the plugin with the Node.js on PATH. A link to this file works too.
file=$0
while [ -h "$file" ]; do
    target=$(readlink "$file")
    case $target in
    /*) file=$target ;;
    *) file=$(dirname "$file")/$target ;;
    esac
done
exec node "$(dirname "$file")/${PLUGIN}.js" "$@"
`;
const WINDOWS_SCRIPT = `@echo off\r\nnode "%~dp0${PLUGIN}.js" %*\r\n`;

/**
 * Files that are loaded only when they are needed, or by several others. Node.js keeps compiled code for each file, of
 * what the first process ran. In one large file, that would be what the shortest process ran.
 */
const FILES = {
    serve: "plugin/serve.ts",
    resource: "plugin/resource.ts",
    engineWatch: "provider/pulumi/engineWatch.ts",
    // The import of a certificate runs in a thread with a file of its own.
    importWorker: "provider/certificate/importWorker.ts",
};

/** @type {import("esbuild").Plugin} */
const ownFiles = {
    name: "own files",
    setup: ({ onResolve }) =>
        onResolve({ filter: /\/(serve|resource|engineWatch)(\.js)?$/ }, ({ path, kind, resolveDir }) => {
            if (kind === "entry-point" || resolveDir.includes("node_modules")) return undefined;
            return { path: `./${path.replace(/^.*\//, "").replace(/\.js$/, "")}.js`, external: true };
        }),
};

/** @param {string} root */
export async function bundlePlugin(root) {
    const folder = join(root, "dist", "plugin");
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await build({
        absWorkingDir: root,
        entryPoints: { [PLUGIN]: "plugin/main.ts", ...FILES },
        plugins: [ownFiles],
        outdir: folder,
        bundle: true,
        platform: "node",
        target: "node22",
        format: "cjs",
        minifySyntax: true,
        minifyWhitespace: true,
        legalComments: "none",
        logLevel: "warning",
        define: { PLUGIN_VERSION: JSON.stringify(version) },
    });
    writeFileSync(join(folder, "schema.json"), `${JSON.stringify(schemaOf(root), undefined, 4)}\n`);
    writeFileSync(join(folder, PLUGIN), SHELL_SCRIPT);
    writeFileSync(join(folder, `${PLUGIN}.cmd`), WINDOWS_SCRIPT);
    chmodSync(join(folder, PLUGIN), 0o755);
}

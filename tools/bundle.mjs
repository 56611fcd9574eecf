// @ts-check
// Bundles the plugin with everything that it loads into dist/plugin/, so that the engine can start it from any folder.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { schemaOf } from "./schema.mjs";

/** The engine searches for a program with this name. */
export const PLUGIN = "pulumi-resource-restore-portal";

/** With `exec`, the plugin replaces the script's process, so that a signal from the engine ends the plugin. */
const SHELL_SCRIPT = `#!/bin/sh
# Starts the plugin with the Node.js on PATH. A link to this file works too.
case $0 in
*/*) file=$0 ;;
*) file=./$0 ;;
esac
while [ -h "$file" ]; do
    target=$(readlink "$file")
    case $target in
    /*) file=$target ;;
    *) file=\${file%/*}/$target ;;
    esac
done
exec node "\${file%/*}/${PLUGIN}.js" "$@"
`;
const WINDOWS_SCRIPT = `@echo off\r\nnode "%~dp0${PLUGIN}.js" %*\r\n`;

/**
 * Separate files of the bundle. Every plugin process loads `serve` and `engineWatch`, and loads the others only if it
 * needs them. For each file, Node.js caches compiled code only for the functions that ran in the first process that
 * loaded the file. In one large file, most functions would stay uncached.
 */
const FILES = {
    serve: "plugin/serve.ts",
    resource: "plugin/resource.ts",
    // Otherwise `serve` and `resource` would each contain a copy, and both copies would watch the engine.
    engineWatch: "provider/pulumi/engineWatch.ts",
    // The import of a certificate runs in a thread, which needs its own file.
    importWorker: "provider/certificate/importWorker.ts",
};

/**
 * Maps libraries to separate files of the bundle. The plugin needs these libraries only to sign in, or only behind a
 * proxy. Loading a large file takes time even if nothing in the file runs.
 */
const LIBRARIES = {
    "@azure/identity": "identity",
    "@azure/core-rest-pipeline": "identity",
    undici: "undici",
};

/**
 * Returns the source of each library file. The file `identity` exports only the classes that `tokens.ts` uses, and
 * `createHttpHeaders`.
 *
 * @param {string} root
 */
function librariesOf(root) {
    const source = readFileSync(join(root, "provider", "entra", "tokens.ts"), "utf8");
    const used = new Set([...source.matchAll(/\bidentity\.([A-Z]\w+)/g)].map(([, name]) => name));
    return {
        identity: `export { ${[...used].join(", ")} } from "@azure/identity";
export { createHttpHeaders } from "@azure/core-rest-pipeline";`,
        undici: `module.exports = require("undici");`,
    };
}

/**
 * @param {string} root
 * @returns {import("esbuild").Plugin}
 */
function ownFiles(root) {
    /** @type {Record<string, string>} */
    const libraries = librariesOf(root);
    const names = [...Object.keys(FILES), ...Object.keys(LIBRARIES)].map((name) => name.replace("/", "\\/"));
    return {
        name: "own files",
        setup: ({ onResolve, onLoad }) => {
            onResolve({ filter: /^library:/ }, ({ path }) => ({
                path: path.replace("library:", ""),
                namespace: "library",
            }));
            onLoad({ filter: /./, namespace: "library" }, ({ path }) => ({
                contents: libraries[path] ?? "",
                resolveDir: root,
            }));
            onResolve(
                { filter: new RegExp(`(^|/)(${names.join("|")})(\\.js)?$`) },
                ({ path, kind, importer, namespace }) => {
                    const isOwn = kind !== "entry-point" && namespace === "file" && !importer.includes("node_modules");
                    const file = LIBRARIES[/** @type {keyof typeof LIBRARIES} */ (path)] ?? basename(path, ".js");
                    return isOwn ? { path: `./${file}.js`, external: true } : undefined;
                },
            );
        },
    };
}

/** @param {string} root */
export async function bundlePlugin(root) {
    const folder = join(root, "dist", "plugin");
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await build({
        absWorkingDir: root,
        entryPoints: {
            [PLUGIN]: "plugin/main.ts",
            ...FILES,
            ...Object.fromEntries(Object.values(LIBRARIES).map((name) => [name, `library:${name}`])),
        },
        plugins: [ownFiles(root)],
        outdir: folder,
        bundle: true,
        platform: "node",
        target: "node22",
        format: "cjs",
        // Node.js would first search an imported file for its exports, which takes longer than running it. So the
        // bundle uses `require`.
        supported: { "dynamic-import": false },
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

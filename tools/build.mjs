// Compiles the package into dist/, and bundles the plugin and the page of the drift report. Runs on `npm install` in a
// clone (script "prepare") and by `npm run build`.
import { spawnSync } from "node:child_process";
import { utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeStale } from "./built.mjs";
import { buildWithTools, hasTools } from "./buildTools.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function build() {
    const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
    const since = new Date();
    const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
    if (status !== 0) {
        process.exitCode = status ?? 1;
        return;
    }
    removeStale(root);
    // These modules need the build tools, so they are imported only after the check for these tools.
    const [{ bundlePlugin }, { bundlePage }] = await Promise.all([import("./bundle.mjs"), import("./reportPage.mjs")]);
    await Promise.all([bundlePlugin(root), bundlePage(root)]);
    // tools/built.mjs compares the time of dist/.built with the times of the sources. The compiler's own file
    // .tsbuildinfo cannot replace dist/.built, because the compiler writes .tsbuildinfo even after an error.
    writeFileSync(join(root, "dist", ".built"), "");
    utimesSync(join(root, "dist", ".built"), since, since);
}

if (hasTools(root)) await build();
else await buildWithTools(root, process.env, build);

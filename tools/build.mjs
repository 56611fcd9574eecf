// Compiles the package into dist/, and bundles the plugin and the page of the drift report. Runs on `npm install` in a
// clone (script "prepare") and by `npm run build`.
import { spawnSync } from "node:child_process";
import { utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundlePlugin } from "./bundle.mjs";
import { removeStale } from "./built.mjs";
import { bundlePage } from "./reportPage.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const since = new Date();
const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
if (status === 0) {
    removeStale(root);
    await Promise.all([bundlePlugin(root), bundlePage(root)]);
    // tools/built.mjs compares this file's time with the sources. The compiler writes its own file even after an error.
    writeFileSync(join(root, "dist", ".built"), "");
    utimesSync(join(root, "dist", ".built"), since, since);
}
process.exit(status ?? 1);

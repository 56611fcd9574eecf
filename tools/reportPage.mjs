// @ts-check
// Bundles the page of the drift report (cli/report/html/page/) into dist/: a script for the browser, its styles, and a
// module with which Node.js renders the page for the first time.
import { join } from "node:path";
import { build } from "esbuild";

const PAGE = join("cli", "report", "html", "page");
/** Both scripts contain Preact, and Preact's licence requires this notice. */
const NOTICE = "/*! Contains Preact (https://preactjs.com), copyright (c) 2015-present Jason Miller, MIT licence */";

/** @param {string} root */
export async function bundlePage(root) {
    const shared = /** @type {const} */ ({
        absWorkingDir: root,
        bundle: true,
        outdir: join("dist", PAGE),
        jsx: "automatic",
        jsxImportSource: "preact",
        legalComments: "none",
        logLevel: "warning",
    });
    await build({
        ...shared,
        entryPoints: [join(PAGE, "browser.tsx"), join(PAGE, "page.css")],
        minify: true,
        platform: "browser",
        format: "iife",
        target: "es2022",
        banner: { js: NOTICE },
    });
    await build({
        ...shared,
        entryPoints: [join(PAGE, "node.tsx")],
        platform: "node",
        format: "cjs",
        target: "node22",
        banner: { js: NOTICE },
    });
}

// Writes the report as one HTML file. The file loads nothing from elsewhere, so it also opens from a mail and without a
// network.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import type { Report } from "../model";
import type { PageData } from "./page/data";
import { packed } from "./page/packing";
import { pageData } from "./pageData";

/** The script, the styles and the rendering function that tools/reportPage.mjs builds from `page/`. */
interface Bundle {
    readonly script: string;
    readonly style: string;
    readonly renderPage: (data: PageData) => string;
}

export function renderHtml(report: Report): string {
    const data = pageData(report);
    const { script, style, renderPage } = bundle();
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>Restore Portal drift report, ${data.createdAt.slice(0, 10)}</title>
<style>${style}</style>
</head>
<body>
<div id="page">${renderPage(data)}</div>
<noscript><p>To search, to filter, and to open a row, open this file in a browser that runs scripts.</p></noscript>
<script type="application/json" id="data">${embedded(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/**
 * Returns the page's content security policy: only this script and this style apply, and the page can neither load nor
 * send anything.
 */
function policy(script: string, style: string): string {
    const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    return [
        "default-src 'none'",
        `script-src ${hash(script)}`,
        `style-src ${hash(style)}`,
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].join("; ");
}

/** JSON without "<" can neither end its element nor begin a comment or another element. */
function embedded(data: PageData): string {
    return packed(data).replaceAll("<", "\\u003c");
}

let loaded: Bundle | undefined;

function bundle(): Bundle {
    if (loaded) return loaded;
    const root = dirname(require.resolve("pulumi-restore-portal/package.json"));
    const folder = join(root, "dist", "cli", "report", "html", "page");
    const { renderPage } = createRequire(__filename)(join(folder, "node.js")) as Pick<Bundle, "renderPage">;
    loaded = {
        script: readFileSync(join(folder, "browser.js"), "utf8"),
        style: readFileSync(join(folder, "page.css"), "utf8"),
        renderPage,
    };
    return loaded;
}

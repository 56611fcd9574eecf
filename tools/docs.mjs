// @ts-check
// Writes docs/reference/ from the docstrings, the types of the report and the command line's help (`npm run docs`).
// `node tools/docs.mjs --check` writes nothing, and fails if a file is out of date.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "./built.mjs";
import { ensureInstalled, otherNode } from "./node22.mjs";
import { say } from "./progress.mjs";
import { attach } from "./run.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "docs", "reference");

/** @param {string[]} args */
async function main(args) {
    const isCheck = args.includes("--check");
    const unknown = args.filter((arg) => arg !== "--check");
    if (unknown.length > 0) throw new Error(`unknown option ${unknown.join(" ")}; the only option is --check`);
    await ensureInstalled(root, process.env);
    const node = await otherNode(root, process.env);
    if (node) return attach(node, [fileURLToPath(import.meta.url), ...args], { env: process.env });
    // The page of the command line contains the help that the built command prints, so the sources must be built.
    await ensureBuilt(root);
    const { referencePages } = await import("./docs/pages.mjs");
    const pages = await referencePages(root);
    return isCheck ? check(pages) : write(pages);
}

/** @param {ReadonlyMap<string, string>} pages */
function write(pages) {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
    for (const [name, text] of pages) writeFileSync(join(folder, name), text);
    say(`wrote ${pages.size} pages to docs/reference/`);
    return 0;
}

/** @param {ReadonlyMap<string, string>} pages */
function check(pages) {
    const existing = existsSync(folder) ? readdirSync(folder) : [];
    const stale = [
        ...[...pages].filter(([name, text]) => stored(name) !== text).map(([name]) => name),
        ...existing.filter((name) => !pages.has(name)),
    ];
    for (const name of stale) say(`docs/reference/${name} is out of date`);
    if (stale.length > 0) say("run `npm run docs` and commit the changed pages");
    return stale.length > 0 ? 1 : 0;
}

/** @param {string} name */
function stored(name) {
    const file = join(folder, name);
    // A checkout on Windows may have other line ends, so line ends are not compared.
    return existsSync(file) ? readFileSync(file, "utf8").replaceAll("\r\n", "\n") : undefined;
}

try {
    process.exitCode = await main(process.argv.slice(2));
} catch (error) {
    say(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
}

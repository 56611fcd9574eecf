// @ts-check
// stdin: a PowerShell script; stdout: what its grammar finds wrong, as a JSON list. In a process of its own, because the
// parser loads itself by a dynamic import, which Jest's sandbox has not. With --liftoff-only it takes a fifth of a second,
// not 20: the grammar is one huge function, which is not worth optimizing.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
/** @type {typeof import("@vscode/tree-sitter-wasm")} */
const { Language, Parser } = require("@vscode/tree-sitter-wasm");

await Parser.init();
const grammar = require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm");
const parser = new Parser();
parser.setLanguage(await Language.load(readFileSync(grammar)));
/** @type {string[]} */
const faults = [];
/** @param {import("@vscode/tree-sitter-wasm").Node} node */
const walk = (node) => {
    if (node.isError || node.isMissing) {
        faults.push(`line ${node.startPosition.row + 1}: ${JSON.stringify(node.text.slice(0, 40))}`);
    }
    for (const one of node.children) if (one) walk(one);
};
const tree = parser.parse(readFileSync(0, "utf8"));
if (!tree) throw new Error("no tree");
walk(tree.rootNode);
console.log(JSON.stringify(faults));

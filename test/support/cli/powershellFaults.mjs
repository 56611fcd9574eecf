// @ts-check
// Reads a PowerShell script from stdin and prints its syntax errors as a JSON list. It runs in a separate process,
// because the parser uses a dynamic import, which Jest's sandbox does not have. With `--liftoff-only` the process takes
// 0.2 s instead of 20 s, because V8 then does not optimize the grammar, which is one huge function.
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
if (!tree) throw new Error("the parser returned no syntax tree");
walk(tree.rootNode);
console.log(JSON.stringify(faults));

// Lints texts instead of files with ESLint's API and the project's settings. Reads JSON and prints JSON. This is a
// separate process, because ESLint loads its settings by a dynamic import, which jest does not allow.
import { readFileSync } from "node:fs";
import { ESLint } from "eslint";

/** @type {{ file: string, text: string }[]} */
const texts = JSON.parse(readFileSync(0, "utf8"));
const eslint = new ESLint();
const results = [];
for (const { file, text } of texts) {
    const [result] = await eslint.lintText(text, { filePath: file });
    results.push((result?.messages ?? []).map(({ ruleId, message }) => `${ruleId}: ${message}`));
}
process.stdout.write(JSON.stringify(results));

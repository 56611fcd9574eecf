// Lints texts in place of files, by ESLint's own API and the project's settings: JSON in, JSON out. A process of its own,
// because ESLint loads its settings by a dynamic import, which jest does not allow.
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

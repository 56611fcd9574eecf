// Compiles the programs in README.md and docs/.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import ts from "typescript";

import { documentedPrograms } from "../support/engine/readme";

const ROOT = resolve(__dirname, "../..");

test("each program of the guides compiles against the package's published types", () => {
    const programs = documentedPrograms();
    expect(programs.length).toBeGreaterThanOrEqual(5);
    const base = join(ROOT, ".portal");
    mkdirSync(base, { recursive: true });
    // The folder is in the checkout, so that the programs find the package by its name.
    const folder = mkdtempSync(join(base, "readme-"));
    try {
        // The page about unit tests imports the README's program from this file.
        writeFileSync(join(folder, "index.ts"), programs[0] ?? "");
        const files = programs.map((program, index) => {
            const file = join(folder, `program${index}.ts`);
            writeFileSync(file, program);
            return file;
        });
        const { options } = ts.parseJsonConfigFileContent(
            ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)).config,
            ts.sys,
            ROOT,
        );
        const problems = ts.getPreEmitDiagnostics(ts.createProgram(files, { ...options, rootDir: ROOT }));
        expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
    } finally {
        rmSync(folder, { recursive: true });
    }
});

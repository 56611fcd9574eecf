// Compiles a program of stacks/ to JavaScript, and puts the result into a workspace.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import ts from "typescript";

import type { Workspace } from "./workspace";

const STACKS = resolve(__dirname, "../../../stacks");
const COMPILER_OPTIONS = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };

/** `name`: the folder of the program in stacks/. */
export function writeStackProgram(workspace: Workspace, name: string): void {
    const folder = join(STACKS, name);
    for (const file of readdirSync(folder).filter((one) => one.endsWith(".ts"))) {
        const source = readFileSync(join(folder, file), "utf8");
        const { outputText } = ts.transpileModule(source, { compilerOptions: COMPILER_OPTIONS });
        workspace.write(file.replace(/ts$/, "js"), outputText);
    }
}

// Runs a program of stacks/ on the real engine, in a workspace of its own.
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

import ts from "typescript";

import { Workspace } from "../engine/workspace";

const ROOT = resolve(__dirname, "../../..");
const COMPILER_OPTIONS = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };

/** Adds azuread's SDK to a workspace's packages. */
export function linkAzuread(workspace: Workspace): Workspace {
    const name = "node_modules/@pulumi/azuread";
    symlinkSync(join(ROOT, name), join(workspace.folder, name));
    return workspace;
}

/** Makes a workspace with the program of a folder of stacks/, and sets its configuration. */
export async function stackWorkspace(
    name: string,
    env: Record<string, string>,
    config: Record<string, unknown> = {},
): Promise<Workspace> {
    const workspace = linkAzuread(new Workspace({ env }));
    const folder = join(ROOT, "stacks", name);
    for (const file of readdirSync(folder).filter((one) => one.endsWith(".ts"))) {
        const source = readFileSync(join(folder, file), "utf8");
        const { outputText } = ts.transpileModule(source, { compilerOptions: COMPILER_OPTIONS });
        workspace.write(file.replace(/ts$/, "js"), outputText);
    }
    const project = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
    workspace.write(
        "Pulumi.yaml",
        project.replace("main: index.ts", "main: index.js").replace(/^ +tsconfig:.*\n/m, ""),
    );
    await workspace.init();
    configure(workspace, config);
    return workspace;
}

/** Replaces the stack's configuration. */
export function configure(workspace: Workspace, config: Readonly<Record<string, unknown>>): void {
    const project = /^name: (.*)$/m.exec(workspace.read("Pulumi.yaml"))?.[1] ?? "";
    const named = Object.entries(config).map(([key, value]) => [`${project}:${key}`, value]);
    workspace.write("Pulumi.dev.yaml", JSON.stringify({ config: Object.fromEntries(named) as object }));
}

// Makes a separate workspace, in which a test runs a program of stacks/ on the real engine.
import { readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

import { writeStackProgram } from "../engine/stackProgram";
import { Workspace } from "../engine/workspace";

const ROOT = resolve(__dirname, "../../..");

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
    writeStackProgram(workspace, name);
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

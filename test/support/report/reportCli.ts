// Runs `pulumi-restore-portal report` in a workspace, and reads the files that it writes.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Report } from "../../../cli/report/model";
import type { CommandResult, Workspace } from "../engine/workspace";

const CLI = resolve(__dirname, "../../../dist/cli/main.js");

export interface Reported extends CommandResult {
    readonly report: Report;
    /** The text of each written file, by file name. */
    readonly files: Readonly<Record<string, string>>;
}

/** Runs any command of `pulumi-restore-portal`. */
export function runCli(workspace: Workspace, args: readonly string[]): Promise<CommandResult> {
    return workspace.run(process.execPath, [CLI, ...args], { timeoutMs: 600_000 });
}

/** Runs `report`, and reads all forms that it writes. */
export async function runReport(workspace: Workspace, ...args: string[]): Promise<Reported> {
    const out = mkdtempSync(join(workspace.folder, "report-"));
    const result = await runCli(workspace, ["report", "--out", out, ...args]);
    const names = readdirSync(out);
    if (!names.includes("report.json"))
        throw new Error(`report wrote no report.json (exit code ${result.code}):\n${result.output}`);
    const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(out, name), "utf8")]));
    return { ...result, files, report: JSON.parse(files["report.json"] ?? "") as Report };
}

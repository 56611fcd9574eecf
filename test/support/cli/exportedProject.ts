// Runs `export` for an application of the embedded tenant, and reads the configuration that it writes.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { parse } from "yaml";

import { run, type CommandResult } from "../engine/workspace";
import type { TestTenant } from "../tenant/testTenant";

const CLI = resolve(__dirname, "../../../dist/cli/main.js");

export class ExportedProject {
    readonly folder = mkdtempSync(join(tmpdir(), "exported-"));

    constructor(private readonly tenant: TestTenant) {}

    export(applicationId: string, ...more: string[]): Promise<CommandResult> {
        const args = [CLI, "export", "--application-id", applicationId, "--project", "portals", ...more];
        const env = { PATH: process.env["PATH"], ...this.tenant.env };
        return run(process.execPath, [...args, "--out", this.folder], { cwd: this.folder, env, timeoutMs: 60_000 });
    }

    /** The values of the stack's configuration, by the name of the input, without the prefix `portals:`. */
    get inputs(): Record<string, unknown> {
        const text = readFileSync(join(this.folder, "Pulumi.production.yaml"), "utf8");
        const { config } = parse(text) as { config: Record<string, unknown> };
        return Object.fromEntries(
            Object.entries(config).map(([key, value]) => [key.slice("portals:".length), value] as const),
        );
    }
}

// Runs `pulumi-restore-portal` on a stack state that the test provides. A fake Pulumi CLI prints that state.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text as textOf } from "node:stream/consumers";

import { run, type CommandResult } from "../engine/workspace";
import { fakePulumi } from "./fakePulumi";

const CLI = resolve(__dirname, "../../../dist/cli/main.js");

export interface StateEntry {
    readonly type: "RestorePortalApp" | "PortalCertificate" | "PortalServer" | "PortalTenantConsent";
    readonly name: string;
    readonly outputs: Record<string, unknown>;
    readonly delete?: boolean;
}

export class CliOnState {
    readonly folder = mkdtempSync(join(tmpdir(), "cli-"));

    private pulumi: Record<string, string> = {};

    constructor(readonly env: Record<string, string> = {}) {
        this.replacePulumi(`
            if (!args.join(" ").startsWith("stack export --show-secrets --non-interactive")) process.exit(9);
            require("node:fs").writeSync(1, require("node:fs").readFileSync(__dirname + "/state.json"));`);
    }

    /** `script`: the JavaScript that the fake Pulumi CLI runs. */
    replacePulumi(script: string): void {
        this.pulumi = fakePulumi(this.folder, script);
    }

    declare(entries: readonly StateEntry[]): void {
        const resources = entries.map(({ type, name, outputs, ...rest }) => {
            const token = `pulumi-nodejs:dynamic/restorePortal:${type}`;
            return { urn: `urn:pulumi:dev::portals::${token}::${name}`, type: token, outputs, ...rest };
        });
        writeFileSync(join(this.folder, "state.json"), JSON.stringify({ version: 3, deployment: { resources } }));
    }

    run(...args: string[]): Promise<CommandResult> {
        const env = { ...this.pulumi, ...this.env };
        return run(process.execPath, [CLI, ...args], { cwd: this.folder, env, timeoutMs: 60_000 });
    }

    /** Closes the pipe of the standard output before the command writes to it. */
    async runUnread(...args: string[]): Promise<Pick<CommandResult, "code" | "stderr">> {
        const env = { ...process.env, ...this.pulumi, ...this.env };
        const child = spawn(process.execPath, [CLI, ...args], {
            cwd: this.folder,
            env,
            stdio: ["ignore", "pipe", "pipe"],
        });
        child.stdout.destroy();
        const ended = new Promise<number>((done) => child.once("close", (code) => done(code ?? -1)));
        const [code, stderr] = await Promise.all([ended, textOf(child.stderr)]);
        return { code, stderr };
    }

    remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** Returns a value in the form that `pulumi stack export --show-secrets` gives to a secret. */
export function secret(value: unknown): Record<string, string> {
    return {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        plaintext: JSON.stringify(value),
    };
}

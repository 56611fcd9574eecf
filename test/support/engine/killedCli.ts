// Kills the CLI of a deployment while Entra answers a request, and runs the command that recovers the stack.
import type { ChildProcess } from "node:child_process";
import { resolve } from "node:path";

import type { TestTenant } from "../tenant/testTenant";
import type { CommandResult, Workspace } from "./workspace";

const CLI = resolve(__dirname, "../../../dist/cli/main.js");

export interface Moment {
    /** The number of requests that Entra answers before the kill. */
    readonly skip: number;
    readonly effect: "before" | "after";
}

/**
 * Runs `pulumi up`, and kills the CLI at the given request. Returns the signal, or `null` if `pulumi up` ended before.
 * Entra's answer still arrives, so the provider process continues while the next deployment runs.
 */
export async function upKilledAt(tenant: TestTenant, workspace: Workspace, moment: Moment): Promise<string | null> {
    let child: ChildProcess | undefined;
    let exited: Promise<string | null> = Promise.resolve(null);
    tenant.emulator.control.addFault({
        level: "request",
        ...moment,
        appId: tenant.emulator.identity("deployer").clientId,
        meanwhile: async () => {
            child?.kill("SIGKILL");
            await exited;
        },
    });
    await workspace.pulumi(["up", "--yes", "--skip-preview"], {
        onSpawn: (started) => {
            child = started;
            exited = new Promise((done) => started.once("exit", (_code, signal) => done(signal)));
        },
    });
    tenant.emulator.control.clearFaults();
    return exited;
}

/** Runs the package's own command `recover`. `options`: passed on to `pulumi up`. */
export function recover(workspace: Workspace, stack = "dev", ...options: string[]): Promise<CommandResult> {
    const args = [CLI, "recover", "--stack", stack, "--", ...options];
    return workspace.run(process.execPath, args, { timeoutMs: 900_000 });
}

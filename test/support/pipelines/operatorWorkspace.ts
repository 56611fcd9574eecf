// Runs the commands that a workspace of the Pulumi Kubernetes Operator runs for a Stack, with the environment that the
// Stack gives it. No cluster runs here. The commands are those of the operator's agent in version 2.9.0.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { CommandResult } from "../engine/workspace";
import { run } from "../engine/workspace";
import type { Machine } from "./machine";

export interface Stack {
    readonly metadata: { readonly name: string; readonly namespace: string };
    readonly spec: {
        readonly stack: string;
        readonly refresh?: boolean;
        readonly preview?: boolean;
        readonly serviceAccountName: string;
        readonly updateTemplate?: {
            readonly spec: { readonly expectNoChanges?: boolean; readonly continueOnError?: boolean };
        };
        readonly workspaceTemplate: { readonly spec: { readonly env: readonly Variable[] } };
    };
}

interface Variable {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly configMapKeyRef: { readonly key: string } };
}

/** Returns the result of the first command that fails. If no command fails, returns the result of the last command. */
export async function runStack(machine: Machine, stack: Stack): Promise<CommandResult> {
    const folder = machine.checkout();
    const cwd = join(folder, "repository");
    const env = { ...machine.environment(folder), ...environmentOf(machine, stack, folder) };
    const commands = [
        ["install"],
        ["stack", "select", "--stack", stack.spec.stack],
        [...operationOf(stack), "--stack", stack.spec.stack, "--exec-kind", "auto.local"],
    ];
    let result: CommandResult = { code: 0, stdout: "", stderr: "", output: "" };
    for (const command of commands) {
        result = await run("pulumi", [...command, "--non-interactive"], { cwd, env, timeoutMs: 240_000 });
        if (result.code !== 0) break;
    }
    return result;
}

/**
 * Returns the `lastUpdate` in the status of a Stack after a preview. If the preview failed, the message contains the
 * error of Pulumi's Automation API.
 */
export function lastUpdateOf({ code, stdout, stderr }: CommandResult): { state: string; message: string } {
    if (code === 0) return { state: "succeeded", message: "" };
    const error = `failed to run preview: exit status ${code}\ncode: ${code}\nstdout: ${stdout}\nstderr: ${stderr}\n`;
    return { state: "failed", message: `preview failed: ${error}` };
}

/** Returns the arguments of the preview or update that the operator's agent runs for a Stack. */
function operationOf({ spec }: Stack): string[] {
    const { expectNoChanges = false, continueOnError = false } = spec.updateTemplate?.spec ?? {};
    const shared = [
        "--diff",
        ...(spec.refresh === true ? ["--refresh"] : []),
        ...(expectNoChanges ? ["--expect-no-changes"] : []),
    ];
    if (spec.preview === true) return ["preview", ...shared];
    return [
        "up",
        "--yes",
        "--skip-preview",
        "--suppress-progress",
        ...shared,
        ...(continueOnError ? ["--continue-on-error"] : []),
    ];
}

function environmentOf(machine: Machine, { metadata, spec }: Stack, folder: string): Record<string, string> {
    const settings: Readonly<Record<string, string>> = {
        PULUMI_BACKEND_URL: machine.backend,
        AZURE_TENANT_ID: machine.tenant.tenantId,
        AZURE_DEPLOYER_CLIENT_ID: machine.clientIds.deployer,
        AZURE_READER_CLIENT_ID: machine.clientIds.reader,
    };
    machine.subject = `system:serviceaccount:${metadata.namespace}:${spec.serviceAccountName}`;
    // The operator mounts a volume with the token. Here the token is in the job's folder.
    const token = join(folder, "volume/token");
    mkdirSync(join(folder, "volume"));
    writeFileSync(token, machine.issuer.token({ sub: machine.subject }));
    return Object.fromEntries(
        spec.workspaceTemplate.spec.env.map(({ name, value, valueFrom }) => [
            name,
            name === "AZURE_FEDERATED_TOKEN_FILE"
                ? token
                : (value ?? settings[valueFrom?.configMapKeyRef.key ?? ""] ?? ""),
        ]),
    );
}

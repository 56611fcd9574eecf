// The Pulumi CLI, from PATH. Secrets come from it by a pipe alone: never by arguments or files.
import { spawnSync, type StdioOptions } from "node:child_process";

import type { StackChoice } from "./command";

const MAX_STATE_BYTES = 1024 ** 3;

export interface PulumiResult {
    readonly code: number;
    /** Where it was piped. */
    readonly stdout: string;
}

export function runPulumi(args: readonly string[], choice: StackChoice, stdio: StdioOptions): PulumiResult {
    const { stack, cwd } = choice;
    const all = [...args, ...(stack === undefined ? [] : ["--stack", stack])];
    const options = { cwd, stdio, encoding: "utf8", maxBuffer: MAX_STATE_BYTES } as const;
    const { status, error, stdout } = spawnSync("pulumi", all, options);
    if (error) throw new Error(`running pulumi: ${error.message}; is the Pulumi CLI on PATH?`);
    return { code: status ?? 1, stdout };
}

/** A resource of a stack's state, secrets in the clear. */
export interface StackResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly outputs?: Readonly<Record<string, unknown>>;
    /** Replaced, and only waiting to be deleted. */
    readonly delete?: boolean;
}

/** The stack as its last deployment left it. What the CLI has to say or to ask goes to the terminal. */
export function stackResources(choice: StackChoice): StackResource[] {
    // Where somebody sits at a terminal, the CLI may ask for the passphrase.
    const quiet = process.stdin.isTTY ? [] : ["--non-interactive"];
    const args = ["stack", "export", "--show-secrets", ...quiet];
    const { code, stdout } = runPulumi(args, choice, ["inherit", "pipe", "inherit"]);
    if (code !== 0) throw new Error(`reading the stack: pulumi stack export ended with exit code ${code}`);
    const { deployment } = JSON.parse(stdout) as { deployment?: { resources?: StackResource[] } };
    return (deployment?.resources ?? []).map((resource) => inTheClear(resource) as StackResource);
}

/** How an export marks a secret (Pulumi SDK: specialSigKey, specialSecretSig). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function inTheClear(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(inTheClear);
    if (typeof value !== "object" || value === null) return value;
    const { plaintext } = value as { plaintext?: unknown };
    if (SIGNATURE in value && typeof plaintext === "string") return inTheClear(JSON.parse(plaintext));
    return Object.fromEntries(Object.entries(value).map(([name, nested]) => [name, inTheClear(nested)]));
}

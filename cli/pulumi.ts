// Runs the Pulumi CLI from PATH. The secrets of a state reach this process only through a pipe, never through a file.
import { spawn, spawnSync, type StdioOptions } from "node:child_process";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { text as textOf } from "node:stream/consumers";

import { projectFolder } from "../provider/projectFolder";
import { noteSecret } from "../provider/secretTexts";
import type { StackChoice } from "./command";

const MAX_STATE_BYTES = 1024 ** 3;

export interface PulumiResult {
    readonly code: number;
    /** The standard output. Read it only if `stdio` makes a pipe for it. */
    readonly stdout: string;
}

export function runPulumi(args: readonly string[], choice: StackChoice, stdio: StdioOptions): PulumiResult {
    const { stack, cwd } = choice;
    const options = { cwd, stdio, encoding: "utf8", maxBuffer: MAX_STATE_BYTES } as const;
    const { status, error, stdout } = spawnSync("pulumi", onStack(args, stack), options);
    const problem = error || status !== 0 ? projectProblem(choice) : undefined;
    if (problem) throw problem;
    if (error) throw notStarted(error);
    return { code: status ?? 1, stdout };
}

function onStack(args: readonly string[], stack: string | undefined): string[] {
    return [...args, ...(stack === undefined ? [] : ["--stack", stack])];
}

const NOT_STARTED: Readonly<Record<string, string>> = {
    ENOENT: "install the Pulumi CLI, or add it to PATH",
    EACCES: "this user is not allowed to run the Pulumi CLI that is on PATH; correct the rights of its file",
    ENOBUFS: "the stack's state is larger than 1 GiB, which this command cannot read; move resources to another stack",
};

function notStarted(error: Error): Error {
    const { code, message } = error as NodeJS.ErrnoException;
    const remedy = NOT_STARTED[code ?? ""];
    return new Error(`running pulumi: ${message}${remedy === undefined ? "" : `; ${remedy}`}`);
}

export interface PipedOptions extends StackChoice {
    readonly env?: Readonly<Record<string, string>>;
    readonly onLine: (line: string) => void;
}

/**
 * Runs the CLI without a terminal, and passes each line of its standard output to `onLine` immediately. Several calls
 * can run at the same time.
 */
export async function pipePulumi(
    args: readonly string[],
    { stack, cwd, env = {}, onLine }: PipedOptions,
): Promise<{ readonly code: number; readonly stderr: string }> {
    const wrong = folderProblem(cwd);
    if (wrong) throw wrong;
    const child = spawn("pulumi", onStack([...args, "--non-interactive"], stack), {
        cwd,
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<number>((done, fail) => {
        child.on("error", (error) => fail(notStarted(error)));
        child.on("close", (code) => done(code ?? 1));
    });
    createInterface({ input: child.stdout }).on("line", onLine);
    const [code, stderr] = await Promise.all([ended, textOf(child.stderr)]);
    const problem = code === 0 ? undefined : projectProblem({ cwd });
    if (problem) throw problem;
    return { code, stderr };
}

/**
 * Returns an error if the folder is not in a Pulumi project. With `--stack`, Pulumi's own error can be about the name
 * of the stack instead of the folder.
 */
function projectProblem({ cwd }: StackChoice): Error | undefined {
    const folder = resolve(cwd ?? "");
    if (folderProblem(cwd) !== undefined || projectFolder(folder) !== undefined) return folderProblem(cwd);
    return new Error(
        `running pulumi: there is no Pulumi project in ${folder} or above it; run the command in the folder of the program (where Pulumi.yaml is), or name that folder with --cwd`,
    );
}

/** For a folder that does not exist, Node.js reports that the program `pulumi` does not exist. */
function folderProblem(cwd: string | undefined): Error | undefined {
    const folder = resolve(cwd ?? "");
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return undefined;
    return new Error(`running pulumi: ${folder} is not a folder; name the folder of the program with --cwd`);
}

/** A resource in a stack's state, with its secrets in plain text. */
export interface StackResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly outputs?: Readonly<Record<string, unknown>>;
    /** Pulumi has replaced the resource and still has to delete it. */
    readonly delete?: boolean;
}

/** Returns the resources in the stack's state. The CLI writes its messages to the standard error of this process. */
export function stackResources(choice: StackChoice): StackResource[] {
    // Without a terminal, nobody could answer a prompt of the CLI.
    const quiet = process.stdin.isTTY ? [] : ["--non-interactive"];
    const args = ["stack", "export", "--show-secrets", ...quiet];
    const { code, stdout } = runPulumi(args, choice, ["inherit", "pipe", "inherit"]);
    if (code !== 0) {
        const remedy = "correct the error above, or choose the stack with --stack and --cwd";
        throw new Error(`reading the stack: pulumi stack export ended with exit code ${code}; ${remedy}`);
    }
    return resourcesIn(stdout);
}

/** The reason for a failure of the Pulumi CLI that wrote no message, for example because somebody ended it. */
export function endedSilently(code: number): string {
    return `the Pulumi CLI ended with exit code ${code} and without a message`;
}

/** Works like `stackResources`, but without a terminal, so that several exports can run at the same time. */
export async function readStackResources(choice: StackChoice): Promise<StackResource[]> {
    const lines: string[] = [];
    const args = ["stack", "export", "--show-secrets"];
    const { code, stderr } = await pipePulumi(args, { ...choice, onLine: (line) => lines.push(line) });
    if (code !== 0) throw new Error(`reading the stack: ${stderr.trim() || endedSilently(code)}`);
    return resourcesIn(lines.join("\n"));
}

function resourcesIn(exported: string): StackResource[] {
    const { deployment } = JSON.parse(exported) as { deployment?: { resources?: StackResource[] } };
    const resources = deployment?.resources ?? [];
    resources.forEach(noteSecrets);
    return resources.map((resource) => inTheClear(resource) as StackResource);
}

/**
 * Notes the secret inputs that are strings or lists, so that messages hide their values. Objects are not noted: if one
 * input is secret, the whole output `desired` is secret, although most of its values are not. A PortalCertificate is
 * left out, because no message contains its secrets.
 */
function noteSecrets({ type, outputs = {} }: StackResource): void {
    if (type.endsWith(":PortalCertificate")) return;
    const inputs = Object.entries(outputs).filter(([name]) => !name.startsWith("__"));
    inTheClear(Object.fromEntries(inputs), (value) => {
        if (typeof value === "string" || Array.isArray(value)) noteSecret(value);
    });
}

/** The key that marks a secret in an export (Pulumi SDK: specialSigKey). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function inTheClear(value: unknown, onSecret: (value: unknown) => void = () => undefined): unknown {
    if (Array.isArray(value)) return value.map((one) => inTheClear(one, onSecret));
    if (typeof value !== "object" || value === null) return value;
    const { plaintext } = value as { plaintext?: unknown };
    if (SIGNATURE in value && typeof plaintext === "string") {
        const clear = inTheClear(JSON.parse(plaintext));
        onSecret(clear);
        return clear;
    }
    return Object.fromEntries(Object.entries(value).map(([name, nested]) => [name, inTheClear(nested, onSecret)]));
}

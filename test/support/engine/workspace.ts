// Makes a Pulumi project in a temporary folder, like the project of a user, and runs the real Pulumi CLI in it.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

import { faceOfTests, installNative, type Face } from "./faces";

export interface CommandResult {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
    /** Standard output and standard error together, because a message can be in either of them. */
    readonly output: string;
}

export interface PortalSpec {
    readonly args: Record<string, unknown>;
    readonly options?: Record<string, unknown>;
}

/**
 * The resources of the test's program. In the inputs of a portal, `"$certificate:<name>"` stands for the output
 * `certificate` of the PortalCertificate with that name.
 */
export interface ProgramSpec {
    readonly certificates?: Record<string, Record<string, unknown>>;
    readonly portals?: Record<string, PortalSpec>;
}

const ROOT = resolve(__dirname, "../../..");

const PROGRAM = `
const fs = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { PortalCertificate, RestorePortalApp } = require("pulumi-restore-portal");
const spec = JSON.parse(fs.readFileSync(__dirname + "/program.json", "utf8"));
const certificates = {};
for (const [name, args] of Object.entries(spec.certificates ?? {})) {
    certificates[name] = new PortalCertificate(name, args);
    exports["pfx-" + name] = certificates[name].pfx;
    exports["pfxPassword-" + name] = certificates[name].pfxPassword;
}
const resolved = (value) =>
    typeof value === "string" && value.startsWith("$certificate:") ? certificates[value.slice(13)].certificate : value;
for (const [name, { args, options }] of Object.entries(spec.portals ?? {})) {
    const inputs = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, resolved(value)]));
    const portal = new RestorePortalApp(name, inputs, options);
    exports["applicationId-" + name] = portal.applicationId;
}
`;

const PROJECT = `name: portals
main: index.js
runtime: { name: nodejs, options: { typescript: false } }
options: { refresh: always }
`;

export interface WorkspaceOptions {
    readonly env?: Record<string, string>;
    readonly stack?: string;
    /** Another workspace, whose backend this one shares. */
    readonly backend?: Workspace;
    /** The face by which the workspace's programs use the provider. Default: the face of the test file. */
    readonly face?: Face;
}

export class Workspace {
    readonly folder = mkdtempSync(join(tmpdir(), "portal-"));
    readonly stack: string;
    readonly stateFolder: string;
    env: Record<string, string>;

    constructor(options: WorkspaceOptions = {}) {
        this.stack = options.stack ?? "dev";
        this.env = options.env ?? {};
        this.stateFolder = options.backend?.stateFolder ?? join(this.folder, "state");
        for (const name of ["state", "home", "tmp", "node_modules/@pulumi"])
            mkdirSync(join(this.folder, name), { recursive: true });
        if ((options.face ?? faceOfTests()) === "native") installNative(this.folder);
        else this.linkPackage();
        // On Windows, a junction needs no special privilege, but a symbolic link does.
        const sdk = join(ROOT, "node_modules/@pulumi/pulumi");
        symlinkSync(sdk, join(this.folder, "node_modules/@pulumi/pulumi"), "junction");
        writeFileSync(join(this.folder, "Pulumi.yaml"), PROJECT);
        writeFileSync(join(this.folder, "package.json"), JSON.stringify({ name: "portals", private: true }));
        writeFileSync(join(this.folder, "index.js"), PROGRAM);
    }

    /** Links the checkout into the workspace. Programs then import it as the package of dynamic resources. */
    linkPackage(): void {
        symlinkSync(ROOT, join(this.folder, "node_modules/pulumi-restore-portal"), "junction");
    }

    declare(spec: ProgramSpec): void {
        this.write("program.json", JSON.stringify(spec));
    }

    write(name: string, text: string): void {
        writeFileSync(join(this.folder, name), text);
    }

    /** Runs the CLI with `--non-interactive` on the workspace's stack. */
    pulumi(args: readonly string[], options: PulumiOptions = {}): Promise<CommandResult> {
        return this.run("pulumi", [...args, "--non-interactive"], options);
    }

    /** Runs a command in the project's folder, with the environment of this workspace. */
    run(command: string, args: readonly string[], options: PulumiOptions = {}): Promise<CommandResult> {
        const env = { ...this.baseEnvironment(), ...this.env, ...options.env };
        const { timeoutMs = 240_000, onSpawn } = options;
        return run(command, args, { cwd: this.folder, env, timeoutMs, onSpawn });
    }

    /** Ends the processes of this workspace that a killed CLI left running. Returns their number. Linux only. */
    endOrphans(): number {
        const orphans = this.orphans();
        for (const pid of orphans) process.kill(Number(pid), "SIGKILL");
        return orphans.length;
    }

    /** Returns the ids of this workspace's processes whose command line contains `command`. Linux only. */
    orphans(command = ""): string[] {
        const mine = `TMPDIR=${join(this.folder, "tmp")}`;
        return readdirSync("/proc")
            .filter((name) => /^\d+$/.test(name))
            .filter((pid) => environmentOf(pid).includes(mine) && commandOf(pid).includes(command));
    }

    async init(): Promise<this> {
        expectSuccess(await this.pulumi(["stack", "init", this.stack]));
        return this;
    }

    async up(...args: string[]): Promise<CommandResult> {
        return this.pulumi(["up", "--yes", "--skip-preview", ...args]);
    }

    async upOk(...args: string[]): Promise<CommandResult> {
        return expectSuccess(await this.up(...args));
    }

    async preview(...args: string[]): Promise<CommandResult> {
        return this.pulumi(["preview", "--diff", ...args]);
    }

    /** Checks that a preview shows no change. */
    async previewUnchanged(): Promise<CommandResult> {
        return expectSuccess(await this.preview("--expect-no-changes"));
    }

    async destroy(...args: string[]): Promise<CommandResult> {
        return this.pulumi(["destroy", "--yes", "--skip-preview", ...args]);
    }

    async destroyOk(): Promise<CommandResult> {
        return expectSuccess(await this.destroy());
    }

    async exportState(...args: string[]): Promise<StackState> {
        return JSON.parse(expectSuccess(await this.pulumi(["stack", "export", ...args])).stdout) as StackState;
    }

    async importState(state: StackState): Promise<void> {
        const file = join(this.folder, "import.json");
        writeFileSync(file, JSON.stringify(state));
        expectSuccess(await this.pulumi(["stack", "import", "--file", file]));
    }

    /** Returns the outputs of the resource with that name from state. `--show-secrets` includes secrets. */
    async outputsOf(name: string, ...args: string[]): Promise<Record<string, unknown>> {
        const { deployment } = await this.exportState(...args);
        const found = deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
        if (!found) throw new Error(`state has no resource ${name}`);
        return Object.fromEntries(Object.entries(found.outputs).map(([key, value]) => [key, inTheClear(value)]));
    }

    async output(name: string): Promise<string> {
        const args = ["stack", "output", name, "--show-secrets"];
        return expectSuccess(await this.pulumi(args)).stdout.trim();
    }

    read(path: string): string {
        return readFileSync(join(this.folder, path), "utf8");
    }

    /** Removes a file of the workspace. Without a name, removes the whole workspace. */
    remove(name = ""): void {
        rmSync(join(this.folder, name), { recursive: true, force: true });
    }

    private baseEnvironment(): Record<string, string> {
        const path = [join(ROOT, "node_modules/.bin"), process.env["PULUMI_ENGINE"] ?? "", process.env["PATH"] ?? ""];
        return {
            PATH: path.filter(Boolean).join(delimiter),
            HOME: join(this.folder, "home"),
            TMPDIR: join(this.folder, "tmp"),
            PULUMI_HOME: join(this.folder, "home/.pulumi"),
            PULUMI_BACKEND_URL: `file://${this.stateFolder}`,
            PULUMI_CONFIG_PASSPHRASE: "",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_STACK: this.stack,
            RESTORE_PORTAL_WAIT_SECONDS: "10",
            // Without this setting, a destroy would refuse to delete an application with entries of others.
            RESTORE_PORTAL_DELETE_OTHERS: "all",
            // The cache makes the provider process and the program start faster. tools/compileCache.mjs fills it.
            NODE_COMPILE_CACHE: join(ROOT, "node_modules/.cache/compiled-modules"),
        };
    }
}

function environmentOf(pid: string): string[] {
    return processFile(pid, "environ").split("\0");
}

function commandOf(pid: string): string {
    return processFile(pid, "cmdline").replaceAll("\0", " ");
}

function processFile(pid: string, name: string): string {
    try {
        return readFileSync(`/proc/${pid}/${name}`, "utf8");
    } catch {
        // The process has ended, or it belongs to another user.
        return "";
    }
}

export interface PulumiOptions {
    readonly env?: Record<string, string | undefined>;
    readonly timeoutMs?: number;
    readonly onSpawn?: ((child: ChildProcess) => void) | undefined;
}

export interface StackState {
    version: number;
    deployment: {
        resources?: {
            urn: string;
            type: string;
            id?: string;
            inputs: Record<string, unknown>;
            outputs: Record<string, unknown>;
        }[];
        [key: string]: unknown;
    };
}

/** With `--show-secrets`, an export contains a secret as JSON text inside an object. */
function inTheClear(value: unknown): unknown {
    const { plaintext } = (value ?? {}) as { plaintext?: unknown };
    return typeof plaintext === "string" ? JSON.parse(plaintext) : value;
}

export function expectSuccess(result: CommandResult): CommandResult {
    if (result.code !== 0) throw new Error(`the command ended with exit code ${result.code}\n${result.output}`);
    return result;
}

interface RunOptions {
    readonly cwd: string;
    readonly env: Record<string, string | undefined>;
    readonly timeoutMs: number;
    readonly onSpawn?: ((child: ChildProcess) => void) | undefined;
}

export function run(command: string, args: readonly string[], options: RunOptions): Promise<CommandResult> {
    return new Promise((done, fail) => {
        const child = spawn(command, args, {
            cwd: options.cwd,
            env: options.env,
            stdio: ["ignore", "pipe", "pipe"],
        });
        options.onSpawn?.(child);
        const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs);
        let stdout = "";
        let stderr = "";
        child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
        child.on("error", fail);
        child.on("close", (code) => {
            clearTimeout(timer);
            done({ code: code ?? -1, stdout, stderr, output: `${stdout}\n${stderr}` });
        });
    });
}

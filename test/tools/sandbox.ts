// Makes a folder with its own home, cache and PATH. A script that uses this PATH finds only common programs and the
// programs that a test adds.
import { spawn, spawnSync } from "node:child_process";
import {
    chmodSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../..");

/** The programs that shell scripts and npm need. pulumi and go are deliberately missing. */
const TOOLS = "sh bash env npm curl wget tar gzip mktemp mkdir cp rm cat sleep touch ln chmod dirname uname sed".split(
    " ",
);

if (Number(process.versions.node.split(".")[0]) < 22)
    throw new Error("these tests need Node 22 or later; start them with `npm run test:unit`");

export interface Outcome {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

export class Sandbox {
    readonly folder = mkdtempSync(join(tmpdir(), "set-up-"));
    /** The first folder on PATH. It contains the fake programs. */
    readonly bin = join(this.folder, "bin");
    readonly cache = join(this.folder, "cache");
    env: Record<string, string>;

    constructor() {
        const tools = join(this.folder, "tools-on-path");
        for (const folder of [this.bin, this.cache, tools, join(this.folder, "home"), join(this.folder, "tmp")])
            mkdirSync(folder);
        symlinkSync(process.execPath, join(tools, "node"));
        for (const [name, path] of TOOLS.map((tool) => [tool, whereIs(tool)] as const))
            if (path) symlinkSync(path, join(tools, name));
        this.env = {
            PATH: [this.bin, tools].join(delimiter),
            HOME: join(this.folder, "home"),
            TMPDIR: join(this.folder, "tmp"),
            XDG_CACHE_HOME: this.cache,
            LOG: join(this.folder, "log"),
        };
    }

    /** Writes a shell script into `bin`, or into another folder. */
    script(name: string, body: string, folder = this.bin): string {
        return this.write(join(folder, name), `#!/bin/sh\n${body}\n`, 0o755);
    }

    write(path: string, text: string, mode = 0o644): string {
        const file = resolve(this.folder, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        chmodSync(file, mode);
        return file;
    }

    /** Returns the lines that fake programs wrote to the file `$LOG`. */
    log(): string[] {
        return existsSync(this.env["LOG"]!) ? readFileSync(this.env["LOG"]!, "utf8").trim().split("\n") : [];
    }

    start(args: readonly string[], options: { cwd?: string } = {}) {
        const child = spawn(process.execPath, args, {
            cwd: options.cwd ?? this.folder,
            env: this.env,
            stdio: ["ignore", "pipe", "pipe"],
        });
        let stdout = "";
        let stderr = "";
        child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
        const outcome = new Promise<Outcome>((done) =>
            child.on("close", (code) => done({ code: code ?? -1, stdout, stderr })),
        );
        return { child, outcome };
    }

    run(args: readonly string[], options: { cwd?: string } = {}): Promise<Outcome> {
        return this.start(args, options).outcome;
    }

    /** Runs `node tools/engine.mjs`, which prints the engine as JSON. */
    findEngine(): Promise<Outcome> {
        return this.run([join(ROOT, "tools/engine.mjs")]);
    }

    remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}

export interface FoundEngine {
    bin: string;
    version: string;
    source: string;
}

export function engineOf({ code, stdout, stderr }: Outcome): FoundEngine {
    if (code !== 0) throw new Error(`the command ended with exit code ${code}\n${stderr}`);
    return JSON.parse(stdout) as FoundEngine;
}

/** Returns the body of a shell script that replaces the Pulumi CLI. */
export function printsVersion(version: string): string {
    return `echo v${version}`;
}

function whereIs(tool: string): string | undefined {
    const { stdout, error } = spawnSync("/bin/sh", ["-c", `command -v ${tool}`], { encoding: "utf8" });
    if (error) throw error;
    return stdout.trim() || undefined;
}

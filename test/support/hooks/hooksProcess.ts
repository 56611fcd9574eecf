// Starts a child process that runs the hooks of a resource. A test can kill it at any request.
import { fork, type ChildProcess } from "node:child_process";
import { join, resolve } from "node:path";

import { faceOfTests } from "../engine/faces";
import { compiled, compiledProvider, type PlantedBug } from "./compiledProvider";

type Json = Record<string, unknown>;

/** A hook threw an error. `halfDone`: the object exists, and the engine would keep it in state. */
export class HookError extends Error {
    constructor(
        message: string,
        readonly code: string,
        readonly halfDone?: { readonly id: string; readonly properties: Json },
    ) {
        super(message);
    }
}

/** The process ended before the hook returned. */
export class ProcessGone extends Error {
    constructor(readonly signal: string | null) {
        super(`the hooks process has ended (${signal ?? "no signal"})`);
    }
}

interface Answer {
    readonly id?: number;
    readonly result?: unknown;
    /** A pause of the provider in milliseconds. Only a process with a simulated clock reports it. */
    readonly sleep?: number;
    readonly error?: { message: string; name: string; halfDone?: { id: string; properties: Json } };
}

export interface HooksOptions {
    readonly bug?: PlantedBug | undefined;
    /** If set, the provider's pauses take no real time. This function must advance the tenant's clock by each pause. */
    readonly onSleep?: (ms: number) => void;
    readonly resource?: "restorePortalApp" | "portalCertificate" | "portalTenantConsent" | "portalServer";
    /** A module of the CLI, such as `cli/report/who/index.js`. Its exported functions run instead of the hooks. */
    readonly command?: string;
    /** The working folder of the hooks process. Default: the working folder of the test. */
    readonly cwd?: string;
    /** Also loads Pulumi's SDK, as the engine's provider process does. Tests of memory need the SDK. */
    readonly withSdk?: boolean;
}

const BASE_ENVIRONMENT = {
    PATH: process.env["PATH"] ?? "",
    RESTORE_PORTAL_WAIT_SECONDS: "15",
    // Without this setting, a destroy would refuse to delete an application with entries of others.
    RESTORE_PORTAL_DELETE_OTHERS: "all",
    PULUMI_HOME: resolve(__dirname, "../../../node_modules/.cache/pulumi-home"),
    NODE_COMPILE_CACHE: resolve(__dirname, "../../../node_modules/.cache/compiled-modules"),
};

export class HooksProcess {
    private readonly child: ChildProcess;
    private readonly waiting = new Map<number, { done: (result: unknown) => void; fail: (error: Error) => void }>();
    private readonly isReady: Promise<void>;
    private readonly exited: Promise<string | null>;
    private last = 0;
    output = "";

    constructor(
        env: Readonly<Record<string, string>>,
        { bug, onSleep, resource = "restorePortalApp", command, cwd, withSdk = false }: HooksOptions = {},
    ) {
        const clock = onSleep ? { TEST_SIMULATED_CLOCK: "1" } : {};
        const sdk = withSdk ? { TEST_WITH_SDK: "1" } : {};
        const folder = command === undefined ? compiledProvider(bug) : join(compiled(["provider", "cli"]), "provider");
        const more = command === undefined ? [] : [join(folder, "..", command)];
        const isNative = faceOfTests() === "native" && command === undefined;
        const host = isNative ? "pluginHost.cjs" : "hooksHost.cjs";
        this.child = fork(join(resolve(__dirname), host), [folder, resource, ...more], {
            env: { ...BASE_ENVIRONMENT, ...clock, ...sdk, ...env },
            cwd,
            stdio: ["ignore", "pipe", "pipe", "ipc"],
        });
        for (const stream of [this.child.stdout, this.child.stderr]) {
            stream?.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
        }
        this.exited = new Promise((done) => this.child.once("exit", (_code, signal) => done(signal)));
        this.isReady = new Promise((done) => this.child.once("message", () => done()));
        this.child.on("message", (answer: Answer) => {
            if (answer.sleep === undefined) {
                this.settle(answer);
            } else {
                onSleep?.(answer.sleep);
                this.child.send({ slept: answer.id });
            }
        });
        void this.exited.then((signal) => {
            for (const { fail } of this.waiting.values()) fail(new ProcessGone(signal));
        });
    }

    async call(hook: string, ...args: unknown[]): Promise<unknown> {
        const gone = this.exited.then((signal) => {
            throw new ProcessGone(signal);
        });
        await Promise.race([this.isReady, gone]);
        const id = ++this.last;
        return new Promise((done, fail) => {
            this.waiting.set(id, { done, fail });
            this.child.send({ id, hook, args });
        });
    }

    /** Disconnects from the process, and waits until the process has ended. */
    async end(): Promise<void> {
        if (this.child.connected) this.child.disconnect();
        await this.exited;
    }

    /** Returns the signal that ended the process. */
    async kill(): Promise<string | null> {
        this.child.kill("SIGKILL");
        return this.exited;
    }

    private settle({ id, result, error }: Answer): void {
        const waiting = this.waiting.get(id ?? 0);
        if (!waiting) return;
        this.waiting.delete(id ?? 0);
        if (error) waiting.fail(new HookError(error.message, error.name, error.halfDone));
        else waiting.done(result);
    }
}

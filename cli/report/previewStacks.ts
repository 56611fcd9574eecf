// Runs the previews of several stacks at the same time. A preview changes nothing.
import { homedir } from "node:os";
import { join } from "node:path";

import { endedSilently, pipePulumi } from "../pulumi";
import type { StackPreview } from "./build";
import { PreviewReader } from "./preview";
import { SELECTED } from "./stackName";

export interface PreviewOptions {
    /** `undefined`: the stack that PULUMI_STACK names, or else the selected stack. */
    readonly stacks: readonly (string | undefined)[];
    readonly cwd: string | undefined;
    /** The number of previews that run at the same time. */
    readonly parallel: number;
    /** `done`: the progress of all previews together, from 0 to 1. */
    readonly onProgress: (done: number) => void;
    readonly onEnd: (stack: StackPreview) => void;
}

export async function previewStacks(options: PreviewOptions): Promise<StackPreview[]> {
    const { stacks, parallel, onProgress, onEnd } = options;
    const { default: pLimit } = await import("p-limit");
    const limit = pLimit(parallel);
    const parts = stacks.map(() => 0);
    return Promise.all(
        stacks.map((stack, index) =>
            limit(async () => {
                const report = (part: number) => {
                    parts[index] = part;
                    onProgress(parts.reduce((sum, one) => sum + one, 0) / stacks.length);
                };
                const previewed = await previewStack(stack, options.cwd, report);
                report(1);
                onEnd(previewed);
                return previewed;
            }),
        ),
    );
}

async function previewStack(
    stack: string | undefined,
    cwd: string | undefined,
    onProgress: (part: number) => void,
): Promise<StackPreview> {
    const reader = new PreviewReader();
    const unread: string[] = [];
    const started = Date.now();
    const { code, stderr } = await pipePulumi(["preview", "--json", "--refresh"], {
        stack,
        cwd,
        env: environment(),
        onLine: (line) => {
            if (!reader.readLine(line)) unread.push(line);
            onProgress(reader.progress);
        },
    });
    // An older CLI does not support the streaming form. It prints one document of many lines, so all lines are read
    // together.
    reader.read(unread.join("\n"));
    const preview = reader.end();
    const name = stack ?? (preview.stack || (process.env["PULUMI_STACK"] ?? SELECTED));
    const failure = code === 0 || preview.errors.length > 0 ? {} : { error: reasonIn(stderr, code) };
    return { name, preview, ...failure, seconds: Math.round((Date.now() - started) / 1000) };
}

function reasonIn(stderr: string, code: number): string {
    const lines = stderr.split("\n").filter((line) => line.trim() !== "");
    const error = lines.find((line) => line.startsWith("error: ")) ?? lines.at(-1);
    return error?.replace(/^error: /, "") ?? endedSilently(code);
}

/** If the Node.js processes of all previews share one cache of compiled modules, each starts a third faster. */
function environment(): Record<string, string> {
    const cache = join(process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"), "restore-portal", "compiled-modules");
    return {
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "1",
        ...(process.env["NODE_COMPILE_CACHE"] === undefined ? { NODE_COMPILE_CACHE: cache } : {}),
    };
}

export async function allStacks(cwd: string | undefined): Promise<string[]> {
    const lines: string[] = [];
    const { code, stderr } = await pipePulumi(["stack", "ls", "--json"], { cwd, onLine: (line) => lines.push(line) });
    if (code !== 0) throw new Error(`listing the stacks: ${reasonIn(stderr, code)}`);
    const names = (JSON.parse(lines.join("\n")) as { readonly name: string }[]).map(({ name }) => name);
    if (names.length === 0) throw new Error("the project has no stack; create one with pulumi stack init");
    return names;
}

/** Returns the version of the Pulumi CLI. */
export async function engineVersion(cwd: string | undefined): Promise<string> {
    const lines: string[] = [];
    await pipePulumi(["version"], { cwd, onLine: (line) => lines.push(line) });
    return lines[0] ?? "";
}

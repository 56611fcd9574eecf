// Runs a command on its own terminal, as a person does, and answers its questions. The program `script` makes the
// terminal.
import { spawn, type ChildProcess } from "node:child_process";

export const ENTER = "\r";
export const DOWN = "\u001b[B";
export const CTRL_C = "\u0003";

/** The text of a question, and the keys that answer it. */
export type Step = readonly [question: string | RegExp, keys: string];

export interface TerminalResult {
    readonly code: number;
    /** Everything that the terminal showed, without colours and without movements of the cursor. */
    readonly output: string;
    /** Everything that the terminal showed, with colours and movements of the cursor. */
    readonly coloured: string;
}

interface TerminalOptions {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly timeoutMs?: number;
}

/** Answers each question as soon as it appears. Ends the command if it takes longer than `timeoutMs` in total. */
export async function onTerminal(
    command: readonly string[],
    steps: readonly Step[],
    { cwd, env, timeoutMs = 120_000 }: TerminalOptions,
): Promise<TerminalResult> {
    const line = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    const child = spawn("script", ["-qfec", `stty cols 200; ${line}`, "/dev/null"], {
        cwd,
        // Node and other programs show no colours if `CI` is set, even on a terminal.
        env: { ...env, CI: undefined, TERM: "xterm" },
        stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<number>((done) => child.once("close", (code) => done(code ?? -1)));
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    try {
        await answer(child, steps, () => plainText(output), ended);
        return { code: await ended, output: plainText(output), coloured: output };
    } finally {
        clearTimeout(timer);
    }
}

async function answer(
    child: ChildProcess,
    steps: readonly Step[],
    shown: () => string,
    ended: Promise<number>,
): Promise<void> {
    const state = { isOver: false };
    void ended.then(() => (state.isOver = true));
    let from = 0;
    for (const [question, keys] of steps) {
        for (;;) {
            const rest = shown().slice(from);
            const at = typeof question === "string" ? rest.indexOf(question) : rest.search(question);
            if (at >= 0) {
                from = shown().length;
                break;
            }
            if (state.isOver) throw new Error(`the command ended before "${String(question)}":\n${shown()}`);
            await new Promise((done) => setTimeout(done, 30));
        }
        child.stdin?.write(keys);
    }
}

function plainText(text: string): string {
    return text.replace(/\u001b\[[0-9;?]*[a-zA-Z]/g, "").replaceAll("\r\n", "\n");
}

// Asks the questions of `init` and `export` on the terminal. Ctrl+C at any question ends the command before it writes
// anything.
import { confirm, input, password, select } from "@inquirer/prompts";

export interface Choice<T> {
    readonly name: string;
    readonly value: T;
}

/** Returns the problem of an answer, or `undefined` if the answer is right. */
export type Problem = (answer: string) => Promise<string | undefined> | string | undefined;

export const terminal = {
    select: <T>(message: string, choices: readonly Choice<T>[]): Promise<T> =>
        select({ message, choices: [...choices], pageSize: 12, loop: false }),

    /** `isStart`: the proposal is only the beginning of an answer, and the person types the rest. */
    text: (message: string, problem: Problem, proposal?: string, isStart = false): Promise<string> =>
        input({
            message,
            ...(proposal === undefined ? {} : { default: proposal }),
            ...(isStart ? { prefill: "editable" } : {}),
            validate: async (answer) => (await problem(answer.trim())) ?? true,
        }).then((answer) => answer.trim()),

    secret: (message: string, problem: Problem): Promise<string> =>
        password({ message, mask: true, validate: async (answer) => (await problem(answer)) ?? true }),

    confirm: (message: string, proposal: boolean): Promise<boolean> => confirm({ message, default: proposal }),
};

export type Terminal = typeof terminal;

/** Returns whether a person can answer on a terminal. In a pipeline, nobody can. */
export function hasTerminal(): boolean {
    return process.stdin.isTTY && process.stdout.isTTY;
}

export function isCtrlC(error: unknown): boolean {
    return error instanceof Error && error.name === "ExitPromptError";
}

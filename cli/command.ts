// What each command of the package's bin is made of.
import type { ParseArgsConfig } from "node:util";

export type Values = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
    /** Options and what it does, as the usage text shows them. */
    readonly usage: string;
    readonly options: NonNullable<ParseArgsConfig["options"]>;
    /** `rest`: what stands behind `--`. Answers the exit code. */
    run(values: Values, rest: readonly string[]): number | Promise<number>;
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {}

/** Options that every command has. */
export const STACK_OPTIONS = { stack: { type: "string" }, cwd: { type: "string" } } as const;

/** Which stack a command is about. */
export interface StackChoice {
    /** Default: the selected stack, or PULUMI_STACK. */
    readonly stack?: string | undefined;
    /** Folder of the program. Default: the current one. */
    readonly cwd?: string | undefined;
}

export function text(values: Values, name: string): string | undefined {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
}

export function stackChoice(values: Values): StackChoice {
    return { stack: text(values, "stack"), cwd: text(values, "cwd") };
}

// Defines the type of a command of `pulumi-restore-portal`, and the options that several commands share.
import type { ParseArgsConfig } from "node:util";

export type Value = string | boolean | undefined;
export type Values = Readonly<Record<string, Value | readonly Value[]>>;

export interface Command {
    /** The text of `--help`: synopsis, description, options, and exit codes. */
    readonly usage: string;
    readonly options: NonNullable<ParseArgsConfig["options"]>;
    /** Whether the command uses the arguments after `--`. Otherwise, such arguments are refused. */
    readonly takesRest?: true;
    /** `rest`: the arguments after `--`. Returns the exit code. */
    run(values: Values, rest: readonly string[]): number | Promise<number>;
}

/** An error in the command line itself, such as an unknown option. The exit code is then 2. */
export class UsageError extends Error {}

/** The options of commands that work on one stack. */
export const STACK_OPTIONS = { stack: { type: "string" }, cwd: { type: "string" } } as const;
export const STACK_OPTIONS_HELP = `      --stack <name>       the stack (default: PULUMI_STACK, or else the selected stack)
      --cwd <folder>       the folder of the Pulumi program (default: the current folder)`;

/** The choice of a stack by the options `--stack` and `--cwd`. */
export interface StackChoice {
    /** Default: PULUMI_STACK, or else the selected stack. */
    readonly stack?: string | undefined;
    /** The folder of the program. Default: the current folder. */
    readonly cwd?: string | undefined;
}

export function text(values: Values, name: string): string | undefined {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
}

/** Returns the values of an option that may be given several times. */
export function texts(values: Values, name: string): string[] {
    return [values[name]].flat().filter((value) => typeof value === "string");
}

export function stackChoice(values: Values): StackChoice {
    return { stack: text(values, "stack"), cwd: text(values, "cwd") };
}

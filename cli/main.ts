#!/usr/bin/env node
// Runs the command that the command line of `pulumi-restore-portal` names, and sets the exit code.
import { parseArgs } from "node:util";

import { plugAndPlayProblem } from "../provider/pulumi/plugAndPlay";
import { UsageError, type Command, type Values } from "./command";
import { doctorCommand } from "./doctor";
import { ExitCode } from "./exitCode";
import { exportCommand } from "./export";
import { handoverCommand } from "./handover";
import { initCommand } from "./init";
import { packageVersion } from "./packageVersion";
import { pipelinesCommand } from "./pipelines";
import { printError } from "./print";
import { recoverCommand } from "./recover";
import { reportCommand } from "./report";

const COMMANDS: Readonly<Record<string, Command>> = {
    init: initCommand,
    export: exportCommand,
    doctor: doctorCommand,
    report: reportCommand,
    handover: handoverCommand,
    pipelines: pipelinesCommand,
    recover: recoverCommand,
};

const usage = (commands: readonly Command[]) =>
    `Usage: pulumi-restore-portal <command> [options]\n\n${commands.map((command) => `  ${command.usage}`).join("\n\n")}`;

async function main([name = "", ...args]: readonly string[]): Promise<number> {
    const problem = plugAndPlayProblem();
    if (problem !== undefined) throw new Error(problem);
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    const end = args.includes("--") ? args.indexOf("--") : args.length;
    const [own, rest] = [args.slice(0, end), args.slice(end + 1)];
    if (name === "--help" || (command && own.includes("--help"))) {
        console.log(usage(command ? [command] : Object.values(COMMANDS)));
        return 0;
    }
    if (name === "--version") {
        console.log(packageVersion());
        return 0;
    }
    if (!command) {
        const names = Object.keys(COMMANDS).join(", ");
        throw new UsageError(
            `${name === "" ? "the command is missing" : `unknown command "${name}"`}; use one of ${names}`,
        );
    }
    if (rest.length > 0 && command.takesRest !== true)
        throw new UsageError(`${name} has no options after --; give its options before --`);
    return command.run(parse(command, own), rest);
}

function parse({ options }: Command, args: readonly string[]) {
    const { values, tokens } = parsed(options, args);
    const given = tokens.flatMap((token) => (token.kind === "option" && token.value !== undefined ? [token] : []));
    for (const [index, { name, value }] of given.entries()) {
        if (value === "") throw new UsageError(`--${name} is empty; give a value, or leave the option out`);
        const isRepeated = given.findIndex((one) => one.name === name) < index;
        if (isRepeated && options[name]?.multiple !== true)
            throw new UsageError(`--${name} is given several times; give it once`);
    }
    return values as Values;
}

function parsed(options: Command["options"], args: readonly string[]) {
    try {
        return parseArgs({ args: [...args], options, tokens: true });
    } catch (error) {
        throw new UsageError(error instanceof Error ? error.message : String(error));
    }
}

// A reader such as `head` may close the pipe early. The command still finishes its work, with its own exit code.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
});

main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
        const isUsage = error instanceof UsageError;
        const message = error instanceof Error ? error.message : String(error);
        printError(`error: ${message}${isUsage ? "\nFor help, run: npx pulumi-restore-portal --help" : ""}`);
        process.exitCode = isUsage ? ExitCode.usage : ExitCode.error;
    },
);

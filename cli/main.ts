#!/usr/bin/env node
// The package's bin: commands for those who operate portals.
import { parseArgs } from "node:util";

import { recover } from "./recover";

const USAGE = `Usage: pulumi-restore-portal <command>

  recover [--stack <name>] [--cwd <folder>] [-- <options for pulumi up>]
      Brings a stack on after a deployment of it was killed: removes its lock, clears pending registrations, reads Entra,
      and runs "pulumi up". Only when no other deployment of the stack is running.`;

function main(): number {
    const args = process.argv.slice(2);
    const end = args.includes("--") ? args.indexOf("--") : args.length;
    const options = { stack: { type: "string" }, cwd: { type: "string" }, help: { type: "boolean" } } as const;
    const { values, positionals } = parseArgs({ args: args.slice(0, end), options, allowPositionals: true });
    if (values.help === true) {
        console.log(USAGE);
        return 0;
    }
    if (positionals.length !== 1 || positionals[0] !== "recover") {
        console.error(USAGE);
        return 2;
    }
    return recover({ stack: values.stack, cwd: values.cwd, upOptions: args.slice(end + 1) });
}

try {
    process.exitCode = main();
} catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
}

// Runs the commands of the demonstration, and shows their output.
import { spawn } from "node:child_process";
import { join } from "node:path";

import type { Emulator } from "../emulator";

interface Ended {
    readonly code: number;
    /** What the command printed to its standard output. */
    readonly output: string;
}

/** Shows the output of the command while the command runs. */
export function run(folder: string, emulator: Emulator, args: string[]): Promise<Ended> {
    const env = {
        ...process.env,
        ...emulator.env,
        PULUMI_HOME: join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_STACK: "dev",
    };
    console.log(`    $ pulumi ${args.join(" ")}`);
    return new Promise((done, fail) => {
        // `hasColors` returns false for `NO_COLOR` and `TERM=dumb`.
        const color = process.stdout.isTTY && process.stdout.hasColors() ? "always" : "never";
        const child = spawn("pulumi", [...args, "--non-interactive", "--color", color], {
            cwd: folder,
            env,
            stdio: ["ignore", "pipe", "inherit"],
        });
        const chunks: Buffer[] = [];
        child.stdout.on("data", (chunk: Buffer) => {
            chunks.push(chunk);
            process.stdout.write(chunk);
        });
        child.on("error", fail);
        child.on("close", (code) => done({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
    });
}

/** Returns the output of the command. */
export async function expectCode(command: Promise<Ended>, expected: number): Promise<string> {
    const { code, output } = await command;
    if (code !== expected) throw new Error(`pulumi ended with exit code ${code}, not ${expected}`);
    console.log(`    exit code ${code}`);
    return output;
}

// Runs PowerShell scripts in the real PowerShell, if `pwsh` is on PATH.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeIf } from "../describeIf";

const version = spawnSync("pwsh", ["-NoProfile", "-Command", "$PSVersionTable.PSVersion.ToString()"], {
    encoding: "utf8",
    timeout: 120_000,
});
export const hasPowerShell = version.status === 0;

export function describeInPowerShell(name: string, tests: () => void): void {
    const how = hasPowerShell ? `run in PowerShell ${version.stdout.trim()}` : "were left out: pwsh is not on PATH";
    describeIf({ program: "PowerShell", isThere: hasPowerShell, how }, name, tests);
}

const ARGUMENTS = ["-NoLogo", "-NoProfile", "-NonInteractive", "-File"];

/** Runs a script of this folder. The script reads its task from one JSON file, and writes its results to another. */
export function runScript(name: string, task: unknown, env: Record<string, string> = {}): unknown {
    const folder = mkdtempSync(join(tmpdir(), "powershell-"));
    const [taskFile, resultsFile] = [join(folder, "task.json"), join(folder, "results.json")];
    try {
        writeFileSync(taskFile, JSON.stringify(task));
        execFileSync("pwsh", [...ARGUMENTS, join(__dirname, name), taskFile, resultsFile], {
            env: { ...process.env, ...env },
            stdio: ["ignore", "ignore", "inherit"],
            timeout: 120_000,
        });
        return JSON.parse(readFileSync(resultsFile, "utf8"));
    } finally {
        rmSync(folder, { recursive: true });
    }
}

interface Typed {
    readonly prompt: string;
    readonly answer: string;
}

/**
 * Runs a shell command on a terminal, types the answer at the prompt, and returns the terminal's output. Linux only.
 */
export function onTerminal(command: string, env: NodeJS.ProcessEnv, { prompt, answer }: Typed): Promise<string> {
    return new Promise((done, fail) => {
        const child = spawn("script", ["-qec", command, "/dev/null"], { env, timeout: 120_000 });
        let shown = "";
        let isAnswered = false;
        child.stdout.on("data", (chunk: Buffer) => {
            shown += chunk.toString();
            if (isAnswered || !shown.includes(prompt)) return;
            isAnswered = true;
            child.stdin.write(`${answer}\r`);
        });
        child.on("error", fail).on("close", () => done(shown));
    });
}

/**
 * Returns the reasons why each script would not run in Windows PowerShell 5.1, as far as the parser of PowerShell 7 can
 * detect them.
 */
export function faultsIn51(...scripts: string[]): string[][] {
    return runScript("syntax.ps1", scripts) as string[][];
}

/** A script with a syntax error and with syntax of PowerShell 7, and the faults that `faultsIn51` must report. */
export const ONLY_IN_7 = {
    script: "$a ?? $b; $c = $a ? 1 : 2; Get-Item a && Get-Item b; {",
    faults: ["MissingEndCurlyBrace", "QuestionQuestion", "AndAnd", "TernaryExpressionAst", "PipelineChainAst"],
};

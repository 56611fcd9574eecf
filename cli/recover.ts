// The runbook after a killed deployment, as one command. Pulumi keeps a lock and, for a registration that was cut off, a
// pending operation that no `up` ever clears; the provider finds its application again by itself.
import { spawnSync } from "node:child_process";

export interface RecoverOptions {
    /** Default: the selected stack, or PULUMI_STACK. */
    readonly stack?: string | undefined;
    /** Folder of the program. Default: the current one. */
    readonly cwd?: string | undefined;
    /** Handed to `pulumi up`. */
    readonly upOptions: readonly string[];
}

/** Answers the exit code of the first step that failed, or 0. */
export function recover({ stack, cwd, upOptions }: RecoverOptions): number {
    const steps: readonly (readonly [what: string, args: readonly string[]])[] = [
        ["removing the lock of the killed deployment", ["cancel", "--yes"]],
        [
            "clearing pending registrations and reading Entra",
            ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"],
        ],
        ["deploying", ["up", "--yes", "--skip-preview", ...upOptions]],
    ];
    for (const [index, [what, args]] of steps.entries()) {
        console.log(`recover, step ${index + 1} of ${steps.length}: ${what}: pulumi ${args.join(" ")}`);
        const all = [...args, "--non-interactive", ...(stack === undefined ? [] : ["--stack", stack])];
        const { status, error } = spawnSync("pulumi", all, { cwd, stdio: "inherit" });
        if (error) throw new Error(`running pulumi: ${error.message}; is the Pulumi CLI on PATH?`);
        if (status !== 0) return status ?? 1;
    }
    return 0;
}

// The runbook after a killed deployment, as one command. Pulumi keeps a lock and, for a registration that was cut off, a
// pending operation that no `up` ever clears; the provider finds its application again by itself.
import { STACK_OPTIONS, stackChoice, type Command, type StackChoice } from "./command";
import { runPulumi } from "./pulumi";

export const recoverCommand: Command = {
    usage: `recover [--stack <name>] [--cwd <folder>] [-- <options for pulumi up>]
      Brings a stack on after a deployment of it was killed: removes its lock, clears pending registrations, reads Entra,
      and runs "pulumi up". Only when no other deployment of the stack is running.`,
    options: STACK_OPTIONS,
    run: (values, rest) => recover(stackChoice(values), rest),
};

/** Answers the exit code of the first step that failed, or 0. */
function recover(choice: StackChoice, upOptions: readonly string[]): number {
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
        const { code } = runPulumi([...args, "--non-interactive"], choice, "inherit");
        if (code !== 0) return code;
    }
    return 0;
}

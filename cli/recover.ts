// The command `recover`: the steps after a killed deployment. Pulumi keeps the lock of that deployment. For an
// interrupted registration it also keeps a pending operation, which `up` never clears. The provider finds its
// application again itself.
import { STACK_OPTIONS, STACK_OPTIONS_HELP, stackChoice, type Command, type StackChoice } from "./command";
import { runPulumi } from "./pulumi";

export const recoverCommand: Command = {
    usage: `recover [--stack <name>] [--cwd <folder>] [-- <options for pulumi up>]
      Repairs a stack after a deployment was killed, and deploys it again. Make sure that no other deployment of the stack
      is running. recover runs these commands without previews:
        1. pulumi cancel, which removes the lock of the killed deployment
        2. pulumi refresh --clear-pending-creates, which clears pending registrations and reads Entra
        3. pulumi up, with the options after --

${STACK_OPTIONS_HELP}

      Exit codes: 0: done; 2: wrong command line; otherwise the exit code of the pulumi command that failed.`,
    options: STACK_OPTIONS,
    run: (values, rest) => recover(stackChoice(values), rest),
};

/** Returns the exit code of the first step that failed, or 0. */
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

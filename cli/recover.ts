// Runs the command `recover`, which deploys a stack again after a deployment was killed. With `--clear-holder`, it only
// removes the tags of one resource of a stack that no longer exists.
import { clearHolder } from "./clearHolder";
import {
    STACK_OPTIONS,
    STACK_OPTIONS_HELP,
    stackChoice,
    text,
    UsageError,
    type Command,
    type StackChoice,
    type Values,
} from "./command";
import { print } from "./print";
import { runPulumi, stackResources } from "./pulumi";

export const recoverCommand: Command = {
    usage: `recover [--stack <name>] [--cwd <folder>] [-- <options for pulumi up>]
      Repairs a stack after a deployment was killed, and deploys it again. Make sure that no other deployment of the stack
      is running. recover runs these commands without previews:
        1. pulumi cancel, which removes the lock of the killed deployment
        2. pulumi refresh --clear-pending-creates, which clears pending registrations and reads Entra
        3. pulumi up, with the options after --
  recover --clear-holder <holder> [--portal <name>] [--stack <name>] [--cwd <folder>]
      Use this only if another stack no longer exists, and a message of this stack's deployment says that the other stack
      still uses the application. The command removes the tags of that holder from Entra. The portal or
      PortalTenantConsent of this stack then owns what the holder added or changed. The command uses the credentials in
      the environment, and deploys nothing.

      --clear-holder <holder>  the 16 hexadecimal digits that the message names
      --portal <name>      only the portal or PortalTenantConsent with this resource name or URN
${STACK_OPTIONS_HELP}

      Exit codes: 0: done; 1: error; 2: wrong command line; otherwise the exit code of the pulumi command that failed.`,
    options: { ...STACK_OPTIONS, "clear-holder": { type: "string" }, portal: { type: "string" } },
    takesRest: true,
    run: async (values, rest) => {
        const choice = stackChoice(values);
        const holder = holderIn(values, rest);
        if (holder === undefined) return recover(choice, rest);
        await clearHolder(stackResources(choice), holder, text(values, "portal"));
        return 0;
    },
};

function holderIn(values: Values, rest: readonly string[]): string | undefined {
    const holder = text(values, "clear-holder");
    if (holder === undefined && text(values, "portal") !== undefined) {
        throw new UsageError("use --portal only with --clear-holder");
    }
    if (holder !== undefined && rest.length > 0) {
        throw new UsageError("--clear-holder does not run pulumi up; use no options after --");
    }
    const place = rest.find((option) => PLACE.test(option));
    if (place !== undefined) {
        throw new UsageError(`${place} would apply to pulumi up only; use --stack or --cwd before --`);
    }
    return holder;
}

/** Options of `pulumi up` that choose the stack or its folder. After `--` they would not apply to the first steps. */
const PLACE = /^(-s|-C|--stack(=|$)|--cwd(=|$))/;

/**
 * A killed deployment leaves its lock. An interrupted registration also leaves a pending operation, which `up` never
 * clears. The provider itself finds the registered application again. Returns the exit code of the first step that
 * failed, or 0.
 */
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
        print(`recover, step ${index + 1} of ${steps.length}: ${what}: pulumi ${args.join(" ")}`);
        const { code } = runPulumi([...args, "--non-interactive"], choice, "inherit");
        if (code !== 0) return code;
    }
    return 0;
}

// Runs the command `init`, which asks the questions of VB365's wizard and writes a small Pulumi project.
import type { Command } from "./command";
import { SYSTEMS } from "./pipelines/job";
import { ANSWER_OPTIONS, PLACE_HELP, PLACE_OPTIONS, REGION_HELP } from "./init/answers";

export const initCommand: Command = {
    usage: `init [--out <folder>] [--project <name>] [--stack <name>] [--yes] [answers]
      Writes a small Pulumi project for a Restore Portal. On a terminal it asks for each answer that no option gives, checks
      it as a preview does, and shows the plan. Without a terminal it asks nothing. It reads Entra with the credentials in
      the environment, if there are any, and changes nothing in Entra. After Ctrl+C, init writes nothing.

${PLACE_HELP}
      --yes                write without a confirmation
      --region <name>      ${REGION_HELP}
      --application-id <id>  the Application ID of an existing application
      --name <name>        the name of a new application
      --certificate <kind>  generate (default for a new application), pfx, store, or none (default for an existing
                           application, whose certificates are then left alone)
      --certificate-file <path>  the PFX file. If the variable RESTORE_PORTAL_PFX_PASSWORD contains the file's
                           password, init checks the file even without a terminal
      --certificate-in-store <text>  thumbprint or subject of the certificate in the store of this machine
      --portal-url <url>   the Restore Portal web address, with its port
      --customers <tenants>  the tenants of customers, separated by commas; or "later"; or "none" (default)
      --pipeline <system>  also write the files of a pipeline: ${SYSTEMS.join(", ")} (see the command pipelines)
      --backend <url>      where Pulumi keeps the state (default: PULUMI_BACKEND_URL, or else pulumi login)

      Exit codes: 0: done; 1: error; 2: wrong command line; 130: interrupted.`,
    options: { ...PLACE_OPTIONS, ...ANSWER_OPTIONS, yes: { type: "boolean" } },
    // This import is not at the top of the file, so that other commands do not load runInit.ts.
    run: async (values) => (await import("./init/runInit.js")).runInit(values),
};

// Runs the command `export`, which writes a project that describes an existing application as it is.
import type { Command } from "./command";
import { PLACE_HELP, PLACE_OPTIONS, REGION_HELP } from "./init/answers";

export const exportCommand: Command = {
    usage: `export --application-id <id> [--portal-url <url>] [--region <name>] [--backend <url>]
          [--out <folder>] [--project <name>] [--stack <name>]
      Writes a Pulumi project that describes an existing application as it is. The application still belongs to its owner.
      The first pulumi up of the project writes only a tag. The list leaveAlone in the configuration names the parts
      in which the application differs from a complete portal. export reads Entra with the credentials in the
      environment, and changes nothing in Entra.

      --application-id <id>  the Application ID of the application
      --portal-url <url>   the web address of the portal, if the application does not have it
      --region <name>      ${REGION_HELP}
      --backend <url>      where Pulumi keeps the state (default: PULUMI_BACKEND_URL, or else pulumi login)
${PLACE_HELP}

      Exit codes: 0: done; 1: error; 2: wrong command line.`,
    options: {
        ...PLACE_OPTIONS,
        "application-id": { type: "string" },
        "portal-url": { type: "string" },
        region: { type: "string" },
        backend: { type: "string" },
    },
    // This import is not at the top of the file, so that other commands do not load runExport.ts.
    run: async (values) => (await import("./export/runExport.js")).runExport(values),
};

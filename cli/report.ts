// Runs the command `report`, which makes one drift report from the previews of all given stacks. It changes no stack
// and nothing in Entra.
import type { Command } from "./command";

export const reportCommand: Command = {
    usage: `report [--stack <name>]... | --all | --from <file>... [--format html,markdown,json,junit]
         [--out <folder>] [--history <folder>] [--accepted <file>] [--parallel <n>] [--deep] [--who]
         [--deployer <id>]... [--cwd <folder>]
      Says which portals and customers differ from the program, since when, and what pulumi up will do. It previews the
      stacks with a refresh, several side by side, and changes nothing. If one stack fails, the others are still reported,
      and the report says that it is incomplete.

      --stack <name>       a stack; may be given several times (default: PULUMI_STACK, or else the selected stack)
      --all                every stack of the project
      --from <file>        a file with the output of "pulumi preview --json --refresh"; may be given several times. Set
                           PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 for that preview, so that the file has all live values
      --format <list>      the forms of the report: html, markdown, json, junit (default: all)
      --out <folder>       the folder for the files (default: drift-report). If you give one form other than html and no
                           --out, report prints the form instead
      --history <folder>   the folder for the records of the newest 400 runs. The report then marks each difference as
                           new, still there, or gone since the last run
      --accepted <file>    decisions about drift that is accepted until a date
      --parallel <n>       how many previews run at the same time (default: the number of processors, at most 4)
      --deep               also make doctor's checks: token, discovery, portal server
      --who                say who made each drift, and when, from Entra's audit log. The credentials in the environment
                           need AuditLog.Read.All. Without this right, the report says why it names nobody
      --deployer <id>      with --who: the Application ID of an identity that deploys, if it is not the one in the
                           environment; may be given several times
      --cwd <folder>       the folder of the Pulumi program (default: the current folder)

      Exit codes: 0: as declared or accepted; 7: drift; 8: something could not be read, which takes precedence over 7;
      1: error; 2: wrong command line.`,
    options: {
        cwd: { type: "string" },
        stack: { type: "string", multiple: true },
        all: { type: "boolean" },
        from: { type: "string", multiple: true },
        format: { type: "string" },
        out: { type: "string" },
        history: { type: "string" },
        accepted: { type: "string" },
        parallel: { type: "string" },
        deep: { type: "boolean" },
        who: { type: "boolean" },
        deployer: { type: "string", multiple: true },
    },
    // This import is dynamic, so that other commands do not load the code of `report`.
    run: async (values) => (await import("./report/run.js")).runReport(values),
};

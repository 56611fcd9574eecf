// Runs the command `report`, which turns the previews of any number of stacks into one drift report. It changes nothing.
import type { Command } from "./command";

export const reportCommand: Command = {
    usage: `report [--stack <name>]... | --all | --from <file>... [--format markdown,json,junit] [--out <folder>]
         [--history <folder>] [--accepted <file>] [--parallel <n>] [--deep] [--cwd <folder>]
      Says which portals and customers differ from the program, since when, and what pulumi up will do. It previews the
      stacks with a refresh, several side by side, and changes nothing. If one stack fails, the others are still reported,
      and the report says that it is incomplete.

      --stack <name>       a stack; may be given several times (default: PULUMI_STACK, or else the selected stack)
      --all                every stack of the project
      --from <file>        read what "pulumi preview --json --refresh" printed; may be given several times. Set
                           PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 for that preview: it then says more
      --format <list>      the forms of the report: markdown, json, junit (default: all)
      --out <folder>       the folder for the files (default: drift-report). With one form and without --out, the report is
                           printed
      --history <folder>   keep this run there, and compare it with the last one: new, still, gone
      --accepted <file>    decisions about drift that is accepted until a date
      --parallel <n>       how many previews run at the same time (default: the number of processors, at most 4)
      --deep               also make doctor's checks: token, discovery, portal server
      --cwd <folder>       the folder of the Pulumi program (default: the current folder)

      Exit codes: 0: as declared or accepted; 7: drift; 8: something could not be read, which wins over 7; 1: error;
      2: wrong command line.`,
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
    },
    // Other commands do not need these modules, so they are loaded only here.
    run: async (values) => (await import("./report/run.js")).runReport(values),
};

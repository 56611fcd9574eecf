// Runs the command `pipelines`, which writes the files of a pipeline into the user's repository.
import { relative } from "node:path";

import { text, UsageError, type Command } from "./command";
import { SYSTEMS } from "./pipelines/job";
import { writePipelines } from "./pipelines/writePipelines";
import { print } from "./print";

export const pipelinesCommand: Command = {
    usage: `pipelines --for <system> [--stack <name>] [--shards <n>] [--branch <name>] [--repository <url>]
            [--cwd <folder>] [--force]
      Writes files into the git repository of the program, for a pipeline that previews each pull request, deploys each
      merge, checks for drift every night, and lets you start the recovery of a stack by hand. For gitlab, you create
      the schedule of the drift checks. For kubernetes, the files are resources that only deploy each commit and check
      for drift every hour. The pipeline signs in with its own token. The files contain no secret.

      --for <system>       ${SYSTEMS.join(", ")}
      --stack <name>       the stack (default: production)
      --shards <n>         spread the customers over n more stacks: <name>-1 to <name>-<n>
      --branch <name>      the branch that is deployed (default: main)
      --repository <url>   the URL of the repository, for kubernetes (default: git's remote origin)
      --cwd <folder>       the folder of the Pulumi program (default: the current folder)
      --force              replace files that have other content

      Exit codes: 0: done; 1: error; 2: wrong command line.`,
    options: {
        for: { type: "string" },
        stack: { type: "string" },
        shards: { type: "string" },
        branch: { type: "string" },
        repository: { type: "string" },
        cwd: { type: "string" },
        force: { type: "boolean" },
    },
    run: (values) => {
        const system = SYSTEMS.find((name) => name === values["for"]);
        if (system === undefined) throw new UsageError(`--for must be one of ${SYSTEMS.join(", ")}`);
        const shards = text(values, "shards");
        const written = writePipelines({
            system,
            shards: shards === undefined ? undefined : Number(shards),
            stack: text(values, "stack"),
            branch: text(values, "branch"),
            repository: text(values, "repository"),
            cwd: text(values, "cwd"),
            force: values["force"] === true,
        });
        for (const path of written) print(`wrote ${relative("", path)}`);
        if (written.length === 0) print("the files are up to date");
        print(`Next steps: node_modules/pulumi-restore-portal/docs/pipelines-${system}.md`);
        return 0;
    },
};

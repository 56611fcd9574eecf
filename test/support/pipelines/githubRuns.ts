// Runs the three workflows that `pipelines --for github` writes. A stand-in replaces the GitHub CLI.
import { runWorkflow, type GithubEvent, type JobResult } from "./githubWorkflow";
import { PipelineRepository } from "./pipelineRepository";
import type { Answer } from "./standIns";

type Name = "preview" | "deploy" | "drift";

export class GithubRuns {
    private constructor(private readonly repository: PipelineRepository) {}

    static async start(): Promise<GithubRuns> {
        const repository = await PipelineRepository.start("github", {
            deployer: ["repo:contoso/portals:environment:production"],
            reader: ["repo:contoso/portals:pull_request", "repo:contoso/portals:ref:refs/heads/main"],
        });
        return new GithubRuns(repository);
    }

    get machine() {
        return this.repository.machine;
    }

    /** `change`: the change that somebody made to the workflow. `answers`: the output of the GitHub CLI. */
    async run(
        name: Name,
        event: GithubEvent,
        { answers = [], change = (text) => text }: Options = {},
    ): Promise<Record<string, JobResult>> {
        this.machine.standIns.add("gh", answers);
        this.machine.standIns.calls("gh");
        const text = change(this.repository.files.text(`.github/workflows/restore-portal-${name}.yml`));
        const results = await runWorkflow(this.machine, text, event);
        return Object.fromEntries(results.map((one) => [one.job, one]));
    }

    /** Returns the calls of the GitHub CLI that write, each with the text of the files that it names. */
    writes(): { readonly call: string; readonly text: string }[] {
        const calls = this.machine.standIns
            .calls("gh")
            .map(({ args, files }) => ({ call: args.join(" "), text: files.join("") }));
        return calls.filter(({ call }) => !call.startsWith("issue list") && !call.startsWith("api --paginate"));
    }

    close(): Promise<void> {
        return this.repository.close();
    }
}

interface Options {
    readonly answers?: readonly Answer[];
    readonly change?: (text: string) => string;
}

/** Checks the result of each job. Prints the output of every job if a result differs. */
export function expectResults(
    results: Readonly<Record<string, JobResult>>,
    expected: Readonly<Record<string, JobResult["result"]>>,
): void {
    const all = Object.fromEntries(Object.entries(results).map(([job, { result }]) => [job, result]));
    const outputs = Object.values(results).map(({ job, output }) => `${job}:\n${output}`);
    if (JSON.stringify(all) !== JSON.stringify(expected)) console.log(outputs.join("\n"));
    expect(all).toEqual(expected);
}

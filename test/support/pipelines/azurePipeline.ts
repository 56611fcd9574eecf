// Runs the stages of a written Azure pipeline. Executes scripts as an agent does, including those of the task AzureCLI,
// and carries out the tasks that move files between jobs. Skips all other tasks. The programs that some of them would
// install are already on the machine.
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";

import { parse } from "yaml";

import { onPath } from "./onPath";
import { holds } from "./azureCondition";
import type { Machine, ROLES } from "./machine";

interface Step {
    readonly displayName?: string;
    readonly template?: string;
    readonly bash?: string;
    readonly task?: string;
    readonly inputs?: Readonly<Record<string, string>>;
    readonly condition?: string;
    readonly workingDirectory?: string;
    readonly env?: Readonly<Record<string, string>>;
}

interface Job {
    readonly job?: string;
    readonly deployment?: string;
    readonly variables?: Readonly<Record<string, string>>;
    readonly steps?: readonly Step[];
    readonly strategy?: {
        readonly matrix?: Readonly<Record<string, Readonly<Record<string, string>>>>;
        readonly runOnce?: { readonly deploy: { readonly steps: readonly Step[] } };
    };
}

interface Stage {
    readonly stage: string;
    readonly condition?: string;
    readonly dependsOn: string | readonly string[];
    readonly jobs: readonly Job[];
}

export interface StageResult {
    readonly stage: string;
    readonly result: "succeeded" | "issues" | "failed" | "skipped";
    readonly output: string;
}

export interface AzureRun {
    readonly reason: "PullRequest" | "Schedule" | "IndividualCI" | "Manual";
    readonly isFork?: boolean;
    readonly recover?: boolean;
}

/** `textOf`: returns the content of a file in the repository. */
export async function runPipeline(
    machine: Machine,
    textOf: (path: string) => string,
    run: AzureRun,
): Promise<StageResult[]> {
    const pipeline = parse(textOf("azure-pipelines.yml")) as {
        readonly variables: readonly { readonly name?: string; readonly value?: string }[];
        readonly stages: readonly Stage[];
    };
    const own = pipeline.variables.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value ?? ""]]));
    const variables = { ...predefined(machine, run), ...(Object.fromEntries(own) as Record<string, string>) };
    const setUp = (parse(textOf("restore-portal-setup.yml")) as { readonly steps: readonly Step[] }).steps;
    const results: StageResult[] = [];
    for (const stage of pipeline.stages) {
        const failed = results.some(({ stage: name, result }) => stage.dependsOn === name && result === "failed");
        if (holds(stage.condition, { variables, failed })) {
            results.push(await runStage(new Running(machine, run, variables, setUp), stage));
        } else results.push({ stage: stage.stage, result: "skipped", output: "" });
    }
    return results;
}

function predefined(machine: Machine, { reason, isFork = false }: AzureRun): Record<string, string> {
    return {
        PULUMI_BACKEND_URL: machine.backend,
        "Build.Reason": reason,
        "Build.SourceBranch": reason === "PullRequest" ? "refs/pull/5/merge" : "refs/heads/main",
        "Build.Repository.Provider": "TfsGit",
        "Build.Repository.ID": "repository-of-contoso",
        "Build.BuildId": "42",
        "System.PullRequest.IsFork": isFork ? "True" : "False",
        "System.PullRequest.PullRequestId": "5",
        "System.CollectionUri": "https://dev.azure.com/contoso/",
        "System.TeamProject": "portal",
        "System.JobAttempt": "1",
        "System.OidcRequestUri": machine.tokenUrl.split("?")[0] ?? "",
        "Agent.OS": "Linux",
    };
}

/** An agent adds no secret to a step's environment. A step gets a secret only by a macro that names it. */
const SECRETS = (machine: Machine): Readonly<Record<string, string>> => ({ "System.AccessToken": machine.bearer });

class Running {
    constructor(
        readonly machine: Machine,
        readonly run: AzureRun,
        readonly variables: Readonly<Record<string, string>>,
        readonly setUp: readonly Step[],
    ) {}
}

async function runStage(running: Running, { stage, jobs }: Stage): Promise<StageResult> {
    const outcomes: { failed: boolean; output: string }[] = [];
    for (const job of jobs) {
        const rows = Object.values(job.strategy?.matrix ?? { one: {} });
        for (const row of rows) outcomes.push(await runJob(running, job, row));
    }
    const output = outcomes.map((one) => one.output).join("");
    const hasIssues = output.includes("##vso[task.logissue type=warning]");
    if (outcomes.some(({ failed }) => failed)) return { stage, result: "failed", output };
    return { stage, result: hasIssues ? "issues" : "succeeded", output };
}

async function runJob({ machine, run, setUp, ...all }: Running, job: Job, row: Readonly<Record<string, string>>) {
    const folder = machine.checkout();
    const workspace = join(folder, "repository");
    symlinkPulumi(folder);
    const places = { "Pipeline.Workspace": folder, "Agent.TempDirectory": join(folder, "tmp") };
    const variables: Record<string, string> = { ...all.variables, ...job.variables, ...row, ...places };
    const path = [machine.environment(folder)["PATH"] ?? ""];
    let failed = false;
    let output = "";
    for (const step of stepsOf(job).flatMap((one) => (one.template === undefined ? [one] : setUp))) {
        if (!holds(step.condition, { variables, failed })) continue;
        const value = (text: string) => expanded(text, { ...variables, ...SECRETS(machine) }, run);
        moveFiles(machine, step, workspace, value);
        const script = scriptOf(step);
        if (script === undefined) continue;
        const env = { ...machine.environment(folder), ...environmentOf(machine, step, variables, value) };
        const result = await machine.bash(value(script), join(workspace, folderOf(step)), {
            ...env,
            PATH: path.join(delimiter),
        });
        output += result.output;
        failed ||= result.code !== 0;
        for (const [, name = "", set = ""] of result.stdout.matchAll(/##vso\[task\.setvariable variable=(\w+)\](.*)/g))
            variables[name] = set;
        for (const [, added = ""] of result.stdout.matchAll(/##vso\[task\.prependpath\](.*)/g)) path.unshift(added);
    }
    return { failed, output };
}

const stepsOf = ({ strategy, steps = [] }: Job) => strategy?.runOnce?.deploy.steps ?? steps;
const folderOf = ({ workingDirectory, inputs }: Step) => workingDirectory ?? inputs?.["workingDirectory"] ?? ".";
const scriptOf = ({ bash, task, inputs }: Step) =>
    bash ?? (task === "AzureCLI@2" ? inputs?.["inlineScript"] : undefined);

function environmentOf(
    machine: Machine,
    { task, inputs, env = {} }: Step,
    variables: Readonly<Record<string, string>>,
    value: (text: string) => string,
): Record<string, string> {
    const mapped = Object.entries(env).map(([name, text]) => [name, value(text)] as const);
    const identity = task === "AzureCLI@2" ? signedIn(machine, inputs?.["azureSubscription"] ?? "") : {};
    return { ...exported(variables), ...identity, ...Object.fromEntries(mapped) };
}

/** Puts the Pulumi CLI into the folder that the pipeline caches, so that the pipeline does not install the CLI. */
function symlinkPulumi(folder: string): void {
    mkdirSync(join(folder, "pulumi"));
    symlinkSync(onPath("pulumi") ?? "", join(folder, "pulumi/pulumi"));
}

/**
 * Returns the variables that the task AzureCLI sets for a service connection. The machine then issues tokens for this
 * connection.
 */
function signedIn(machine: Machine, connection: string): Record<string, string> {
    const role = connection.replace("restore-portal-", "") as keyof typeof ROLES;
    machine.subject = `sc://contoso/portal/${connection}`;
    return {
        AZURESUBSCRIPTION_CLIENT_ID: machine.clientIds[role],
        AZURESUBSCRIPTION_TENANT_ID: machine.tenant.tenantId,
        AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "connection-1",
    };
}

/**
 * Returns the variables that an agent adds to the environment of a script: each variable that is not secret, with its
 * name in capital letters and with underscores instead of dots.
 */
function exported(variables: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name.toUpperCase().replaceAll(".", "_"), value]),
    );
}

/**
 * Replaces macros and parameters. A macro whose variable is unknown stays as it is, such as `$(mktemp)` in a script.
 */
function expanded(text: string, variables: Readonly<Record<string, string>>, run: AzureRun): string {
    const withParameters = text.replaceAll("${{ parameters.recover }}", run.recover === true ? "True" : "False");
    return withParameters.replace(/\$\(([\w.]+)\)/g, (all, name: string) => variables[name] ?? all);
}

function moveFiles(machine: Machine, step: Step, workspace: string, value: (text: string) => string): void {
    const store = join(machine.folder, "artifacts");
    mkdirSync(store, { recursive: true });
    const input = (name: string) => value(step.inputs?.[name] ?? "");
    if (step.task === "PublishPipelineArtifact@1") {
        const path = join(workspace, input("targetPath"));
        if (existsSync(path)) cpSync(path, join(store, input("artifact")), { recursive: true });
    }
    if (step.task !== "DownloadPipelineArtifact@2") return;
    for (const name of readdirSync(store))
        cpSync(join(store, name), join(input("targetPath"), name), { recursive: true });
}

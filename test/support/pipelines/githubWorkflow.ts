// Runs the jobs of a written GitHub workflow. Executes steps with `run` as GitHub's runner does, and carries out the
// actions that move files between jobs. Skips all other actions. The repository and the programs that some of them
// would provide are already on the machine.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { expanded, isTrue, type Contexts, type Status } from "./githubParser";
import type { Machine } from "./machine";

interface Step {
    readonly id?: string;
    readonly name?: string;
    readonly if?: string;
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, string>>;
    readonly env?: Readonly<Record<string, string>>;
}

interface WorkflowJob {
    readonly if?: string;
    readonly needs?: string;
    readonly environment?: string;
    readonly permissions?: Readonly<Record<string, string>>;
    readonly strategy?: { readonly matrix: { readonly stack: readonly string[] } };
    readonly env?: Readonly<Record<string, string>>;
    readonly defaults?: { readonly run: { readonly "working-directory": string } };
    readonly steps: readonly Step[];
}

export interface JobResult {
    readonly job: string;
    readonly stack: string | undefined;
    readonly result: "success" | "failure" | "skipped";
    readonly output: string;
    readonly summary: string;
    /** The outputs of the steps, by the id of a step and the name of the output. */
    readonly steps: Steps;
}

type Steps = Record<string, { outputs: Record<string, string> }>;

export interface GithubEvent {
    readonly name: "pull_request" | "push" | "schedule" | "workflow_dispatch";
    /** The repository of the pull request's branch. Default: the repository of the workflow. */
    readonly headRepository?: string;
    readonly recover?: boolean;
    /** The branch of a run by hand. Default: main. */
    readonly branch?: string;
}

const REPOSITORY = "contoso/portals";

/** Returns the result of each job, in the order of the workflow. */
export async function runWorkflow(machine: Machine, text: string, event: GithubEvent): Promise<JobResult[]> {
    const { jobs } = parse(text) as { readonly jobs: Readonly<Record<string, WorkflowJob>> };
    const results: JobResult[] = [];
    for (const [id, job] of Object.entries(jobs)) {
        const needed = results.filter((one) => one.job === job.needs);
        const contexts = contextsOf(machine, event, job.needs === undefined ? {} : { [job.needs]: summaryOf(needed) });
        const status = { failed: needed.some(({ result }) => result !== "success"), cancelled: false };
        if (!isTrue(job.if, contexts, status)) {
            results.push({ job: id, stack: undefined, result: "skipped", output: "", summary: "", steps: {} });
            continue;
        }
        for (const stack of job.strategy?.matrix.stack ?? [undefined])
            results.push(
                await runJob(machine, { id, job, stack, event, contexts: { ...contexts, matrix: { stack } } }),
            );
    }
    return results;
}

const summaryOf = (results: readonly JobResult[]) => ({
    result: results.find(({ result }) => result !== "success")?.result ?? "success",
});

function contextsOf(machine: Machine, event: GithubEvent, needs: object): Contexts {
    const head = { repo: { full_name: event.headRepository ?? REPOSITORY } };
    return {
        github: {
            repository: REPOSITORY,
            server_url: "https://github.com",
            run_id: "42",
            ref: event.name === "pull_request" ? "refs/pull/5/merge" : `refs/heads/${event.branch ?? "main"}`,
            token: "token-of-the-workflow",
            event: event.name === "pull_request" ? { pull_request: { number: 5, head } } : {},
        },
        inputs: { recover: event.recover ?? false },
        vars: {
            PULUMI_BACKEND_URL: machine.backend,
            AZURE_TENANT_ID: machine.tenant.tenantId,
            AZURE_DEPLOYER_CLIENT_ID: machine.clientIds.deployer,
            AZURE_READER_CLIENT_ID: machine.clientIds.reader,
        },
        runner: { os: "Linux" },
        needs,
        matrix: {},
        steps: {},
    };
}

interface Running {
    readonly id: string;
    readonly job: WorkflowJob;
    readonly stack: string | undefined;
    readonly event: GithubEvent;
    readonly contexts: Contexts;
}

/**
 * Returns the subject of a job's token. GitHub derives the subject from the job's environment or, if the job has none,
 * from the event.
 */
function subjectOf({ job, event }: Running): string {
    if (job.environment !== undefined) return `repo:${REPOSITORY}:environment:${job.environment}`;
    return `repo:${REPOSITORY}:${event.name === "pull_request" ? "pull_request" : "ref:refs/heads/main"}`;
}

async function runJob(machine: Machine, running: Running): Promise<JobResult> {
    const folder = machine.checkout();
    const workspace = join(folder, "repository");
    const files = filesIn(folder);
    const github = { ...(running.contexts["github"] as object), workspace };
    const steps: Steps = {};
    const contexts = { ...running.contexts, github, steps };
    machine.subject = subjectOf(running);
    let status: Status = { failed: false, cancelled: false };
    let output = "";
    for (const step of running.job.steps) {
        if (!isTrue(step.if, contexts, status)) continue;
        if (step.uses !== undefined) moveFiles(machine, step, contexts, workspace, status);
        if (step.run === undefined) continue;
        const env = environmentOf(machine, { ...running, contexts }, step, { folder, files, status });
        const cwd = join(workspace, running.job.defaults?.run["working-directory"] ?? ".");
        const result = await machine.bash(expanded(step.run, contexts, status), cwd, env);
        output += result.output;
        if (result.code !== 0) status = { ...status, failed: true };
        if (step.id !== undefined) steps[step.id] = { outputs: Object.fromEntries(pairs(files.OUTPUT)) };
    }
    const summary = readFileSync(files.STEP_SUMMARY, "utf8");
    const result = status.failed ? "failure" : "success";
    return { job: running.id, stack: running.stack, result, output, summary, steps };
}

/** The files by which a step passes values to the runner. */
function filesIn(folder: string) {
    const files = { OUTPUT: join(folder, "OUTPUT"), ENV: join(folder, "ENV"), STEP_SUMMARY: join(folder, "SUMMARY") };
    for (const file of Object.values(files)) writeFileSync(file, "");
    return files;
}

interface Surroundings {
    readonly folder: string;
    readonly files: ReturnType<typeof filesIn>;
    readonly status: Status;
}

function environmentOf(machine: Machine, { job, contexts }: Running, step: Step, surroundings: Surroundings) {
    const { folder, files, status } = surroundings;
    return {
        ...machine.environment(folder),
        ...runnerVariables(machine, job, folder, files),
        ...values(job.env, contexts, status),
        ...Object.fromEntries(pairs(files.ENV)),
        ...values(step.env, contexts, status),
    };
}

/**
 * Returns the variables that GitHub's runner sets. Only a job with the permission `id-token: write` can request a
 * token.
 */
function runnerVariables(machine: Machine, job: WorkflowJob, folder: string, files: Readonly<Record<string, string>>) {
    const token = {
        ACTIONS_ID_TOKEN_REQUEST_URL: machine.tokenUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: machine.bearer,
    };
    return {
        GITHUB_ACTIONS: "true",
        GITHUB_REPOSITORY: REPOSITORY,
        RUNNER_TEMP: join(folder, "tmp"),
        ...Object.fromEntries(Object.entries(files).map(([name, path]) => [`GITHUB_${name}`, path])),
        ...(job.permissions?.["id-token"] === "write" ? token : {}),
    };
}

const values = (env: Readonly<Record<string, string>> = {}, contexts: Contexts, status: Status) =>
    Object.fromEntries(Object.entries(env).map(([name, value]) => [name, expanded(value, contexts, status)]));

/** Reads lines such as `name=value`. */
function pairs(file: string): (readonly [string, string])[] {
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);
}

function moveFiles(machine: Machine, step: Step, contexts: Contexts, workspace: string, status: Status): void {
    const input = (name: string) => expanded(step.with?.[name] ?? "", contexts, status);
    const store = join(machine.folder, "artifacts");
    mkdirSync(store, { recursive: true });
    const path = join(workspace, input("path"));
    if (step.uses?.startsWith("actions/upload-artifact@") && existsSync(path))
        cpSync(path, join(store, input("name")), { recursive: true });
    if (!step.uses?.startsWith("actions/download-artifact@")) return;
    for (const name of readdirSync(store).filter((one) => one.startsWith(input("pattern").replace("*", ""))))
        cpSync(join(store, name), path, { recursive: true });
}

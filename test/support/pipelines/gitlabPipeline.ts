// Runs a written GitLab pipeline with gitlab-ci-local's shell executor. gitlab-ci-local reads rules, needs, variables
// and artifacts as GitLab does. It issues no tokens, so this file sets the variable ARM_OIDC_TOKEN if the pipeline
// requests this token.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";

import { parse } from "yaml";

import { run, type CommandResult } from "../engine/workspace";
import { GITLAB_TOKEN, type GitlabApi } from "./gitlabApi";
import type { Machine } from "./machine";
import { rsync } from "./tools";

const CLIENT = resolve(__dirname, "../../../node_modules/gitlab-ci-local/dist/index.js");

export interface GitlabRun {
    readonly source: "merge_request_event" | "schedule" | "push" | "web";
    /** The id of the project with the merge request's branch. Default: the project of the pipeline. */
    readonly sourceProject?: string;
    /** Runs only this manual job and the jobs that it needs. */
    readonly manual?: string;
}

export interface GitlabResult extends CommandResult {
    /** Returns the text of a file that the pipeline left, or `undefined`. */
    readonly file: (path: string) => string | undefined;
}

export async function runGitlab(
    machine: Machine,
    text: string,
    api: GitlabApi,
    options: GitlabRun,
): Promise<GitlabResult> {
    const folder = machine.checkout();
    const cwd = join(folder, "repository");
    // The jobs run without containers, so their images are removed.
    writeFileSync(join(cwd, ".gitlab-ci.yml"), text.replace(/^ *image: .*\n/gm, ""));
    prepareRepository(cwd, options);
    const variables = { ...projectVariables(machine, api), ...sourceVariables(options), ...tokenOf(machine, text) };
    const args = [
        CLIENT,
        // Each job gets its own folder, and gets files of other jobs only as artifacts.
        "--shell-isolation",
        "--no-color",
        "--ignore-predefined-vars",
        "CI_API_V4_URL,CI_PROJECT_ID,CI_PIPELINE_URL,CI_PIPELINE_SOURCE,CI_MERGE_REQUEST_IID",
        ...(options.manual === undefined ? [] : ["--needs", options.manual]),
        ...Object.entries(variables).flatMap(([name, value]) => ["--variable", `${name}=${value}`]),
    ];
    const base = machine.environment(folder);
    const { command, env: libraries } = rsync();
    const env = { ...base, ...libraries, PATH: [dirname(command), base["PATH"]].join(delimiter) };
    const result = await run(process.execPath, args, { cwd, env, timeoutMs: 300_000 });
    const file = (path: string) => (existsSync(join(cwd, path)) ? readFileSync(join(cwd, path), "utf8") : undefined);
    return { ...result, file };
}

function prepareRepository(cwd: string, { source }: GitlabRun): void {
    const git = (...args: string[]) => execFileSync("git", ["-C", cwd, ...args], { stdio: "ignore" });
    git("init", "--quiet", "--initial-branch", source === "merge_request_event" ? "change" : "main");
    git("remote", "add", "origin", "https://gitlab.com/contoso/portals.git");
    writeFileSync(join(cwd, ".gitignore"), ".gitlab-ci-local/\n");
    git("add", "--all");
    git("-c", "user.name=Anna", "-c", "user.email=anna@contoso.com", "commit", "--quiet", "--message", "first");
}

/**
 * Returns the variables that an administrator sets in the project, including the project's access token, and predefined
 * variables of GitLab.
 */
function projectVariables(machine: Machine, api: GitlabApi): Record<string, string> {
    return {
        PULUMI_BACKEND_URL: machine.backend,
        AZURE_TENANT_ID: machine.tenant.tenantId,
        AZURE_DEPLOYER_CLIENT_ID: machine.clientIds.deployer,
        AZURE_READER_CLIENT_ID: machine.clientIds.reader,
        RESTORE_PORTAL_TOKEN: GITLAB_TOKEN,
        CI_API_V4_URL: api.url,
        CI_PROJECT_ID: "1",
        CI_PIPELINE_URL: "https://gitlab.com/contoso/portals/-/pipelines/42",
    };
}

function sourceVariables({ source, sourceProject = "1" }: GitlabRun): Record<string, string> {
    const mergeRequest = {
        CI_MERGE_REQUEST_IID: "5",
        CI_MERGE_REQUEST_PROJECT_ID: "1",
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: sourceProject,
    };
    return { CI_PIPELINE_SOURCE: source, ...(source === "merge_request_event" ? mergeRequest : {}) };
}

function tokenOf(machine: Machine, text: string): Record<string, string> {
    const { ".signed-in": signedIn } = parse(text) as { ".signed-in": { id_tokens?: { ARM_OIDC_TOKEN?: object } } };
    return signedIn.id_tokens?.ARM_OIDC_TOKEN ? { ARM_OIDC_TOKEN: machine.issuer.token({ sub: machine.subject }) } : {};
}

// Writes the files of a pipeline into a repository. Without `force`, it writes nothing if one of the files exists with
// other content.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

import { projectFolder } from "../../provider/projectFolder";
import { UsageError } from "../command";
import { azureDevOpsFiles } from "./azureDevOps/pipeline";
import { githubFiles } from "./github/workflows";
import { gitlabFiles } from "./gitlab/pipeline";
import { assertForm, MAX_SHARDS, stacksOf, SYSTEMS, type Job, type System } from "./job";
import { kubernetesFiles } from "./kubernetes/resources";

export interface PipelineOptions {
    readonly system: System;
    /** The folder of the Pulumi program. Default: the current folder. */
    readonly cwd?: string | undefined;
    /** Default: production. */
    readonly stack?: string | undefined;
    /** The number of stacks that share the customers. Default: one stack has everything. */
    readonly shards?: number | undefined;
    /** Default: main. */
    readonly branch?: string | undefined;
    /** The URL of the repository, for Kubernetes. Default: git's remote `origin`. */
    readonly repository?: string | undefined;
    /** Replaces files that have other content. */
    readonly force?: boolean | undefined;
}

const FILES: Readonly<Record<System, (job: Job) => ReadonlyMap<string, string>>> = {
    github: githubFiles,
    "azure-devops": azureDevOpsFiles,
    gitlab: gitlabFiles,
    kubernetes: kubernetesFiles,
};

/** Returns the absolute paths of the files that it wrote. A file that is up to date is not among them. */
export function writePipelines(options: PipelineOptions): string[] {
    const program = projectFolder(options.cwd ?? ".");
    if (program === undefined) {
        const folder = resolve(options.cwd ?? ".");
        throw new UsageError(
            `there is no Pulumi project in ${folder} or above it; name the folder of the program with --cwd`,
        );
    }
    const root = repositoryOf(program);
    const files = [...FILES[options.system](jobOf(options, root, program))].map(
        ([path, text]) => [join(root, path), text] as const,
    );
    for (const [path] of files) assertFree(path);
    const changed = files.filter(([path, text]) => textOf(path) !== text);
    const others = changed.filter(([path]) => existsSync(path));
    if (others.length > 0 && options.force !== true) {
        const names = others.map(([path]) => relative(root, path)).join(", ");
        throw new Error(
            `writing the pipeline: ${root} already has other content in ${names}; nothing was written; to replace existing files, use --force`,
        );
    }
    for (const [path, text] of changed) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
    }
    return changed.map(([path]) => path);
}

/** Throws if the path is a folder, or if a file is in the place of one of its parent folders. */
function assertFree(path: string): void {
    const kindOf = (part: string) => statSync(part, { throwIfNoEntry: false });
    if (kindOf(path)?.isDirectory() === true) throw inTheWay(path, "is a folder, but must be a file");
    for (let part = dirname(path); dirname(part) !== part; part = dirname(part))
        if (kindOf(part)?.isDirectory() === false) throw inTheWay(part, "is not a folder");
}

function inTheWay(path: string, what: string): Error {
    return new Error(`writing the pipeline: ${path} ${what}; nothing was written; remove or rename it`);
}

function jobOf(options: PipelineOptions, root: string, program: string): Job {
    const { system, stack = "production", shards, branch = "main" } = options;
    if (!SYSTEMS.includes(system)) throw new UsageError(`--for must be one of ${SYSTEMS.join(", ")}, got "${system}"`);
    if (shards !== undefined && !(Number.isInteger(shards) && shards >= 2 && shards <= MAX_SHARDS))
        throw new UsageError(
            `--shards must be a whole number from 2 to ${MAX_SHARDS}, got ${Number.isNaN(shards) ? "a text that is not a number" : shards}`,
        );
    const folder = relative(root, program).split(sep).join("/") || ".";
    assertForm("stack", stack);
    assertForm("branch", branch);
    assertForm("folder", folder);
    return { stacks: stacksOf(stack, shards), branch, folder, repository: repositoryUrl(options, root) };
}

/** Returns the folder of the git repository around the program, or else the program's own folder. */
function repositoryOf(program: string): string {
    for (let folder = program; ; folder = dirname(folder)) {
        if (existsSync(join(folder, ".git"))) return folder;
        if (dirname(folder) === folder) return program;
    }
}

const URL_FORM = /^(https|ssh):\/\/[\w.@:/~%+-]+$/;
/** A user name of an https URL can be a token too. With ssh, it is only the name of the account, such as `git`. */
const CREDENTIALS = /^https:\/\/[^/]*@|^ssh:\/\/[^/@]*:[^/]*@/;

function repositoryUrl({ system, repository }: PipelineOptions, root: string): string {
    if (system !== "kubernetes") return "";
    const url = repository ?? originOf(root).replace(/^https:\/\/[^/]*@/, "https://");
    if (CREDENTIALS.test(url))
        throw new UsageError(
            "the URL of the repository contains credentials, which the files would show; use --repository with a URL without credentials",
        );
    if (!URL_FORM.test(url)) {
        const why = url === "" ? "git returned no URL for the remote origin" : `got "${url.replace(/^.*@/, "***@")}"`;
        throw new UsageError(
            `the cluster needs the https:// or ssh:// URL of the repository (${why}); use --repository with such a URL`,
        );
    }
    return url;
}

function originOf(root: string): string {
    try {
        const args = ["-C", root, "remote", "get-url", "origin"];
        return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
        return "";
    }
}

/** Returns a file's text with "\n" as its line break. Git for Windows may have written "\r\n" instead. */
function textOf(path: string): string | undefined {
    return existsSync(path) ? readFileSync(path, "utf8").replaceAll("\r\n", "\n") : undefined;
}

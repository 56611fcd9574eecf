// Defines the commands, time limits and messages that the pipelines of several systems share.
import { UsageError } from "../command";

export const SYSTEMS = ["github", "azure-devops", "gitlab", "kubernetes"] as const;
export type System = (typeof SYSTEMS)[number];

/** The settings from which this package writes the files of one pipeline. */
export interface Job {
    /** All stacks of the program. The first stack has the portals. */
    readonly stacks: readonly string[];
    /** The branch whose commits are deployed. */
    readonly branch: string;
    /** The folder of the Pulumi program in the repository, such as `.` or `portals`. */
    readonly folder: string;
    /** The URL of the repository. Only Kubernetes needs it. */
    readonly repository: string;
}

export const NODE_VERSION = "22";
/** The version of the Pulumi CLI with which this package is tested. */
export const PULUMI_VERSION = "3.265.0";
/** The audience that Entra requires in a pipeline's token. National clouds require another audience. */
export const TOKEN_AUDIENCE = "api://AzureADTokenExchange";

/**
 * Time limits in minutes. A deployment can wait five minutes for one object in Entra, and a stack can have many
 * customers.
 */
export const MINUTES = { note: 5, preview: 30, report: 15, deploy: 120 } as const;

/**
 * In GitHub and Azure DevOps, drift checks start at 05:23 UTC. Many pipelines start on the hour, so a machine is free
 * sooner at another minute.
 */
export const EVERY_NIGHT = "23 5 * * *";
export const EVERY_HOUR = "23 * * * *";

/** `--no-install`: npx must not fetch a package of this name from the registry if the project does not have it. */
const CLI = "npx --no-install pulumi-restore-portal";

/**
 * The commands of the jobs. They run in bash, in the folder of the program. The variable `STACK` contains the name of
 * the stack.
 */
export const COMMANDS = {
    install: "npm ci",
    preview: [
        // The templates turn off Pulumi's own type check (`noCheck`), so this script checks the types. `--if-present`
        // is needed because a program may lack the script.
        "npm run types --if-present",
        "mkdir -p previews",
        'PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --stack "$STACK" --refresh --json --non-interactive > "previews/$STACK.json"',
    ],
    up: 'pulumi up --stack "$STACK" --refresh --yes --skip-preview --continue-on-error --non-interactive',
    recover: `${CLI} recover --stack "$STACK" -- --continue-on-error`,
} as const;

const ACCEPTED = "accepted.json";
export const REPORT = { markdown: "report/report.md", junit: "report/report.xml" } as const;

/**
 * Returns the bash lines that run `report` for all previews and set `code` to its exit code. The command names the
 * file of every stack, because a stack without a preview must not seem to be as declared. `isDrift`: a shell command
 * that succeeds if the run is a drift check. Only drift checks are compared with earlier runs.
 */
export function reportCommand({ stacks }: Job, isDrift: string): string[] {
    const command = [
        `${CLI} report`,
        ...stacks.map((stack) => `--from "previews/${stack}.json"`),
        '--out report "${options[@]}"',
    ];
    return [
        "options=()",
        `[ ! -f ${ACCEPTED} ] || options+=(--accepted ${ACCEPTED})`,
        `! ${isDrift} || options+=(--history history)`,
        "code=0",
        `${command.join(" \\\n    ")} || code=$?`,
    ];
}

/** The exit codes of `report` that are results, not failures of the pipeline. */
export const CODES = { asDeclared: 0, drift: 7, notReadable: 8 } as const;

/** Marks the issue or work item about drift, so that the next run finds it. */
export const LABEL = "restore-portal-drift";
/** Marks the comment on a pull request, so that the next run updates the same comment. */
export const MARKER = "<!-- restore-portal -->";

/** The label of the option that recovers the stacks, in the form that starts a run in GitHub or Azure DevOps. */
export const RECOVER_OPTION = "Recover after a run was killed, and deploy";

export const WORDS = {
    fork: "This branch comes from a fork, and a fork gets no token. A maintainer can push it to this repository to see its preview.",
    noPreview: "pulumi preview of $STACK failed, so the report is incomplete; this log or the report shows the reason",
    /** Each system completes the sentence with its own way to recover. */
    locked: "If a killed run left the stack locked,",
    drift: "Restore Portal: Entra differs from the program",
    notReadable: "Restore Portal: Entra could not be read completely",
    solved: "Entra is as the program declares, except for accepted differences.",
} as const;

const NO_DOTS = '; no part of it may be ".."';

/**
 * Names of stacks, branches and folders become part of shell commands and YAML, so only plain characters are allowed.
 */
const FORMS = {
    stack: {
        pattern: /^[A-Za-z0-9][\w.-]*$/,
        is: "ASCII letters, digits, dots, hyphens and underscores, and begin with a letter or digit",
    },
    branch: {
        pattern: /^[A-Za-z0-9][\w./-]*$/,
        is: `ASCII letters, digits, dots, slashes, hyphens and underscores, and begin with a letter or digit${NO_DOTS}`,
    },
    folder: {
        pattern: /^[A-Za-z0-9._][\w./-]*$/,
        is: `ASCII letters, digits, dots, slashes, hyphens and underscores, and must not begin with a hyphen${NO_DOTS}`,
    },
} as const;

const SHOWN = { stack: "--stack", branch: "--branch", folder: "the path of the program's folder in the repository" };

export function assertForm(name: keyof typeof FORMS, value: string): void {
    const { pattern, is } = FORMS[name];
    if (!pattern.test(value) || value.split("/").includes(".."))
        throw new UsageError(`${SHOWN[name]} must consist of ${is}, got ${JSON.stringify(value)}`);
}

export const MAX_SHARDS = 100;

/**
 * If `shards` is not set, one stack has everything. Otherwise the first stack has the portals, and the other stacks
 * have the customers.
 */
export function stacksOf(stack: string, shards: number | undefined): string[] {
    if (shards === undefined) return [stack];
    return [stack, ...Array.from({ length: shards }, (_, index) => `${stack}-${index + 1}`)];
}

// Writes the files of each pipeline, and checks them with the tools that npm installs. pipelines.deep.test.ts uses
// other tools.
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";

import Ajv from "ajv";
import { parse, parseAllDocuments } from "yaml";

import { SYSTEMS, type System } from "../../cli/pipelines/job";
import type { PipelineOptions } from "../../cli/pipelines/writePipelines";
import { workflowErrors } from "../support/pipelines/githubParser";
import { MAX_NAME, STACK } from "../support/pipelines/stackFields";
import { WrittenFiles } from "../support/pipelines/writtenFiles";

jest.setTimeout(60_000);

const ROOT = resolve(__dirname, "../..");
let files: WrittenFiles;
beforeEach(() => (files = new WrittenFiles("portals")));
afterEach(() => files.remove());

const FORMS = [{}, { shards: 3 }, { stack: "Test.2", branch: "release/1", shards: 2 }] as const;
const written = (options: PipelineOptions) =>
    new Map(files.write(options).map((path) => [path, files.text(path)] as const));

interface WorkflowStep {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
    readonly permissions: object;
    readonly jobs: Readonly<
        Record<
            string,
            {
                readonly permissions?: Readonly<Record<string, string>>;
                readonly "timeout-minutes": number;
                readonly steps: readonly WorkflowStep[];
            }
        >
    >;
}
interface Resource {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
    readonly rules?: readonly object[];
}
const workflows = (options: object = {}) =>
    [...written({ system: "github", ...options })].map(([path, text]) => ({
        path,
        text,
        workflow: parse(text) as Workflow,
    }));

function scalarsIn(value: unknown): unknown[] {
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(scalarsIn) : [value];
}

// On Kubernetes, Pulumi's own operator runs the program, so the files contain no command that checks the types.
test.each(SYSTEMS.filter((system) => system !== "kubernetes"))("%s checks the types before a preview", (system) => {
    const text = [...written({ system }).values()].join("");
    expect(text).toMatch(/npm run types --if-present(\n.*){1,6}pulumi preview/);
});

describe("GitHub", () => {
    test.each(FORMS)("its own parser accepts every workflow: %j", async (options) => {
        const all = workflows(options);
        expect(all).toHaveLength(3);
        for (const { path, text } of all) expect(await workflowErrors(path, text)).toEqual([]);
        expect(await workflowErrors("wrong.yml", all[0]?.text.replace("runs-on", "run-on") ?? "")).not.toEqual([]);
    });

    test("each action is pinned to a commit, and names its version", () => {
        const lines = workflows().flatMap(({ text }) => text.split("\n").filter((line) => line.includes("uses:")));
        expect(lines.length).toBeGreaterThan(10);
        for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    test("each job has a time limit and the least permissions, and none both signs in and writes", () => {
        for (const { workflow } of workflows()) {
            expect(workflow.permissions).toEqual({});
            for (const job of Object.values(workflow.jobs)) {
                expect(job["timeout-minutes"]).toBeGreaterThan(0);
                const writes = Object.entries(job.permissions ?? {}).filter(([, right]) => right === "write");
                expect(writes.length).toBeLessThanOrEqual(1);
            }
        }
    });

    test("pulumi/actions gets only inputs that it has", () => {
        // Version 7 of pulumi/actions has these inputs. Its other inputs do not apply to an installation of the CLI.
        const known = ["command", "pulumi-version", "pulumi-version-file", "work-dir", "cloud-url", "github-token"];
        const steps = workflows().flatMap(({ workflow }) => Object.values(workflow.jobs).flatMap(({ steps }) => steps));
        const used = steps.filter(({ uses }) => uses?.startsWith("pulumi/actions@"));
        expect(used).toHaveLength(3);
        for (const step of used) expect(known).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
    });

    test("a deployment runs alone for its stack, and is never cancelled", () => {
        const { text = "" } = workflows().find(({ path }) => path.includes("deploy")) ?? {};
        expect(text).toContain("group: restore-portal-${{ matrix.stack }}\n            cancel-in-progress: false");
    });
});

describe("GitLab", () => {
    const client = (...args: string[]) =>
        execFileSync(process.execPath, [join(ROOT, "node_modules/gitlab-ci-local/dist/index.js"), ...args], {
            cwd: files.root,
            encoding: "utf8",
            env: { PATH: process.env["PATH"], HOME: files.root },
            stdio: ["ignore", "pipe", "pipe"],
        });
    const git = (...args: string[]) => execFileSync("git", ["-C", files.root, ...args], { stdio: "ignore" });

    test("its schema accepts the pipeline, and each stack has its own jobs", () => {
        const [path = ""] = files.write({ system: "gitlab", shards: 2 });
        git("init", "--quiet");
        git("remote", "add", "origin", "https://gitlab.com/contoso/portals.git");
        git("add", "--all");
        git("-c", "user.name=Anna", "-c", "user.email=anna@contoso.com", "commit", "--quiet", "--message", "first");
        const jobs = client("--list-csv-all").split("\n").slice(1).filter(Boolean);
        expect(jobs.filter((line) => /^"?deploy/.test(line))).toHaveLength(3);
        files.set(path, files.text(path).replace("before_script:", "befor_script:"));
        expect(() => client("--list-csv-all")).toThrow();
    });
});

describe("Kubernetes", () => {
    const accepts = new Ajv({ strict: false }).compile(STACK);

    test.each([{}, { shards: 3 }])("the operator knows every field of the Stacks: %j", (options) => {
        const text = written({ system: "kubernetes", ...options }).get("kubernetes/restore-portal/stacks.yaml") ?? "";
        const stacks = parseAllDocuments(text).map((document) => document.toJS() as { metadata: { name: string } });
        expect(stacks).toHaveLength("shards" in options ? 8 : 2);
        for (const stack of stacks) {
            expect(accepts(stack) ? [] : accepts.errors).toEqual([]);
            expect(stack.metadata.name.length).toBeLessThanOrEqual(MAX_NAME);
            expect(accepts({ ...stack, spec: { ...stack, expectNoChange: true } })).toBe(false);
        }
    });

    test("the job that reads the results may only list and patch Stacks, and selects those for drift", () => {
        const texts = written({ system: "kubernetes" });
        const resourcesIn = (name: string) =>
            parseAllDocuments(texts.get(`kubernetes/restore-portal/${name}.yaml`) ?? "").map(
                (document) => document.toJS() as Resource,
            );
        const resources = resourcesIn("results");
        expect(resources.map(({ kind }) => kind)).toEqual(["ServiceAccount", "Role", "RoleBinding", "CronJob"]);
        expect(resources[1]?.rules).toEqual([
            { apiGroups: ["pulumi.com"], resources: ["stacks"], verbs: ["list", "patch"] },
        ]);
        const selected = resourcesIn("stacks").filter(
            ({ metadata }) => metadata.labels?.["app.kubernetes.io/component"],
        );
        expect(selected.map(({ metadata }) => metadata.name)).toEqual(["production-drift"]);
        // The operator's own runs and this job use the same image. The pods run as user 1000, but Pulumi publishes no
        // variant of the image for this user. So the name of the image has no suffix.
        const images = [...texts.values()].flatMap((text) => text.match(/image: .*/g) ?? []);
        expect(new Set(images).size).toBe(1);
        expect(images[0]).toMatch(/^image: pulumi\/pulumi-nodejs-22:3\.\d+\.\d+$/);
    });

    test("a stack whose name is too long for the operator is refused", () => {
        const stack = "a".repeat(37);
        expect(() => files.write({ system: "kubernetes", stack })).toThrow(/has more than 42 characters/);
    });

    test("the URL of the repository is required", () => {
        expect(() => files.write({ system: "kubernetes", repository: undefined })).toThrow(/use --repository/);
        expect(() => files.write({ system: "kubernetes", repository: "git@github.com:contoso/portals" })).toThrow(
            /https:\/\/ or ssh:\/\/ URL/,
        );
    });
});

describe.each(SYSTEMS)("%s", (system) => {
    test("a stack and a branch 1.10 are texts in YAML, and not the number 1.1", () => {
        const count = (name: string) => {
            const texts = [...written({ system, stack: name, branch: name, force: true }).values()];
            const values = texts.flatMap((text) => parseAllDocuments(text).flatMap((one) => scalarsIn(one.toJS())));
            return values.filter((value) => value === name).length;
        };
        expect(count("z.z")).toBeGreaterThan(0);
        expect(count("1.10")).toBe(count("z.z"));
    });

    test("the files contain no secret, and name none", () => {
        for (const text of written({ system }).values())
            expect(text).not.toMatch(/secrets\.|PASSPHRASE|CLIENT_SECRET|password:/i);
    });

    test("the same files are not written again, and a changed file is kept unless --force is given", () => {
        const [path = ""] = files.write({ system });
        expect(files.write({ system })).toEqual([]);
        files.set(path, "mine");
        expect(() => files.write({ system, shards: 2 })).toThrow(/has other content in .*; nothing was written/);
        expect(files.text(path)).toBe("mine");
        expect(files.write({ system, force: true })).toEqual([path]);
        expect(files.text(path)).not.toBe("mine");
    });
});

test("a job of Azure DevOps begins with a letter, and a resource of Kubernetes ends with a letter or digit", () => {
    const [pipeline = ""] = [...written({ system: "azure-devops", stack: "365-portal_" }).values()];
    expect(pipeline).toContain("- deployment: stack_365_portal_\n");
    const text = written({ system: "kubernetes", stack: "portal_" }).get("kubernetes/restore-portal/stacks.yaml") ?? "";
    expect(text.match(/^    name: .*$/gm)).toEqual(["    name: portal", "    name: portal-drift"]);
});

test.each([
    ["--stack", { stack: "a b" }, /stack must consist of ASCII letters, digits/],
    ["--stack with a command", { stack: "$(id)" }, /stack must consist of/],
    ["--branch", { branch: "main; id" }, /branch must consist of/],
    ["--branch above", { branch: "../x" }, /branch must consist of/],
    [
        "--branch with ..",
        { branch: "x/../y" },
        /branch must consist of .*; no part of it may be "\.\.", got "x\/\.\.\/y"/,
    ],
    ["--shards", { shards: 1 }, /a whole number from 2 to 100, got 1/],
    ["--shards as a word", { shards: Number.NaN }, /a whole number from 2 to 100, got a text that is not a number/],
    ["--for", { system: "jenkins" as System }, /--for must be one of github, azure-devops/],
])("a wrong %s is refused before anything is written", (_name, options, message) => {
    expect(() => files.write({ system: "github", ...options })).toThrow(message);
    expect(files.write({ system: "github" })).toHaveLength(3);
});

test.each([
    [".github", /writing the pipeline: .*\.github is not a folder; nothing was written; remove or rename it/],
    [
        ".github/workflows",
        /writing the pipeline: .*workflows is not a folder; nothing was written; remove or rename it/,
    ],
])("a file %s is named, even with --force, and nothing is written", (path, message) => {
    files.set(path, "mine");
    expect(() => files.write({ system: "github", force: true })).toThrow(message);
    expect(files.text(path)).toBe("mine");
});

test("a folder with the name of a file of the pipeline is named, and nothing is written", () => {
    const [path = "", other = ""] = files.write({ system: "github" });
    files.remove();
    files = new WrittenFiles("portals");
    files.set(`${other}/mine`, "mine");
    expect(() => files.write({ system: "github" })).toThrow(/is a folder, but must be a file; nothing was written/);
    expect(() => files.text(path)).toThrow("ENOENT");
});

test("a folder without a program is refused", () => {
    expect(() => files.write({ system: "github", cwd: files.root })).toThrow(/no Pulumi project in .* name the folder/);
});

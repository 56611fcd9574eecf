// Lists the shell blocks of README.md, CONTRIBUTING.md and docs/. Runs blocks unchanged in a project with the README's
// first program.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import ts from "typescript";

import { TestTenant } from "../tenant/testTenant";
import { readmePrograms, shellBlocks, type Block } from "./readme";
import { expectSuccess, Workspace } from "./workspace";

const ROOT = resolve(__dirname, "../../..");

export interface Exception {
    readonly file: string;
    /** A text of the block. No other block of the file contains it. */
    readonly text: string;
    /** The reason why these tests do not run the block, or the test that covers the block. */
    readonly reason: string;
}

const WRITES = "it writes into a repository: test/cli/pipelines.test.ts";

export const EXCEPTIONS: readonly Exception[] = [
    { file: "README.md", text: "npm test", reason: "it runs this test" },
    { file: "README.md", text: "npm init -y", reason: "it installs packages; the project below has the same ones" },
    { file: "docs/get-started.md", text: "emulator -- --save-env", reason: "it runs until Ctrl+C: test/emulator/" },
    {
        file: "docs/get-started.md",
        text: "emulator -- --wizard-portal",
        reason: "it runs until Ctrl+C: test/emulator/",
    },
    { file: "docs/get-started.md", text: "set -a", reason: "the project has these variables already" },
    ...[
        'az ad app create --display-name "Restore Portal deployer"',
        "az ad sp create --id <appId>",
        "az ad app credential reset",
        "az ad app federated-credential create",
        "az ad app owner add",
        "az ad sp create --id <readerAppId>",
    ].map((text) => ({ file: "docs/real-tenant.md", text, reason: "it needs an administrator of a real tenant" })),
    { file: "docs/development.md", text: "_emulator/faults", reason: "placeholders: test/emulator/control.test.ts" },
    { file: "docs/deployer.md", text: "az login", reason: "it needs an administrator: test/stacks/deployer.test.ts" },
    { file: "docs/real-tenant.md", text: "HTTPS_PROXY=", reason: "it needs a proxy: test/entra/proxy.test.ts" },
    { file: "docs/real-tenant.md", text: "azblob://", reason: "it has placeholders" },
    { file: "README.md", text: "tgz init", reason: "it asks on a terminal: test/engine/init.test.ts" },
    { file: "docs/start.md", text: "tgz init", reason: "it asks on a terminal: test/engine/init.test.ts" },
    { file: "docs/start.md", text: "cd portals\nnpm install", reason: "test/engine/init.test.ts runs it" },
    { file: "docs/start.md", text: "export --application-id", reason: "test/engine/export.deep.test.ts runs it" },
    { file: "docs/start.md", text: "pulumi new", reason: "test/engine/templates.deep.test.ts runs it" },
    { file: "docs/unit-tests.md", text: "node --test", reason: "test/docs/unitTests.test.ts runs this test" },
    { file: "docs/pipelines.md", text: "pipelines --for github\n", reason: WRITES },
    { file: "docs/pipelines.md", text: "--shards", reason: WRITES },
    { file: "docs/pipelines-github.md", text: "pipelines --for", reason: WRITES },
    { file: "docs/pipelines-azure-devops.md", text: "pipelines --for", reason: WRITES },
    { file: "docs/pipelines-gitlab.md", text: "pipelines --for", reason: WRITES },
    { file: "docs/pipelines-kubernetes.md", text: "pipelines --for", reason: WRITES },
    { file: "docs/pipelines.md", text: "--secrets-provider", reason: "it needs a key vault" },
    ...["--dest production-6", "--source production-6", "stack rm"].map((text) => ({
        file: "docs/pipelines.md",
        text,
        reason: "it needs several stacks: test/engine/shardsMoved.deep.test.ts runs it",
    })),
    { file: "docs/pipelines-github.md", text: "gh variable set", reason: "it needs a repository on GitHub" },
    { file: "docs/pipelines-kubernetes.md", text: "kubectl create", reason: "it needs a cluster" },
    { file: "docs/pipelines-kubernetes.md", text: "kubectl get", reason: "it needs a cluster" },
    { file: "docs/report.md", text: "@report.json", reason: "it needs a webhook" },
    { file: "docs/report.md", text: "@message.json", reason: "it needs a webhook" },
    { file: "docs/report.md", text: "mail -s", reason: "it needs a mail server" },
    {
        file: "docs/languages.md",
        text: "plugin install",
        reason: "it needs a release: test/engine/native/install.deep.test.ts",
    },
    { file: "docs/languages.md", text: "package add", reason: "it needs the installed plugin" },
    { file: "docs/languages.md", text: "pulumi import", reason: "test/engine/native/languages.deep.test.ts imports" },
    {
        file: "docs/recover.md",
        text: "recover --stack",
        reason: "it needs a killed deployment: test/engine/killed.test.ts",
    },
    {
        file: "docs/recover.md",
        text: "--clear-holder",
        reason: "it needs a stack that is gone: test/ownership/clearHolder.test.ts",
    },
];

/**
 * Blocks that begin with this command run in the Git checkout. All other blocks run in the folder of the Pulumi
 * project.
 */
const IN_CHECKOUT = "npm start";

export const applies = ({ file, text }: Exception, block: Block) => block.file === file && block.text.includes(text);
export const isInCheckout = ({ text }: Block) => text.startsWith(IN_CHECKOUT);
export const blocks = shellBlocks();
export const runnable = blocks.filter((block) => !EXCEPTIONS.some((exception) => applies(exception, block)));
/** The blocks that run in the project, in the order of the guides. */
export const inProject = withoutRepetitions(runnable.filter((block) => !isInCheckout(block)));

/**
 * Each command takes seconds, and several pages show the same commands. So a block runs only if it has a line that did
 * not run before.
 */
function withoutRepetitions(all: readonly Block[]): Block[] {
    const known = new Set<string>();
    return all.filter(({ text }) => {
        const lines = text.trim().split("\n");
        const hasNew = lines.some((line) => !known.has(line));
        for (const line of lines) known.add(line);
        return hasNew;
    });
}

/** Runs these blocks in the project, each as a test. */
export function describeBlocks(chosen: readonly Block[]): void {
    let tenant: TestTenant;
    let workspace: Workspace;
    beforeAll(async () => {
        tenant = await TestTenant.start();
        // Answers yes to the prompt of `pulumi up`, as the reader does.
        const env = { ...tenant.env, PULUMI_SKIP_CONFIRMATIONS: "true" };
        workspace = new Workspace({ env, stack: "production" });
        const [program = ""] = readmePrograms();
        const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
        workspace.write("index.js", ts.transpileModule(program, { compilerOptions: options }).outputText);
        // Puts the command `pulumi-restore-portal` where `npm install` would link it.
        const bin = join(workspace.folder, "node_modules/.bin");
        mkdirSync(bin);
        writeFileSync(
            join(bin, "pulumi-restore-portal"),
            `#!/bin/sh\nexec node ${join(ROOT, "dist/cli/main.js")} "$@"\n`,
        );
        chmodSync(join(bin, "pulumi-restore-portal"), 0o755);
    });
    afterAll(async () => {
        workspace.remove();
        await tenant.close();
    });

    test.each(chosen.map(({ file, text }) => ({ file, text: text.trim() })))("$file: $text", async ({ text }) => {
        expectSuccess(await workspace.run("sh", ["-eu", "-c", text]));
    });
}

// Installs the package with real package managers: pnpm from a git URL on loopback, and yarn. Then the engine runs a
// CommonJS program and an ES module with it.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { machineEnvironment, packedPackage, pathWith } from "../support/engine/packageManagers";
import { NEWEST_SDK } from "../support/engine/sdk";
import { expectSuccess, run, Workspace } from "../support/engine/workspace";
import { GitServer } from "../support/network/gitServer";

jest.setTimeout(900_000);

const ROOT = resolve(__dirname, "../..");
const REGISTRY = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();

const PROGRAMS = {
    "index.cjs": 'const { PortalCertificate } = require("pulumi-restore-portal");',
    "index.mjs": 'import { PortalCertificate } from "pulumi-restore-portal";',
};
const CERTIFICATE = 'new PortalCertificate("certificate", { source: { generate: { name: "Portal" } } });';

interface Manager {
    readonly name: "npm" | "pnpm" | "yarn" | "bun";
    readonly args: readonly string[];
    /** Settings of the project, by file name. */
    readonly files: Readonly<Record<string, string>>;
    readonly env?: Readonly<Record<string, string>>;
}

const PACKAGE = "pulumi-restore-portal";
const MANAGERS: readonly Manager[] = [
    { name: "npm", args: ["install", "--no-audit", "--no-fund"], files: {} },
    {
        name: "pnpm",
        args: ["install"],
        files: {
            ".npmrc": "hoist=false\nshamefully-hoist=false\n",
            "pnpm-workspace.yaml": `onlyBuiltDependencies: [${PACKAGE}]\n`,
        },
    },
    {
        name: "yarn",
        args: ["install", "--no-immutable"],
        files: { ".yarnrc.yml": "nodeLinker: node-modules\nenableTelemetry: false\n", "yarn.lock": "" },
        env: { YARN_NPM_REGISTRY_SERVER: REGISTRY, YARN_ENABLE_GLOBAL_CACHE: "true" },
    },
    { name: "bun", args: ["install"], files: {} },
];

let workspace: Workspace;
beforeEach(() => (workspace = new Workspace()));
afterEach(() => workspace.remove());

const project = () => join(workspace.folder, "project");

async function installWith({ name, args, files, env = {} }: Manager, spec: string, more: Record<string, string> = {}) {
    mkdirSync(project(), { recursive: true });
    const dependencies = { "@pulumi/pulumi": NEWEST_SDK, [PACKAGE]: spec };
    const manifest = { name: "program", private: true, dependencies, trustedDependencies: [PACKAGE] };
    const texts = { "package.json": JSON.stringify(manifest), "Pulumi.yaml": projectFile("index.cjs"), ...files };
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(project(), file), text);
    for (const [file, text] of Object.entries(PROGRAMS))
        writeFileSync(join(project(), file), `${text}\n${CERTIFICATE}\n`);
    const environment = { ...machineEnvironment(), PATH: pathWith(name), ...env, ...more };
    return run(name, args, { cwd: project(), env: environment, timeoutMs: 800_000 });
}

const projectFile = (main: string) =>
    `name: program\nmain: ${main}\nruntime: { name: nodejs, options: { typescript: false } }\n`;

async function expectToRun(): Promise<void> {
    const pulumi = async (...args: string[]) => expectSuccess(await workspace.pulumi([...args, "-C", project()]));
    await pulumi("stack", "init", "dev");
    for (const main of Object.keys(PROGRAMS)) {
        writeFileSync(join(project(), "Pulumi.yaml"), projectFile(main));
        expect((await pulumi("preview")).stdout).toMatch(/PortalCertificate +certificate +create/);
    }
    await pulumi("up", "--yes", "--skip-preview");
    const cli = join(project(), "node_modules/.bin/pulumi-restore-portal");
    expect(expectSuccess(await workspace.run(cli, ["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+/);
}

/** bun does not install what the build of a git dependency needs. */
const BUILDERS = MANAGERS.filter(({ name }) => name === "pnpm");

describe("from git", () => {
    let git: GitServer;
    beforeAll(async () => {
        const names = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
        git = await GitServer.start(ROOT, names);
    });
    afterAll(() => git.close());

    test.each(BUILDERS.map((manager) => [manager.name, manager] as const))(
        "%s builds and installs the package, and CommonJS and ES modules run",
        async (_name, manager) => {
            const spec = `git+${git.url}#${git.commit}`;
            // pnpm builds only what the project names, with its commit.
            const allowed = { "pnpm-workspace.yaml": `onlyBuiltDependencies: ["${PACKAGE}@${spec}"]\n` };
            const files = { ...manager.files, ...(manager.name === "pnpm" ? allowed : {}) };
            expectSuccess(await installWith({ ...manager, files }, spec, { GIT_SSL_CAINFO: git.caFile }));
            await expectToRun();
        },
    );
});

test("yarn's Plug'n'Play is refused with one sentence", async () => {
    const yarn = MANAGERS.find(({ name }) => name === "yarn") as Manager;
    const files = { ...yarn.files, ".yarnrc.yml": "nodeLinker: pnp\nenableTelemetry: false\n" };
    expectSuccess(await installWith({ ...yarn, files }, `file:${packedPackage()}`));
    const pulumi = (...args: string[]) => {
        const env = { NODE_OPTIONS: `--require ${join(project(), ".pnp.cjs")}` };
        return workspace.pulumi([...args, "-C", project()], { env });
    };
    expectSuccess(await pulumi("stack", "init", "dev"));
    const { code, output } = await pulumi("preview");
    expect(code).not.toBe(0);
    expect(output).toContain("does not work with yarn's Plug'n'Play");
    expect(output).toContain("write nodeLinker: node-modules into .yarnrc.yml, and run yarn install");
    expect(output).not.toMatch(/^ +at /m);
});

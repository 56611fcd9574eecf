// Installs the package with real package managers, from a tarball and from a git URL on loopback. The engine then runs
// a CommonJS program and an ES module that use the package.
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
    /** The text of each settings file of the project, by file name. */
    readonly files: Readonly<Record<string, string>>;
    readonly env?: Readonly<Record<string, string>>;
}

const PACKAGE = "pulumi-restore-portal";
const YARN_SETTINGS = "nodeLinker: node-modules\nenableTelemetry: false\n";
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
        files: { ".yarnrc.yml": YARN_SETTINGS, "yarn.lock": "" },
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

test.each(MANAGERS.map((manager) => [manager.name, manager] as const))(
    "%s installs the tarball, and CommonJS and ES modules run",
    async (_name, manager) => {
        expectSuccess(await installWith(manager, `file:${packedPackage()}`));
        await expectToRun();
    },
);

describe("from git", () => {
    let git: GitServer;
    beforeAll(async () => {
        const names = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
        git = await GitServer.start(ROOT, names);
    });
    afterAll(() => git.close());

    /**
     * The settings that allow a build from git: pnpm must list the package with its commit, and yarn must list the
     * repository.
     */
    const permissions: Readonly<Partial<Record<Manager["name"], (spec: string) => Manager["files"]>>> = {
        pnpm: (spec) => ({ "pnpm-workspace.yaml": `onlyBuiltDependencies: ["${PACKAGE}@${spec}"]\n` }),
        yarn: () => ({ ".yarnrc.yml": `${YARN_SETTINGS}approvedGitRepositories: ["${git.url}"]\n` }),
    };

    // Each build takes minutes. So npm is tested in templates.deep.test.ts, where `pulumi new` installs from git with
    // npm.
    const others = MANAGERS.filter(({ name }) => name !== "npm");
    test.each(others.map((manager) => [manager.name, manager] as const))(
        "%s builds and installs the package, and CommonJS and ES modules run",
        async (name, manager) => {
            const spec = `git+${git.url}#${git.commit}`;
            const files = { ...manager.files, ...permissions[name]?.(spec) };
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

test.each(["~5.9.3", "^7.0.0"])("the declarations compile with TypeScript %s", async (version) => {
    const npm = MANAGERS.find(({ name }) => name === "npm") as Manager;
    expectSuccess(await installWith(npm, `file:${packedPackage()}`));
    const env = { ...machineEnvironment(), PATH: pathWith("npm") };
    const options = { cwd: project(), env, timeoutMs: 300_000 };
    // Pulumi's SDK has TypeScript below 7 as an optional peer dependency. So npm installs TypeScript 7 only with
    // `--legacy-peer-deps`. The flag is allowed here, because this test compiles a program and does not run it. Only a
    // run of a TypeScript program needs the peer dependency.
    const packages = [`typescript@${version}`, "@types/node@22"];
    expectSuccess(await run("npm", ["install", "--legacy-peer-deps", "--no-audit", "--no-fund", ...packages], options));
    writeFileSync(join(project(), "program.ts"), TYPED);
    for (const module of ["node16", "nodenext", "preserve"]) {
        const resolution = module === "preserve" ? "bundler" : module;
        const flags = ["--strict", "--exactOptionalPropertyTypes", "--noEmit", "--target", "es2022", "--types", "node"];
        const args = [...flags, "--module", module, "--moduleResolution", resolution, "program.ts"];
        expectSuccess(await run(join(project(), "node_modules/.bin/tsc"), args, options));
    }
    writeFileSync(join(project(), "program.ts"), TYPED.replace("portalUrl:", "portalURL:"));
    const wrong = await run(join(project(), "node_modules/.bin/tsc"), ["--strict", "--noEmit", "program.ts"], options);
    expect(wrong.code).not.toBe(0);
});

const TYPED = `import { PortalCertificate, PortalServer, PortalTenantConsent, RestorePortalApp } from "pulumi-restore-portal";
const { certificate } = new PortalCertificate("certificate", { source: { generate: { name: "Portal" } } });
const portal = new RestorePortalApp("portal", { displayName: "Portal", certificate, portalUrl: "https://portal.abc.com:4443" });
const { applicationId, portalUrl } = portal;
new PortalTenantConsent("contoso", { applicationId, tenantId: "contoso.com", portalUrl });
new PortalServer("server", { applicationId, portalUrl });
export const thumbprint = certificate.thumbprint;
`;

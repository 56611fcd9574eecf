// Makes a project from each TypeScript program of stacks/ with `pulumi new`, from a path and from a git URL, and
// installs the project's packages.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { machineEnvironment, pathWith } from "../support/engine/packageManagers";
import { expectSuccess, run, Workspace } from "../support/engine/workspace";
import { GitServer } from "../support/network/gitServer";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(600_000);

const ROOT = resolve(__dirname, "../..");
const TEMPLATES = ["portal", "serviceProvider", "guarded", "deployer"];

let git: GitServer;
let tenant: TestTenant;
beforeAll(async () => {
    const names = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
    [git, tenant] = await Promise.all([GitServer.start(ROOT, names), TestTenant.start()]);
});
afterAll(() => Promise.all([git.close(), tenant.close()]));

let workspace: Workspace;
beforeEach(() => {
    workspace = new Workspace({ env: tenant.env, stack: "production" });
    // Removes the packages of the workspace. Otherwise the program would use the package of the checkout.
    rmSync(join(workspace.folder, "node_modules"), { recursive: true });
    mkdirSync(join(workspace.folder, "project"));
});
afterEach(() => workspace.remove());

const project = () => join(workspace.folder, "project");
const pulumi = async (...args: string[]) => expectSuccess(await workspace.pulumi([...args, "-C", project()]));
const npm = async (...args: string[]) =>
    expectSuccess(
        await run("npm", [...args, "--no-audit", "--no-fund"], {
            cwd: project(),
            env: { ...machineEnvironment(), PATH: pathWith("npm") },
            timeoutMs: 500_000,
        }),
    );

/**
 * Runs `pulumi new`. Pulumi and git trust the certificate authority of the git server. npm trusts the certificate
 * authorities of the machine.
 */
async function newProject(template: string, ...more: string[]) {
    const env = { ...machineEnvironment(), SSL_CERT_FILE: git.caFile, GIT_SSL_CAINFO: git.caFile };
    const args = ["new", template, "--yes", "--name", "contoso", ...more, "-C", project()];
    return expectSuccess(await workspace.pulumi(args, { env, timeoutMs: 500_000 }));
}

test.each(TEMPLATES)("stacks/%s is the same project from a git URL as from a path", async (name) => {
    const [url, folder] = [`${git.url}/stacks/${name}`, join(ROOT, "stacks", name)];
    await newProject(url, "--generate-only");
    const fromGit = contents(project());
    // Pulumi records the URL of the template in Pulumi.yaml.
    expect(fromGit["Pulumi.yaml"]).toContain(`pulumi:template: ${url}\n`);
    workspace.remove();
    mkdirSync(project(), { recursive: true });
    await newProject(folder, "--generate-only");
    const settings = fromGit["Pulumi.yaml"]?.replace(url, folder);
    expect(contents(project())).toEqual({ ...fromGit, "Pulumi.yaml": settings });
    expect(Object.keys(fromGit)).toEqual(expect.arrayContaining(["index.ts", "package.json", "tsconfig.run.json"]));
    expect(fromGit["Pulumi.yaml"]).toMatch(/^name: contoso$/m);
});

function contents(folder: string): Record<string, string> {
    const names = readdirSync(folder).filter((name) => name !== "node_modules");
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

test.each(TEMPLATES)(
    "stacks/%s installs with pulumi new, the provider included, and its types are right",
    async (name) => {
        await newProject(join(ROOT, "stacks", name), "--stack", "dev");
        const { dependencies } = JSON.parse(contents(project())["package.json"] ?? "") as { dependencies: object };
        expect("pulumi-restore-portal" in dependencies).toBe(name !== "deployer");
        await npm("run", "types");
    },
);

test("the template portal deploys from a git URL with what pulumi new installed", async () => {
    await newProject(`${git.url}/stacks/portal`, "--stack", "production");
    await pulumi("config", "set", "portalUrl", "https://portal.contoso.com:4443");
    await pulumi("up", "--yes", "--skip-preview");
    await pulumi("preview", "--expect-no-changes");
    await pulumi("destroy", "--yes", "--skip-preview");
});

test("without a note about where the template came from, npm install says in one sentence what to do", async () => {
    await newProject(join(ROOT, "stacks/portal"), "--generate-only");
    const settings = join(project(), "Pulumi.yaml");
    writeFileSync(settings, readFileSync(settings, "utf8").replace(/^.*pulumi:template: .*$/m, ""));
    const { stderr } = await npm("install");
    expect(stderr).toContain(
        "pulumi-restore-portal is missing: run npm install <folder of its clone> or npm install <tarball from npm pack>",
    );
});

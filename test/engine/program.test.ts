// Deploys the README's first program. Also creates a project from stacks/ with `pulumi new`.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import ts from "typescript";

import { readmePrograms } from "../support/engine/readme";
import { TestTenant } from "../support/tenant/testTenant";
import { expectSuccess, run, Workspace } from "../support/engine/workspace";

jest.setTimeout(300_000);

const ROOT = resolve(__dirname, "../..");

test("the README's first program deploys unchanged", async () => {
    const tenant = await TestTenant.start();
    const workspace = await new Workspace({ env: tenant.env }).init();
    try {
        const [program = ""] = readmePrograms();
        const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
        workspace.write("index.js", ts.transpileModule(program, { compilerOptions: options }).outputText);
        await workspace.upOk();
        await workspace.previewUnchanged();
        expect(await tenant.application(await workspace.output("applicationId"))).toMatchObject({
            displayName: "Restore Portal",
        });
        await workspace.destroyOk();
    } finally {
        workspace.remove();
        await tenant.close();
    }
});

test("pulumi new makes a project of it, which deploys with its own name and settings", async () => {
    const folder = mkdtempSync(join(tmpdir(), "template-"));
    const tenant = await TestTenant.start();
    try {
        const [template, project] = [join(folder, "template"), join(folder, "project")];
        for (const name of ["stacks", "Pulumi.yaml", "package.json", "tsconfig.json", "README.md"]) {
            cpSync(join(ROOT, name), join(template, name), { recursive: true });
        }
        for (const name of [project, join(folder, "state")]) mkdirSync(name);
        const env = {
            ...process.env,
            ...tenant.env,
            HOME: folder,
            PULUMI_HOME: join(folder, ".pulumi"),
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "",
            PULUMI_SKIP_UPDATE_CHECK: "true",
        };
        const pulumi = async (...args: string[]) =>
            expectSuccess(
                await run("pulumi", [...args, "--non-interactive"], { cwd: project, env, timeoutMs: 120_000 }),
            );
        await pulumi("new", template, "--generate-only", "--yes", "--name", "contoso-portal");
        expect(readFileSync(join(project, "Pulumi.yaml"), "utf8")).toMatch(/^name: contoso-portal$/m);
        for (const name of ["node_modules", "dist"]) symlinkSync(join(ROOT, name), join(project, name));
        await pulumi("stack", "init", "production");
        await pulumi("config", "set", "portalUrl", "https://portal.contoso.com:4443");
        await pulumi("config", "set", "--path", "additionalPortalUrls[0]", "https://restore.contoso.com:4443");
        await pulumi("config", "set", "signInAudience", "AzureADMultipleOrgs");
        await pulumi("up", "--yes", "--skip-preview");
        await pulumi("preview", "--expect-no-changes");
        const appId = (await pulumi("stack", "output", "applicationIdOfPortal")).stdout.trim();
        const application = await tenant.application(appId);
        expect([...application.spa.redirectUris].sort()).toEqual([
            "https://portal.contoso.com:4443",
            "https://restore.contoso.com:4443",
        ]);
        expect(application).toMatchObject({
            displayName: "Restore Portal",
            signInAudience: "AzureADMultipleOrgs",
        });
        await pulumi("destroy", "--yes", "--skip-preview");
    } finally {
        await tenant.close();
        rmSync(folder, { recursive: true, force: true });
    }
});

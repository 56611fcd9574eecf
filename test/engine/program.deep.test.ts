// Deploys the README's first program. Also makes a project from the template stacks/portal with `pulumi new`, and
// deploys it.
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import ts from "typescript";

import { readmePrograms } from "../support/engine/readme";
import { TestTenant } from "../support/tenant/testTenant";
import { installForTemplate } from "../support/engine/sdk";
import { expectSuccess, Workspace } from "../support/engine/workspace";

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

test("pulumi new makes a project of the template, which deploys with its own name and settings", async () => {
    const tenant = await TestTenant.start();
    const workspace = new Workspace({ env: tenant.env, stack: "production" });
    const project = join(workspace.folder, "project");
    mkdirSync(project);
    try {
        const pulumi = async (...args: string[]) => expectSuccess(await workspace.pulumi([...args, "-C", project]));
        await pulumi("new", join(ROOT, "stacks/portal"), "--generate-only", "--yes", "--name", "contoso-portal");
        expect(readFileSync(join(project, "Pulumi.yaml"), "utf8")).toMatch(/^name: contoso-portal$/m);
        installForTemplate(project);
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
        workspace.remove();
        await tenant.close();
    }
});

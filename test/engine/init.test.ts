// Checks that a user can start without a clone of the repository: `init` writes a project, and the real engine deploys
// it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { ENTER, onTerminal, type Step } from "../support/cli/onTerminal";
import { installPackage } from "../support/engine/sdk";
import { expectSuccess, Workspace } from "../support/engine/workspace";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(300_000);

const ROOT = resolve(__dirname, "../..");
let tenant: TestTenant;
beforeAll(async () => (tenant = await TestTenant.start()));
afterAll(() => tenant.close());

test("init leads from an empty folder to a deployed portal with at most 15 answers", async () => {
    const workspace = new Workspace({ env: tenant.env, stack: "production" });
    const project = join(workspace.folder, "portals");
    try {
        // The project gets a copy of the package, as `npm install <tarball>` would install it.
        rmSync(join(workspace.folder, "node_modules"), { recursive: true });
        mkdirSync(join(project, "node_modules/@pulumi"), { recursive: true });
        installPackage(join(project, "node_modules"), true);
        for (const name of ["@pulumi/pulumi", "typescript", "@types"])
            symlinkSync(join(ROOT, "node_modules", name), join(project, "node_modules", name));
        const cli = join(project, "node_modules/pulumi-restore-portal/dist/cli/main.js");
        const answers: Step[] = [
            ["Microsoft Entra region", ENTER],
            ["Application", ENTER],
            ["Name of the new application", ENTER],
            ["Certificate", ENTER],
            ["Restore Portal web address", `https://portal.abc.com:4443${ENTER}`],
            ["customers' tenants", ENTER],
            ["Where Pulumi keeps the state", ENTER],
            ["Pipeline that deploys", ENTER],
            ["Write the project?", ENTER],
        ];
        const env = { ...process.env, ...tenant.env };
        const { code, output } = await onTerminal([process.execPath, cli, "init"], answers, { cwd: project, env });
        if (code !== 0) throw new Error(output);
        const pulumi = async (...args: string[]) =>
            expectSuccess(await workspace.pulumi([...args, "--cwd", project], { env: { PULUMI_STACK: "production" } }));
        await pulumi("stack", "init", "production");
        await pulumi("up", "--yes", "--skip-preview");
        await pulumi("preview", "--expect-no-changes");
        const id = (await pulumi("stack", "output", "applicationIdOfPortal")).stdout.trim();
        expect(await tenant.application(id)).toMatchObject({
            displayName: "Restore Portal",
            spa: { redirectUris: ["https://portal.abc.com:4443"] },
        });
        const doctor = await workspace.run(process.execPath, [cli, "doctor", "--cwd", project]);
        expect(doctor.output).not.toContain("FAIL");
        expect(doctor.code).toBe(0);
        // The 1 is the confirmation that `pulumi up` requires.
        expect(answers.length + 1).toBeLessThanOrEqual(15);
        await pulumi("destroy", "--yes", "--skip-preview");
    } finally {
        workspace.remove();
    }
});

test("a folder of the project as backend needs no other setting", async () => {
    const folder = mkdtempSync(join(tmpdir(), "init-"));
    const workspace = new Workspace({ env: tenant.env, stack: "production" });
    try {
        const cli = join(ROOT, "dist/cli/main.js");
        const args = ["--name", "Portal", "--portal-url", "https://portal.abc.com:4443", "--backend", "file://./state"];
        expectSuccess(await workspace.run(process.execPath, [cli, "init", "--out", folder, ...args]));
        const env = { PULUMI_BACKEND_URL: undefined };
        expectSuccess(await workspace.pulumi(["stack", "init", "production", "--cwd", folder], { env }));
        expect(readdirSync(join(folder, "state/.pulumi/stacks"))).not.toEqual([]);
        expect(readFileSync(join(folder, ".gitignore"), "utf8")).toContain("state/");
    } finally {
        workspace.remove();
        rmSync(folder, { recursive: true, force: true });
    }
});

// Checks two operations with serious consequences on the real engine, and the messages before them: a destroy that
// would remove entries of others, and the adoption of an application that already has a certificate.
import { cpSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { installForTemplate } from "../support/engine/sdk";
import { expectSuccess, Workspace } from "../support/engine/workspace";
import { issueCertificates } from "../support/tenant/certificates";
import { existingApplication, onePortal, PORTAL_URL } from "../support/tenant/portals";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(300_000);

const TEMPLATE = resolve(__dirname, "../../stacks/portal");
const THEIRS = "https://theirs.contoso.com/signin";

let tenant: TestTenant;
let workspace: Workspace;
beforeAll(async () => (tenant = await TestTenant.start()));
beforeEach(() => (workspace = new Workspace({ env: tenant.env })));
afterEach(() => workspace.remove());
afterAll(() => tenant.close());

test("destroy refuses once before it writes, names the entries of others, and the setting confirms it", async () => {
    await workspace.init();
    workspace.declare(onePortal({ displayName: "Restore Portal" }));
    await workspace.upOk();
    const appId = String((await workspace.outputsOf("portal"))["applicationId"]);
    await tenant.patchApplication(appId, { spa: { redirectUris: [PORTAL_URL, THEIRS] } });
    tenant.clearLog();
    const destroy = (setting: string | undefined) =>
        workspace.pulumi(["destroy", "--yes", "--skip-preview"], { env: { RESTORE_PORTAL_DELETE_OTHERS: setting } });
    const refused = await destroy(undefined);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain(`it has entries of others: redirect URI ${THEIRS}; nothing was written`);
    expect(refused.output).toContain(`set RESTORE_PORTAL_DELETE_OTHERS=${appId} in the environment`);
    expect(tenant.writes()).toEqual([]);
    expectSuccess(await destroy(appId));
    expect((await tenant.tryGraph("GET", `/applications(appId='${appId}')`)).status).toBe(404);
});

test("the template adopts an application without touching its certificates, unless it is asked to", async () => {
    const project = join(workspace.folder, "project");
    mkdirSync(project);
    cpSync(TEMPLATE, project, { recursive: true });
    installForTemplate(project);
    const [certificate] = await issueCertificates(1);
    const appId = await existingApplication(tenant, {
        keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key: certificate }],
    });
    const pulumi = async (...args: string[]) => expectSuccess(await workspace.pulumi([...args, "-C", project]));
    const keys = async () => (await tenant.application(appId)).keyCredentials.map(({ keyId }) => keyId);
    const before = await keys();
    await pulumi("stack", "init", "dev");
    await pulumi("config", "set", "applicationId", appId);
    await pulumi("config", "set", "portalUrl", PORTAL_URL);
    expect((await pulumi("preview")).output).toContain("leaves 1 certificate and 1 owner alone");
    await pulumi("up", "--yes", "--skip-preview");
    expect(await keys()).toEqual(before);
    await pulumi("config", "set", "--path", "certificate.generate.name", "Asked for");
    expect((await pulumi("preview")).output).toMatch(/adds a new certificate "Asked for", beside [0-9A-F]{40}/);
    await pulumi("up", "--yes", "--skip-preview");
    expect(await keys()).toHaveLength(2);
    expect(await keys()).toEqual(expect.arrayContaining(before));
    await pulumi("destroy", "--yes", "--skip-preview");
    expect(await keys()).toEqual(before);
});

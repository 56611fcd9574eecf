// Runs the life of PortalTenantConsent and PortalServer through the native plugin, with a provider object for the
// customer.
import type { PortalServer } from "../../../emulator";
import { CONSENT_ROLES } from "../../support/consent/customers";
import { useLanguage } from "../../support/engine/languages";
import { Workspace } from "../../support/engine/workspace";
import { PORTAL_URL } from "../../support/tenant/portals";
import { TestTenant } from "../../support/tenant/testTenant";

jest.setTimeout(300_000);

let home: TestTenant;
let customer: TestTenant;
let server: PortalServer;
let workspace: Workspace;
let appId: string;
beforeAll(async () => {
    home = await TestTenant.start({ tenants: 2 });
    customer = home.neighbour(home.emulator.tenantIds[1] ?? "");
    const { clientId } = home.emulator.identity("deployer");
    await home.patchApplication(clientId, { signInAudience: "AzureADMultipleOrgs" });
    home.emulator.consentTo({ tenantId: customer.tenantId, clientId, roles: CONSENT_ROLES });
    server = await home.emulator.startPortalServer();
    workspace = new Workspace({ env: home.env, face: "native" });
    useLanguage(workspace, "yaml");
    workspace.write("Main.yaml", program());
    await workspace.init();
});
afterAll(async () => {
    workspace.remove();
    await home.close();
});

const resource = (type: string, properties: object, options: object = {}) => ({
    type: `restore-portal:${type}`,
    properties,
    options,
});

function program(): string {
    const source = { generate: { name: "Restore Portal" } };
    const certificate = "${certificate.certificate}";
    const multiTenant = { signInAudience: "AzureADMultipleOrgs" };
    const portal = { displayName: "Restore Portal", portalUrl: PORTAL_URL, certificate, ...multiTenant };
    const applicationId = "${portal.applicationId}";
    const settings = { tenantId: customer.tenantId };
    return JSON.stringify({
        resources: {
            certificate: resource("PortalCertificate", { source }),
            portal: resource("RestorePortalApp", portal),
            contoso: { type: "pulumi:providers:restore-portal", properties: settings },
            consent: resource("PortalTenantConsent", { applicationId }, { provider: "${contoso}" }),
            server: resource("PortalServer", { portalUrl: PORTAL_URL, serverUrl: server.url, applicationId }),
        },
        outputs: { applicationId },
    });
}

test("up consents in the tenant of the provider, and warns that the server is not set up", async () => {
    const { output } = await workspace.upOk();
    expect(output).toMatch(/warning: .*Set-VBORestorePortalSettings/);
    appId = await workspace.output("applicationId");
    expect(await customer.grants(appId)).toHaveLength(2);
    server.configure({ applicationId: appId, restorePortalUri: PORTAL_URL, isEnabled: true });
    // State still has the settings from before `configure`. The preview reads the server again, so it shows no change.
    await workspace.previewUnchanged();
});

test("a preview names the drift of both, exits with 7, and up repairs the consent", async () => {
    const [grant] = (await customer.grants(appId)).filter(({ scope }) => scope === "User.Read");
    await customer.graph("DELETE", `/oauth2PermissionGrants/${grant?.id ?? ""}`);
    server.configure({ applicationId: appId, restorePortalUri: PORTAL_URL, isEnabled: false });
    const { code, output } = await workspace.preview("--expect-no-changes");
    expect(code).toBe(7);
    expect(output).toMatch(/~ isEnabled *: false => true/);
    expect(output).toMatch(/~ grantedPermissions/);
    server.configure({ applicationId: appId, restorePortalUri: PORTAL_URL, isEnabled: true });
    await workspace.upOk();
    expect(await customer.grants(appId)).toHaveLength(2);
});

test("destroy takes the consent back", async () => {
    await workspace.destroyOk();
    expect((await customer.tryGraph("GET", `/servicePrincipals(appId='${appId}')`)).status).toBe(404);
});

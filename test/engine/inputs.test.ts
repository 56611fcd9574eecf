// Checks secret and unknown inputs on the real engine. inputs.deep.test.ts checks more cases.
import { withInputsProgram, type InputsProgram } from "../support/engine/inputsProgram";

jest.setTimeout(600_000);
let workspace: InputsProgram["workspace"];
let program: InputsProgram["program"];
withInputsProgram((given) => ({ workspace, program } = given));

test("a secret web address is in no output and nowhere in state, and other outputs stay readable", async () => {
    program(`
const portal = new RestorePortalApp("portal", { displayName: "Secret", certificate: { certificatePem }, portalUrl: pulumi.secret("https://hidden-name.abc.com:4443") });
exports.objectId = portal.objectId;`);
    const { output } = await workspace.upOk();
    expect(output).not.toContain("hidden-name");
    expect(output).toMatch(/objectId: "[0-9a-f-]{36}"/);
    expect(JSON.stringify(await workspace.exportState())).not.toContain("hidden-name");
    // The refusal of a secret web address does not show the address either.
    program(
        `new RestorePortalApp("portal", { displayName: "Secret", certificate: { certificatePem }, portalUrl: pulumi.secret("http://hidden-name.abc.com") });`,
    );
    const refused = await workspace.preview();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("portalUrl: must be https");
    expect(refused.output).not.toContain("hidden-name");
    await workspace.destroyOk();
});

test("values that a preview does not know pass, alone and together", async () => {
    program(`
const { certificate } = new PortalCertificate("certificate", { source: { generate: { name: "Portal" } } });
const later = (value) => certificate.apply(() => value);
new RestorePortalApp("names", { displayName: later("x"), certificate: { certificatePem: certificate.certificatePem }, portalUrl });
new RestorePortalApp("addresses", { displayName: "y", certificate, portalUrl: later(portalUrl), additionalPortalUrls: [later("https://a.abc.com:4443")] });
new RestorePortalApp("lists", { displayName: "z", certificate, portalUrl, additionalPortalUrls: later([]), owners: later([]), adminConsent: later(false) });
new RestorePortalApp("adopted", { applicationId: later("x"), tenantId: later("x"), portalUrl, certificate });
new PortalTenantConsent("consent", { applicationId: later("x"), tenantId: later("x"), mode: later("verify") });
new RestorePortalApp("all", later({ displayName: "w", certificate: { certificatePem }, portalUrl }));`);
    const { code, output } = await workspace.preview();
    expect(output).not.toContain("has a problem");
    expect(code).toBe(0);
});

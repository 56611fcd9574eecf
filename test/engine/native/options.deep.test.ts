// Checks options of resources and providers that the engine carries out together with the plugin. The tests check the
// writes to Entra and the contents of state.
import "../../support/engine/nativeFace";

import { expectSuccess, Workspace } from "../../support/engine/workspace";
import { PORTAL_URL } from "../../support/tenant/portals";
import { TestTenant } from "../../support/tenant/testTenant";

jest.setTimeout(600_000);

let tenant: TestTenant;
let workspace: Workspace;
let others: string[];
beforeAll(async () => {
    tenant = await TestTenant.start();
    others = (await tenant.applications()).map(({ appId }) => appId);
    workspace = await new Workspace({ env: tenant.env }).init();
});
afterAll(async () => {
    workspace.remove();
    await tenant.close();
});
afterEach(async () => {
    await workspace.destroyOk();
    expect(await living()).toEqual([]);
});

/** Returns the display names of the applications that the portals have registered. */
const living = async () =>
    (await tenant.applications())
        .filter(({ appId }) => !others.includes(appId))
        .map(({ displayName }) => displayName)
        .sort();

function program(text: string): void {
    workspace.write(
        "index.js",
        `const pulumi = require("@pulumi/pulumi");
const { PortalCertificate, Provider, RestorePortalApp } = require("pulumi-restore-portal");
const { certificate } = new PortalCertificate("certificate", { source: { generate: { name: "Portal" } } });
const portal = (name, args, options) =>
    new RestorePortalApp(name, { displayName: name, portalUrl: ${JSON.stringify(PORTAL_URL)}, certificate, ...args }, options);
${text}
`,
    );
}

const stateText = async () => JSON.stringify(await workspace.exportState());
const quoted = (text: string) => JSON.stringify(text);

test("settings of a provider may be secret or unknown, and another provider with the same ones changes nothing", async () => {
    program(`const contoso = new Provider("contoso", { tenantId: pulumi.secret(${quoted(tenant.tenantId)}) });
portal("first", {}, { provider: contoso });`);
    await workspace.upOk();
    program(`const contoso = new Provider("contoso", { tenantId: pulumi.secret(${quoted(tenant.tenantId)}) });
const first = portal("first", {}, { provider: contoso });
const later = new PortalCertificate("later", { source: { generate: { name: "Later" } } });
const other = new Provider("other", { tenantId: later.certificate.apply(() => ${quoted(tenant.tenantId)}) });
portal("second", {}, { provider: other });`);
    const preview = expectSuccess(await workspace.preview());
    expect(preview.output).toMatch(/restore-portal:index:RestorePortalApp: \(create\)/);
    await workspace.upOk();
    expect(await living()).toEqual(["first", "second"]);
    await workspace.previewUnchanged();
    // The portal moves to the default provider, which has no `tenantId`. The tenant stays the same, so nothing changes.
    program(`new Provider("contoso", { tenantId: pulumi.secret(${quoted(tenant.tenantId)}) });
portal("first", { tenantId: ${quoted(tenant.tenantId)} });`);
    tenant.clearLog();
    const { output } = await workspace.upOk("--target", "**::first");
    expect(output).not.toMatch(/replaced|deleted|created/);
    expect(tenant.writes()).toEqual([]);
});

test("a provider with bad settings is refused before anything is written", async () => {
    program(`portal("refused", {}, { provider: new Provider("bad", { region: "Germany" }) });`);
    tenant.clearLog();
    const { code, output } = await workspace.up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/must not be "Germany"/);
    expect(tenant.writes()).toEqual([]);
});

test("replaceOnChanges deletes the application before it registers the new one", async () => {
    program(`portal("old", { displayName: "old" }, { replaceOnChanges: ["displayName"] });`);
    await workspace.upOk();
    const { applicationId } = await workspace.outputsOf("old");
    program(`portal("old", { displayName: "new" }, { replaceOnChanges: ["displayName"] });`);
    await workspace.upOk();
    expect(await living()).toEqual(["new"]);
    expect((await workspace.outputsOf("old"))["applicationId"]).not.toBe(applicationId);
    await workspace.previewUnchanged();
});

test("additionalSecretOutputs are not in plain text in state, and nothing changes because of them", async () => {
    program(`portal("hidden", {}, { additionalSecretOutputs: ["consentUrl"] });`);
    await workspace.upOk();
    expect(await stateText()).not.toContain("/adminconsent?client_id=");
    await workspace.previewUnchanged();
});

test("--target deploys one portal and leaves the drift of the others alone", async () => {
    const both = (url: string) => `portal("one", { portalUrl: ${quoted(url)} });\nportal("two", {});`;
    program(both(PORTAL_URL));
    await workspace.upOk();
    const { applicationId } = await workspace.outputsOf("two");
    await tenant.patchApplication(String(applicationId), { displayName: "By hand" });
    program(both("https://moved.abc.com:4443"));
    await workspace.upOk("--target", "**::one");
    expect(await living()).toEqual(["By hand", "one"]);
    await workspace.upOk();
    expect(await living()).toEqual(["one", "two"]);
});

test("functions, methods and components are refused in words", async () => {
    program(`exports.answer = pulumi.output(
    pulumi.runtime.invoke("restore-portal:index:getPortal", {}).catch((error) => String(error)),
);`);
    await workspace.upOk();
    expect(await workspace.output("answer")).toMatch(
        /restore-portal has no functions; it has the resources RestorePortalApp,/,
    );
    program(`new pulumi.ComponentResource("restore-portal:index:Portals", "portals", {}, {}, true);`);
    const { code, output } = await workspace.up();
    expect(code).not.toBe(0);
    expect(output).toMatch(/restore-portal has no components/);
});

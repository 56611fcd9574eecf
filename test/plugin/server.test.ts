// Sends requests of the provider protocol to the built plugin. Checks the answers that the engine requires, and the
// features that the SDK's own server lacks.
import { status, type ServiceError } from "@grpc/grpc-js";
import {
    CallRequest,
    CheckRequest,
    ConstructRequest,
    DiffRequest,
    GetMappingRequest,
    GetSchemaRequest,
    InvokeRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { issueCertificate } from "../../provider/certificate/issue";
import { halfDoneOf, PluginProcess, secret, structOf, urnOf } from "../support/plugin/pluginProcess";
import { existingApplication, PORTAL_URL } from "../support/tenant/portals";
import { portalByHand } from "../support/tenant/portalByHand";
import { TestTenant } from "../support/tenant/testTenant";
import { ENTERPRISE, patchServicePrincipal } from "../support/hooks/ownership";

jest.setTimeout(60_000);

const portal = (name: string) => urnOf("RestorePortalApp", name);
const CERTIFICATE = urnOf("PortalCertificate", "certificate");

let tenant: TestTenant;
let plugin: PluginProcess;
let certificatePem: string;
beforeAll(async () => {
    tenant = await TestTenant.start({ tenants: 2 });
    ({ certificatePem } = await issueCertificate({ name: "P", keySize: 2048, validDays: 9, now: new Date() }));
});
afterAll(() => tenant.close());
beforeEach(async () => {
    plugin = await PluginProcess.start({ ...tenant.env, RESTORE_PORTAL_WAIT_SECONDS: "120" });
    await plugin.configure();
});
afterEach(async () => {
    tenant.emulator.control.reset();
    expect(await plugin.end()).toBe(0);
});

const registered = (displayName: string) => ({ displayName, portalUrl: PORTAL_URL, certificate: { certificatePem } });
const failed = (call: Promise<unknown>) =>
    call.then(
        () => {
            throw new Error("the call must fail, but it succeeded");
        },
        (error: unknown) => error as ServiceError,
    );

test("GetSchema describes the four resources, and other requests are not implemented", async () => {
    const answer = await plugin.call<{ getSchema(): string }>("getSchema", new GetSchemaRequest());
    const { resources } = JSON.parse(answer.getSchema()) as { resources: object };
    expect(Object.keys(resources).map((token) => token.split(":")[2])).toEqual([
        "RestorePortalApp",
        "PortalCertificate",
        "PortalTenantConsent",
        "PortalServer",
    ]);
    expect((await failed(plugin.call("getMapping", new GetMappingRequest()))).code).toBe(status.UNIMPLEMENTED);
});

test("the settings of a provider are checked, and a change of them replaces nothing", async () => {
    const news = structOf({ region: "Germany", tenant: "x", credentials: "a-b", version: "1.0.0" });
    const answer = await plugin.call<{ getFailuresList(): { getProperty(): string; getReason(): string }[] }>(
        "checkConfig",
        new CheckRequest().setNews(news),
    );
    const failures = answer.getFailuresList().map((one) => `${one.getProperty()}: ${one.getReason()}`);
    expect(failures.sort()).toEqual([
        // This failure names no property, because the engine would print its value. An unknown setting may be secret.
        ": tenant: is not an input of Provider; write tenantId, or remove it",
        expect.stringMatching(/^credentials: must be a name of letters, digits and _/),
        expect.stringMatching(/^region: must not be "Germany": /),
    ]);
    const request = new DiffRequest().setOldInputs(structOf({ tenantId: "a" })).setNews(structOf({ tenantId: "b" }));
    const diff = await plugin.call<{ getDiffsList(): string[]; getReplacesList(): string[] }>("diffConfig", request);
    expect([diff.getDiffsList(), diff.getReplacesList()]).toEqual([["tenantId"], []]);
});

test("a resource takes the settings of its provider, and overrides them", async () => {
    const urn = portal("shared");
    const [, second] = tenant.emulator.tenantIds;
    await plugin.configure({ tenantId: second, region: "Worldwide" });
    const { failures } = await plugin.check(urn, registered("Settings"));
    expect(failures).toEqual([expect.stringContaining(`but the resource belongs to tenant ${second ?? ""}`)]);
    const { inputs } = await plugin.check(urn, { ...registered("Settings"), tenantId: tenant.tenantId });
    expect(inputs).toMatchObject({ tenantId: tenant.tenantId, identity: "portals/dev//shared" });
});

test("the identity is that of the dynamic resource, with parents, and does not change when the resource moves", async () => {
    const urn = portal("nested");
    const nested = urnOf("RestorePortalApp", "a::b", "my:component:Outer$my:component:Inner$");
    const { inputs } = await plugin.check(nested, registered("Nested"));
    expect(inputs["identity"]).toBe("portals/dev/my:component:Outer$my:component:Inner/a::b");
    const moved = await plugin.check(urn, registered("Nested"), inputs);
    expect(moved.inputs["identity"]).toBe(inputs["identity"]);
});

test("secrets stay secret: marked inputs, what repeats them, and the PFX; no refusal shows them", async () => {
    const urn = portal("secrets");
    const { inputs } = await plugin.check(urn, {
        ...registered("S"),
        portalUrl: secret("https://hidden.abc.com:4443"),
    });
    expect(inputs["portalUrl"]).toEqual(secret("https://hidden.abc.com:4443"));
    const { outputs } = await plugin.create(urn, inputs);
    expect(outputs["desired"]).toMatchObject(secret(expect.objectContaining({ displayName: "S" })));
    expect(JSON.stringify({ ...outputs, portalUrl: "", desired: "", managed: "" })).not.toContain("hidden.abc.com");
    const read = await plugin.read(urn, String(outputs["applicationId"]), outputs, inputs);
    expect([read.inputs?.["portalUrl"], read.outputs?.["portalUrl"]]).toEqual([
        inputs["portalUrl"],
        inputs["portalUrl"],
    ]);
    const refused = await plugin.check(urn, { ...registered("S"), portalUrl: secret("http://hidden.abc.com") });
    expect(refused.failures.join()).toMatch(/portalUrl: must be https/);
    expect(refused.failures.join()).not.toContain("hidden.abc.com");
    const pfx = await plugin.check(CERTIFICATE, { source: { pfx: { base64: "AAAA", password: "pass-word" } } });
    expect(pfx.inputs["source"]).toEqual({ pfx: { base64: secret("AAAA"), password: secret("pass-word") } });
    const made = await plugin.create(CERTIFICATE, {
        source: { generate: { name: "P", keySize: 2048, validDays: 9, renewBeforeDays: 1 } },
        pfxEncryption: "tripleDES-SHA1",
        status: "current",
    });
    expect(made.outputs).toMatchObject({ pfx: secret(expect.any(String)), pfxPassword: secret(expect.any(String)) });
});

test("a preview knows what cannot change, and nothing else", async () => {
    const urn = portal("preview");
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const { inputs } = await plugin.check(urn, { ...registered("Preview"), certificate: unknown });
    const { outputs } = await plugin.create(urn, inputs, true);
    expect(outputs).toMatchObject({ displayName: "Preview", applicationId: unknown, certificates: unknown });
});

test("a diff names paths, ignores the text of a dynamic resource, and notices a new mark of a secret", async () => {
    const urn = portal("diff");
    const { inputs } = await plugin.check(urn, registered("Diff"));
    const { outputs } = await plugin.create(urn, inputs);
    const from = { ...outputs, __provider: "text" };
    const none = await plugin.diff(urn, from, outputs);
    expect([none.getChanges(), none.getDiffsList()]).toEqual([1, []]);
    const marked = await plugin.diff(urn, outputs, { ...outputs, portalUrl: secret(PORTAL_URL) });
    expect([marked.getChanges(), marked.getDiffsList()]).toEqual([2, ["portalUrl"]]);
    const applicationId = await existingApplication(tenant);
    const { displayName, ...others } = inputs;
    const other = await plugin.diff(urn, outputs, { ...others, applicationId });
    expect([displayName, other.getReplacesList()]).toEqual(["Diff", ["applicationId"]]);
    expect(other.getDiffsList()).toContain("applicationId");
});

test("a create that fails half-way returns the object with its reason", async () => {
    const urn = portal("half");
    const denied = { status: 400, code: "Request_BadRequest", message: "not today" };
    tenant.emulator.control.addFault({ method: "POST", path: "oauth2PermissionGrants", count: 999, ...denied });
    const { inputs } = await plugin.check(urn, registered("Half"));
    const error = await failed(plugin.create(urn, inputs));
    const { id, properties, reasons } = halfDoneOf(error);
    expect((await tenant.application(id)).displayName).toBe("Half");
    expect([properties["applicationId"], reasons]).toEqual([id, [expect.stringContaining("not today")]]);
    expect(error.details).toBe(reasons[0]);
});

test("an update that fails half-way returns what Entra then has, and the next one completes it", async () => {
    const urn = portal("halfUpdated");
    const { inputs } = await plugin.check(urn, registered("Before"));
    const { id, outputs } = await plugin.create(urn, inputs);
    const moved = { ...registered("After"), portalUrl: secret("https://hidden.abc.com:4443") };
    const { inputs: news } = await plugin.check(urn, moved, inputs);
    const denied = { status: 403, code: "Authorization_RequestDenied", message: "not today" };
    tenant.emulator.control.addFault({ method: "PATCH", path: "applications", count: 999, ...denied });
    const error = await failed(plugin.update(urn, id, outputs, news));
    const { id: kept, properties, reasons } = halfDoneOf(error);
    expect([kept, reasons]).toEqual([id, [expect.stringContaining("not today")]]);
    expect(properties["displayName"]).toBe("Before");
    expect(JSON.stringify({ ...properties, portalUrl: "", desired: "", managed: "" })).not.toContain("hidden.abc.com");
    tenant.emulator.control.reset();
    await plugin.update(urn, id, properties, news);
    expect((await tenant.application(id)).spa.redirectUris).toEqual(["https://hidden.abc.com:4443"]);
});

test("a portal that was deleted for good is read as gone", async () => {
    const urn = portal("gone");
    const { inputs } = await plugin.check(urn, registered("Gone"));
    const { id, outputs } = await plugin.create(urn, inputs);
    const { id: objectId } = await tenant.application(id);
    await tenant.graph("DELETE", `/applications/${objectId}`);
    await tenant.graph("DELETE", `/directory/deletedItems/${objectId}`);
    const read = await plugin.read(urn, id, outputs, inputs);
    expect(read).toEqual({ id: "" });
});

test("settings of a provider may be secret, and what the plugin does not have is refused in words", async () => {
    await plugin.configure({ tenantId: secret(tenant.emulator.tenantIds[1]) });
    const { failures } = await plugin.check(portal("secretSetting"), registered("Settings"));
    expect(failures.join()).toContain(`but the resource belongs to tenant ${tenant.emulator.tenantIds[1] ?? ""}`);
    const rows = [
        ["invoke", new InvokeRequest().setTok("restore-portal:index:getPortal"), "functions"],
        ["call", new CallRequest().setTok("restore-portal:index:Portal/method"), "methods"],
        ["construct", new ConstructRequest().setType("restore-portal:index:Portals"), "components"],
    ] as const;
    for (const [method, request, what] of rows) {
        const { code, details } = await failed(plugin.call(method, request));
        expect(code).toBe(status.UNIMPLEMENTED);
        expect(details).toContain(`restore-portal has no ${what}; it has the resources RestorePortalApp, `);
    }
});

test("Cancel ends a wait at once, and the engine keeps what exists", async () => {
    const urn = portal("cancelled");
    tenant.emulator.control.setLag(600_000);
    const { inputs } = await plugin.check(urn, registered("Cancelled"));
    const pending = failed(plugin.create(urn, inputs));
    await new Promise((done) => setTimeout(done, 2_000));
    const since = Date.now();
    await plugin.call("cancel", new Empty());
    const error = await pending;
    expect(Date.now() - since).toBeLessThan(2_000);
    expect(error.details).toContain("the command was cancelled");
    expect(halfDoneOf(error).id).toMatch(/^[0-9a-f-]{36}$/);
});

test("a list names the portals of the tenant, and no other application", async () => {
    const { appId } = await portalByHand(tenant, { displayName: "Listed" });
    await tenant.graph("POST", "/applications", { displayName: "Another", signInAudience: "AzureADMyOrg" });
    const portals = await plugin.list("restore-portal:index:RestorePortalApp");
    expect(portals).toContainEqual({ id: appId, name: "Listed" });
    expect(portals.map(({ name }) => name)).not.toContain("Another");
    await expect(plugin.list("restore-portal:index:PortalServer")).rejects.toThrow(/cannot be listed or imported/);
    await expect(plugin.list("restore-portal:index:PortalTenantConsent")).rejects.toThrow(/cannot be listed; /);
});

test("an import reads an application by either id, without a write, and refuses what is no portal", async () => {
    const urn = portal("imported");
    const { appId } = await portalByHand(tenant);
    const { id: objectId } = await tenant.application(appId);
    await patchServicePrincipal(tenant, appId, { tags: [ENTERPRISE] });
    tenant.clearLog();
    const owned = await PluginProcess.start(tenant.envOf(tenant.emulator.identity("admin")));
    await owned.configure();
    for (const id of [appId, objectId]) {
        const { inputs = {}, outputs, id: found } = await owned.read(urn, id);
        expect([found, inputs["portalUrl"], outputs?.["objectId"]]).toEqual([appId, PORTAL_URL, objectId]);
        const { inputs: checked, failures } = await owned.check(
            urn,
            { applicationId: appId, portalUrl: PORTAL_URL },
            inputs,
        );
        // In the program that Pulumi generates, "enabled" would mean that all users may sign in. So the import leaves
        // this value out, and `check` restores it.
        expect([failures, checked]).toEqual([[], { ...inputs, servicePrincipal: "enabled" }]);
        expect(inputs).not.toHaveProperty("servicePrincipal");
        const diff = await owned.diff(urn, inputs, checked, outputs);
        expect([diff.getChanges(), diff.getDiffsList()]).toEqual([1, []]);
    }
    expect(tenant.writes()).toEqual([]);
    await tenant.patchApplication(appId, { spa: { redirectUris: ["http://localhost/app"] } });
    expect((await failed(owned.read(urn, appId))).details).toMatch(/has no web address of a Restore Portal/);
    expect((await failed(owned.read(urn, "portal"))).details).toMatch(/"portal" is not a GUID; give the Application/);
    expect((await failed(owned.read(CERTIFICATE, "x"))).details).toMatch(
        /a PortalCertificate cannot be listed or imported; to use an existing certificate, give the argument source\.pfx/,
    );
    await owned.end();
});

// Checks on the real engine that the entries and values of others survive refused writes, concurrent writes and
// `pulumi destroy`. Also checks two resources with the same name, and a preview of a hidden enterprise application.
import { issueCertificate } from "../../provider/certificate/issue";
import {
    addBeforeEachRequest,
    addRedirectUris,
    applicationPath,
    INVALID,
    keyCredentialOf,
    patchServicePrincipal,
    refuse,
    servicePrincipalByHand,
} from "../support/hooks/ownership";
import { namedInputs } from "../support/tenant/portals";
import { declare, factsOf, Start, type Facts } from "../support/engine/refactoring";
import { TestTenant } from "../support/tenant/testTenant";
import { Workspace } from "../support/engine/workspace";

jest.setTimeout(600_000);

const MOVED = "https://moved.abc.com:4443";
const KEY_ID = "7a1c9b52-3f0e-4f57-9a55-0d9c6f4d2e10";

let tenant: TestTenant;
let workspace: Workspace;
let certificatePem: string;
let facts: Facts;
let existing: string;
let nothing: Start;
let deployed: Start;

beforeAll(async () => {
    tenant = await TestTenant.start({ tenants: 2 });
    const issued = await issueCertificate({ name: "Portal", keySize: 2048, validDays: 365, now: new Date() });
    certificatePem = issued.certificatePem;
    facts = await factsOf("adopted", tenant, certificatePem);
    existing = String(facts.args["applicationId"]);
    await tenant.patchApplication(existing, { serviceManagementReference: "CMDB-1" });
    await servicePrincipalByHand(tenant, existing);
    workspace = await new Workspace({ env: tenant.env }).init();
    nothing = new Start(tenant, workspace, "nothing");
    say({});
    await workspace.upOk();
    deployed = new Start(tenant, workspace, "deployed");
});
afterEach(() => tenant.emulator.control.reset());
afterAll(async () => {
    workspace.remove();
    await tenant.close();
});

/** Writes a program that declares the adopted portal with this change. */
const say = (change: object) => declare(workspace, facts, `make("portal", {}, ${JSON.stringify(change)});`);
const world = () => ({ tenant, control: tenant.emulator.control });
const needsAssignment = async () => (await tenant.servicePrincipal(existing)).appRoleAssignmentRequired;
const redirectUris = async () => (await tenant.application(existing)).spa.redirectUris;

test("a web address that Entra refused and the owner then added survives destroy", async () => {
    deployed.comeBack();
    say({ portalUrl: MOVED });
    refuse(world(), { method: "PATCH", path: applicationPath(existing) }, INVALID);
    expect((await workspace.up()).code).not.toBe(0);
    tenant.emulator.control.clearFaults();
    await addRedirectUris(tenant, existing, MOVED);
    await workspace.destroyOk();
    expect(await redirectUris()).toEqual([MOVED]);
});

test("a certificate that the owner uploads again in place of our key credential survives destroy", async () => {
    deployed.comeBack();
    await tenant.patchApplication(existing, { keyCredentials: [] });
    await tenant.patchApplication(existing, { keyCredentials: [keyCredentialOf(certificatePem, { keyId: KEY_ID })] });
    await workspace.destroyOk();
    expect((await tenant.application(existing)).keyCredentials.map(({ keyId }) => keyId)).toEqual([KEY_ID]);
});

test("two resources with one name in two components get two applications", async () => {
    nothing.comeBack();
    const portal = { portalUrl: "https://eu.abc.com:4443", certificate: facts.args["certificate"] };
    const program = `
        make("portal", { parent: new Box("Europe", "eu") }, { displayName: "Europe" });
        make("portal", { parent: new Box("America", "us") }, { displayName: "America", portalUrl: "https://us.abc.com:4443" });`;
    declare(workspace, { ...facts, args: portal }, program);
    await workspace.up();
    const names = (await tenant.applications()).map(({ displayName }) => displayName);
    expect(names).toEqual(expect.arrayContaining(["Europe", "America"]));
});

test("redirect URIs that the owner adds while Entra refuses to enable the service principal survive", async () => {
    nothing.comeBack();
    say({});
    await patchServicePrincipal(tenant, existing, { accountEnabled: false });
    const uris = [1, 2, 3, 4].map((n) => `https://theirs.contoso.com/${n}`);
    const added = addBeforeEachRequest(world(), uris, (uri) => addRedirectUris(tenant, existing, uri));
    refuse(world(), { method: "PATCH", path: "/servicePrincipals" });
    expect((await workspace.up()).code).not.toBe(0);
    expect(await redirectUris()).toEqual(expect.arrayContaining(added));
});

test("destroy restores values that the program named only later", async () => {
    deployed.comeBack();
    say({ servicePrincipal: "assignment required", serviceManagementReference: "CMDB-2" });
    await workspace.upOk();
    expect(await needsAssignment()).toBe(true);
    await workspace.destroyOk();
    const { serviceManagementReference } = await tenant.application(existing);
    expect([await needsAssignment(), serviceManagementReference]).toEqual([false, "CMDB-1"]);
});

test("a hidden enterprise application is named, also if the program requires assignment", async () => {
    deployed.comeBack();
    say({ servicePrincipal: "assignment required" });
    await workspace.upOk();
    await patchServicePrincipal(tenant, existing, { tags: [] });
    const { code, output } = await workspace.preview("--expect-no-changes");
    expect([code, namedInputs(output)]).toEqual([7, ["servicePrincipal"]]);
});

test("if the owner requires assignment later, it stays required when the program changes another input", async () => {
    deployed.comeBack();
    await patchServicePrincipal(tenant, existing, { appRoleAssignmentRequired: true });
    say({ portalUrl: MOVED });
    await workspace.upOk();
    expect([await redirectUris(), await needsAssignment()]).toEqual([[MOVED], true]);
    await workspace.previewUnchanged();
});

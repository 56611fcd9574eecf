// Checks on the real engine that a preview names a customer that has not consented to the deploying identity.
// `pulumi up` prints this failure once, and still outputs the other customers' admin consent URLs.
import { writeStackProgram } from "../support/engine/stackProgram";
import { expectSuccess, Workspace, type CommandResult } from "../support/engine/workspace";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(600_000);

const ROLES = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];

let home: TestTenant;
let workspace: Workspace;
let trouble: RegExp;

beforeAll(async () => {
    home = await TestTenant.start({ tenants: 4, isServiceProvider: true });
    const [, good = "", byHand = "", unasked = ""] = home.emulator.tenantIds;
    home.emulator.consentTo({ tenantId: good, clientId: home.emulator.identity("deployer").clientId, roles: ROLES });
    trouble = new RegExp(`signing in to tenant ${unasked}.*AADSTS700016`);
    workspace = await new Workspace({ env: home.env }).init();
    writeStackProgram(workspace, "serviceProvider");
    const customers = [
        { name: "good", tenantId: good },
        { name: "unasked", tenantId: unasked },
        { name: "byhand", tenantId: byHand, mode: "verify" },
    ];
    const portals = { Worldwide: { portalUrl: "https://portal.abc.com:4443" } };
    const config = { "portals:portals": portals, "portals:customers": customers };
    workspace.write("Pulumi.dev.yaml", JSON.stringify({ config }));
});
afterAll(async () => {
    workspace.remove();
    await home.close();
});

/** The engine's progress prints a row again at each change, so only the section "Diagnostics" is read. */
const diagnosticsOf = ({ output }: CommandResult) => output.slice(output.indexOf("Diagnostics:"));

test("the preview names the customer that has not consented to the deploying identity, and succeeds", async () => {
    const { output } = expectSuccess(await workspace.preview());
    expect(output).toMatch(/warning: customer-unasked: the deployment would fail: .*AADSTS700016.*adminconsent/);
    expect(output).not.toMatch(/customer-(good|byhand): the deployment would fail/);
});

test("up with one failed customer prints the failure once, and the links of the others can be had", async () => {
    const up = await workspace.up("--continue-on-error");
    expect(up.code).not.toBe(0);
    expect(diagnosticsOf(up).match(new RegExp(trouble, "g"))).toHaveLength(1);
    expect(up.output).not.toMatch(/PromiseRejectionHandledWarning|^ +at .*\.js:\d+/m);
    const urls = JSON.parse(await workspace.output("consentUrls")) as Record<string, string>;
    expect(urls["good"]).toMatch(/\/adminconsent\?client_id=/);
    expect(urls["byhand"]).toMatch(/\/adminconsent\?client_id=/);
});

test("after the customer's administrator has opened the link of the message, the next up consents there too", async () => {
    const [, , , unasked = ""] = home.emulator.tenantIds;
    const { output } = await workspace.preview();
    const [link = ""] = new RegExp(`https://\\S*/${unasked}/adminconsent\\?client_id=[-0-9a-f]+`).exec(output) ?? [];
    const administrator = home.emulator.users(unasked).find(({ isAdministrator }) => isAdministrator);
    home.emulator.control.signInAs(administrator);
    expect((await home.send("GET", `${link}&emulator_consent=accept`, {}, undefined)).status).toBe(302);
    expectSuccess(await workspace.up("--continue-on-error"));
    expect((await workspace.outputsOf("customer-unasked"))["consent"]).toBe("granted");
});

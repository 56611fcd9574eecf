// The proof that a portal works: after `pulumi up` a user signs in to it with Microsoft's own libraries in a real browser,
// and with each row of it broken by hand does not, until `pulumi up` has healed it.
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import { startChromium, type TestBrowser } from "../support/browser/chromium";
import { visit } from "../support/browser/portalVisit";
import { startPortal } from "../support/browser/startPortal";
import { BROKEN_ROWS, HARMLESS_ROWS } from "../support/signIn/brokenRows";
import { consentByHand } from "../support/tenant/portalByHand";
import { onePortal } from "../support/tenant/portals";
import { openPfx } from "../support/signIn/signIn";
import { TestTenant } from "../support/tenant/testTenant";
import { Workspace } from "../support/engine/workspace";

jest.setTimeout(600_000);

/** Kept after the run, to be looked at. */
const SCREENSHOTS = resolve(__dirname, "../../screenshots");

let tenant: TestTenant;
let workspace: Workspace;
let chromium: TestBrowser;
/** What was started, to be ended in the opposite order, also where the next thing did not start. */
const started: (() => unknown)[] = [];
let appId: string;
const name = `Pat ${randomBytes(5).toString("hex")}`;

beforeAll(async () => {
    rmSync(SCREENSHOTS, { recursive: true, force: true });
    mkdirSync(SCREENSHOTS);
    tenant = await TestTenant.start({ tenants: 2 });
    started.push(() => tenant.close());
    workspace = new Workspace({ env: tenant.env });
    started.push(() => workspace.remove());
    await workspace.init();
    workspace.declare(onePortal({ displayName: "Restore Portal", signInAudience: "AzureADMultipleOrgs" }));
    await workspace.upOk();
    const { applicationId, authority, apiScope } = (await workspace.outputsOf("portal")) as Record<string, string>;
    const { pfx, pfxPassword } = (await workspace.outputsOf("certificate", "--show-secrets")) as Record<string, string>;
    appId = applicationId ?? "";
    const portal = await startPortal(tenant, {
        applicationId: appId,
        authority: authority ?? "",
        apiScope: apiScope ?? "",
        certificate: openPfx(pfx ?? "", pfxPassword ?? ""),
    });
    started.push(() => portal.stop());
    const trusted = [portal.certificatePem, tenant.emulator.caPem];
    chromium = await startChromium({ hosts: { "portal.abc.com:4443": portal.port }, trusted });
    started.push(() => chromium.close());
});
afterAll(async () => {
    for (const end of started.reverse()) await end();
});
beforeEach(() => {
    const known = tenant.emulator.users().find(({ displayName }) => displayName === name);
    tenant.emulator.control.signInAs(known ?? tenant.emulator.addUser({ displayName: name }));
});

const screenshot = (title: string) => join(SCREENSHOTS, `${title.replace(/\W+/g, "-")}.png`);

test("after pulumi up the name that Graph tells of the user stands on the page", async () => {
    tenant.clearLog();
    const seen = await visit(chromium, { screenshot: screenshot("signed in") });
    expect(seen).toMatchObject({ page: "portal", title: `Welcome, ${name}` });
    const requests = tenant.emulator.requests().filter(({ path }) => !path.includes("/.well-known/"));
    const said = requests.map(({ method, path, body }) => [
        method,
        (path.split("?")[0] ?? "").replace(tenant.tenantId, "tenant"),
        (body as { grant_type?: string } | undefined)?.grant_type,
    ]);
    expect(said).toEqual([
        ["GET", "/organizations/oauth2/v2.0/authorize", undefined],
        ["POST", "/organizations/oauth2/v2.0/token", "authorization_code"],
        ["POST", "/tenant/oauth2/v2.0/token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
        ["GET", "/me", undefined],
    ]);
    expect(requests.every((request) => request.appId === appId && request.status !== undefined)).toBe(true);
});

test("a user whom nobody chose picks the account on the sign-in page", async () => {
    tenant.emulator.control.signInAs(undefined);
    const seen = await visit(chromium, { account: "Adele Vance" });
    expect(seen.title).toBe("Welcome, Adele Vance");
});

test("a customer's user signs in once the customer's tenant has consented, and not before", async () => {
    const customer = tenant.neighbour(tenant.emulator.tenantIds[1] ?? "");
    tenant.emulator.control.signInAs(tenant.emulator.addUser({ tenantId: customer.tenantId, displayName: "Lee Gu" }));
    expect(await visit(chromium)).toMatchObject({ page: "sign-in host", code: 700016 });
    await consentByHand(customer, appId);
    expect(await visit(chromium)).toMatchObject({ page: "portal", title: "Welcome, Lee Gu" });
    // At the provider's own address a stranger stays a stranger.
    const ownAddress = { authority: tenant.tenantId };
    expect(await visit(chromium, { parameters: ownAddress })).toMatchObject({ page: "sign-in host", code: 50020 });
});

test.each(BROKEN_ROWS)("$name: sign-in fails with AADSTS$code, until pulumi up", async (row) => {
    await row.breakIt(tenant, appId);
    tenant.clearLog();
    const broken = await visit(chromium, { ...row, screenshot: screenshot(`broken, ${row.name}`) });
    expect(broken).toMatchObject({ code: row.code });
    expect(lastRequest()).toBe(row.at);
    await workspace.upOk();
    expect(await visit(chromium, row)).toMatchObject({ page: "portal", title: `Welcome, ${name}` });
});

function lastRequest(): string | undefined {
    const { path = "", body } =
        tenant.emulator.requests().findLast(({ path }) => !path.includes("/.well-known/")) ?? {};
    if (path.includes("/authorize")) return "authorize";
    if (path === "/me") return "me";
    const grant = (body as { grant_type?: string } | undefined)?.grant_type;
    return grant === "authorization_code" ? "code" : "onBehalfOf";
}

test("without consent to access_as_user, a type for administrators, the user is told to ask one", async () => {
    const row = BROKEN_ROWS.find(({ at, property }) => at === "authorize" && property === "grantedPermissions");
    const healthy = tenant.emulator.control.snapshot();
    await row?.breakIt(tenant, appId);
    expect(await visit(chromium)).toMatchObject({ page: "sign-in host", code: 90094, title: "Need admin approval" });
    tenant.emulator.control.restore(healthy);
});

test(`${HARMLESS_ROWS.length} rows that no request shows leave the sign-in as it was: ${HARMLESS_ROWS.map((row) => row.name).join("; ")}`, async () => {
    for (const { breakIt } of HARMLESS_ROWS) await breakIt(tenant, appId);
    expect(await visit(chromium)).toMatchObject({ page: "portal", title: `Welcome, ${name}` });
    await workspace.upOk();
    await workspace.previewUnchanged();
    expect(await visit(chromium)).toMatchObject({ page: "portal", title: `Welcome, ${name}` });
});

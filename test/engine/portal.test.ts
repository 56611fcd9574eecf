// Shows that a portal works. After `pulumi up` a user signs in with Microsoft's own libraries in a real browser. If
// somebody breaks a setting by hand, sign-in fails until `pulumi up` repairs it. portalRows.deep.test.ts breaks each
// setting.
import { visit } from "../support/browser/portalVisit";
import { BrowsedPortal, screenshot } from "../support/engine/browsedPortal";
import { BROKEN_ROWS } from "../support/signIn/brokenRows";
import { consentByHand } from "../support/tenant/portalByHand";

jest.setTimeout(600_000);

const world = new BrowsedPortal();
beforeAll(() => world.start());
beforeEach(() => world.signInAsUser());
afterAll(() => world.close());

test("after pulumi up the page shows the user's name from Graph", async () => {
    world.tenant.clearLog();
    const shown = await visit(world.chromium, { screenshot: screenshot("signed in") });
    expect(shown).toMatchObject({ page: "portal", title: `Welcome, ${world.name}` });
    const requests = world.tenant.emulator.requests().filter(({ path }) => !path.includes("/.well-known/"));
    const said = requests.map(({ method, path, body }) => [
        method,
        (path.split("?")[0] ?? "").replace(world.tenant.tenantId, "tenant"),
        (body as { grant_type?: string } | undefined)?.grant_type,
    ]);
    expect(said).toEqual([
        ["GET", "/organizations/oauth2/v2.0/authorize", undefined],
        ["POST", "/organizations/oauth2/v2.0/token", "authorization_code"],
        ["POST", "/tenant/oauth2/v2.0/token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
        ["GET", "/me", undefined],
    ]);
    expect(requests.every((request) => request.appId === world.appId && request.status !== undefined)).toBe(true);
});

test("without a chosen user the visitor picks an account on the sign-in page", async () => {
    world.tenant.emulator.control.signInAs(undefined);
    const shown = await visit(world.chromium, { account: "Adele Vance" });
    expect(shown.title).toBe("Welcome, Adele Vance");
});

test("a customer's user can sign in only after the customer's tenant has consented", async () => {
    const customer = world.tenant.neighbour(world.tenant.emulator.tenantIds[1] ?? "");
    world.tenant.emulator.control.signInAs(
        world.tenant.emulator.addUser({ tenantId: customer.tenantId, displayName: "Lee Gu" }),
    );
    expect(await visit(world.chromium)).toMatchObject({ page: "sign-in host", code: 700016 });
    await consentByHand(customer, world.appId);
    expect(await visit(world.chromium)).toMatchObject({ page: "portal", title: "Welcome, Lee Gu" });
    // If the authority is the service provider's own tenant, Entra still refuses the customer's user.
    const ownAddress = { authority: world.tenant.tenantId };
    expect(await visit(world.chromium, { parameters: ownAddress })).toMatchObject({
        page: "sign-in host",
        code: 50020,
    });
});

test("without the redirect URI sign-in fails, until pulumi up", async () => {
    const row = BROKEN_ROWS.find(({ at, property }) => at === "code" && property === "portalUrl");
    if (!row) throw new Error("BROKEN_ROWS has no row for the redirect URI");
    await world.expectBrokenUntilUp(row);
});

test("without consent to access_as_user, the page tells the user to ask an administrator", async () => {
    const row = BROKEN_ROWS.find(({ at, property }) => at === "authorize" && property === "grantedPermissions");
    const healthy = world.tenant.emulator.control.snapshot();
    await row?.breakIt(world.tenant, world.appId);
    expect(await visit(world.chromium)).toMatchObject({
        page: "sign-in host",
        code: 90094,
        title: "Need admin approval",
    });
    world.tenant.emulator.control.restore(healthy);
});

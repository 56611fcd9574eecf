// Tests the provider while Entra lags, fails or gives one wrong answer, and after changes by hand. Each test name ends
// with the result of the Terraform provider azuread in the same case, measured with an emulator.
import { failureOf, HooksTenant } from "../support/hooks/hooksTenant";

jest.setTimeout(120_000);

let world: HooksTenant;
beforeAll(async () => {
    world = await HooksTenant.start();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const NOT_THERE = { method: "GET", path: "/applications(appId=", status: 404 } as const;

/** Deploys a portal. Checks that only its application exists, with one certificate, and that no change is left. */
async function expectOne(args = {}): Promise<void> {
    const stack = await world.deployed(args);
    expect(world.portals().map(({ appId }) => appId)).toEqual([stack.state?.id]);
    expect(world.portals()[0]?.keyCredentials).toHaveLength(1);
    await world.expectCalm(stack, world.portal(args));
}

test("404 to the first GET of a new application: one application (azuread: two)", async () => {
    world.control.addFault(NOT_THERE);
    await expectOne();
});

test("404 to the read that follows the writes: one application (azuread: two)", async () => {
    world.control.addFault({ ...NOT_THERE, skip: 1 });
    await expectOne();
});

test("one stale read after a PATCH: the change succeeds (azuread: an error, then 'already exists')", async () => {
    const stack = await world.deployed();
    world.control.setLag({ application: 60_000 });
    world.control.setAlternatingReplicas(true);
    const args = world.portal({ portalUrl: "https://moved.abc.com:4443", signInAudience: "AzureADMultipleOrgs" });
    await stack.up(args);
    world.control.reset();
    expect(world.portals()[0]).toMatchObject({
        signInAudience: "AzureADMultipleOrgs",
        spa: { redirectUris: ["https://moved.abc.com:4443"] },
    });
    await world.expectCalm(stack, args);
});

test("404 once to the PATCH of a service principal: repaired in the same run (azuread: tainted, destroyed, created again)", async () => {
    const stack = await world.deployed();
    const id = String(stack.state?.outputs["servicePrincipalId"]);
    await world.tenant.graph("PATCH", `/servicePrincipals/${id}`, { accountEnabled: false });
    world.control.addFault({ method: "PATCH", path: `/servicePrincipals/${id}`, status: 404 });
    await stack.up(world.portal());
    expect(await world.tenant.graph("GET", `/servicePrincipals/${id}`)).toMatchObject({ id, accountEnabled: true });
    await world.expectCalm(stack, world.portal());
});

test("one 404 during the wait for a certificate: the application is registered once (azuread: twice)", async () => {
    const stack = await world.deployed();
    const args = world.portal({ certificate: world.certificates[1], certificateOverlapDays: 0 });
    world.control.addFault({ ...NOT_THERE, skip: 3 });
    await stack.up(args);
    expect(world.portals()[0]?.keyCredentials).toHaveLength(1);
    await world.expectCalm(stack, args);
});

test.each([
    ["504", { status: 504 }],
    ["a dropped connection", { drop: true }],
    ["an answer that breaks off", { breakOff: true }],
    ["HTML of a proxy, 502", { status: 502, html: true }],
])(
    "answer %s to a POST that Entra carried out: one application (azuread: two, without a message)",
    async (_name, fault) => {
        world.control.addFault({ method: "POST", path: "/applications", effect: "after", ...fault });
        await expectOne();
    },
);

test("403 to the PATCH after the registration: the next run keeps the application (azuread: another appId)", async () => {
    const stack = world.stack();
    world.control.addFault({ method: "PATCH", path: "/applications(appId=", status: 403 });
    expect(await failureOf(stack.up(world.portal()))).toMatchObject({
        message: expect.stringMatching(/403 Authorization_RequestDenied.*an owner/) as string,
        halfDone: { id: world.portals()[0]?.appId },
    });
    const { id } = stack.state ?? {};
    await stack.up(world.portal());
    expect(world.portals().map(({ appId }) => appId)).toEqual([id]);
    await world.expectCalm(stack, world.portal());
});

test("an application that is deleted in the admin center: a preview names it, and it comes back (azuread: plan fails)", async () => {
    const stack = await world.deployed();
    const { id } = stack.state ?? {};
    await world.tenant.graph("DELETE", `/applications(appId='${id ?? ""}')`);
    await stack.refresh();
    expect(stack.state?.inputs["applicationStatus"]).toMatch(/^in the bin until \d{4}-\d\d-\d\d$/);
    await stack.up(world.portal());
    expect(world.portals().map(({ appId }) => appId)).toEqual([id]);
    await world.expectCalm(stack, world.portal());
});

test("consent that was given by hand is taken over (azuread: 409, apply fails)", async () => {
    const { appId } = await world.tenant.graph<{ appId: string }>("POST", "/applications", { displayName: "By hand" });
    const { id } = await world.tenant.graph<{ id: string }>("POST", "/servicePrincipals", { appId });
    const graph = await world.tenant.servicePrincipal("00000003-0000-0000-c000-000000000000");
    for (const resourceId of [graph.id, id]) {
        const grant = { clientId: id, resourceId, consentType: "AllPrincipals", scope: "Mail.Read" };
        await world.tenant.graph("POST", "/oauth2PermissionGrants", grant);
    }
    const owner = `${world.tenant.emulator.url}/v1.0/directoryObjects/${world.tenant.emulator.identity("deployer").objectId}`;
    await world.tenant.graph("POST", `/applications(appId='${appId}')/owners/$ref`, { "@odata.id": owner });
    const stack = await world.deployed({ applicationId: appId });
    expect((await world.tenant.grants(appId)).map(({ scope }) => scope).sort()).toEqual([
        "Mail.Read User.Read",
        "Mail.Read access_as_user",
    ]);
    await stack.up(undefined);
    expect((await world.tenant.grants(appId)).map(({ scope }) => scope)).toEqual(["Mail.Read", "Mail.Read"]);
});

test("a redirect URI that was added by hand survives an unrelated change (azuread: removed in the same PATCH)", async () => {
    const stack = await world.deployed();
    const { spa } = await world.tenant.application(stack.state?.id ?? "");
    const redirectUris = [...spa.redirectUris, "https://byhand.contoso.com/signin"];
    await world.tenant.patchApplication(stack.state?.id ?? "", { spa: { redirectUris } });
    const args = world.portal({
        serviceManagementReference: "CMDB-1",
        additionalPortalUrls: ["https://two.abc.com:4443"],
    });
    await stack.up(args);
    const expected = [...redirectUris, "https://two.abc.com:4443"].sort();
    expect(world.portals()[0]?.spa.redirectUris.toSorted()).toEqual(expected);
    await world.expectCalm(stack, args);
});

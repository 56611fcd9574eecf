// Changes inputs in the program, and checks that each change causes only an update or a replacement.
// changes.deep.test.ts changes each input separately.
import { ChangingPortal, UPDATES, writesOf } from "../support/engine/changingPortal";

jest.setTimeout(600_000);

const world = new ChangingPortal();
beforeAll(() => world.start());
afterAll(() => world.close());

test("one update applies all these inputs together, and writes only what they need", async () => {
    const before = await world.appId();
    await world.apply(Object.assign({}, ...UPDATES.map(({ args }) => args)) as Record<string, unknown>, /~ 1 updated/);
    expect(writesOf(world.tenant).sort()).toEqual([
        "PATCH applications: displayName,serviceManagementReference,signInAudience,spa,tags",
        "PATCH servicePrincipals: appRoleAssignmentRequired,tags",
    ]);
    expect(await world.appId()).toBe(before);
    await world.workspace.previewUnchanged();
});

test("another tenant replaces the resource, and the old application is deleted with its own credentials", async () => {
    const old = await world.appId();
    const [, tenantId] = world.tenant.emulator.tenantIds;
    await world.apply({ credentials: "SECOND", tenantId, registerCertificate: true }, /\+-? ?1 replaced/);
    expect((await world.tenant.tryGraph("GET", `/applications(appId='${old}')`)).status).toBe(404);
    expect((await world.workspace.outputsOf("portal"))["tenantId"]).toBe(tenantId);
});

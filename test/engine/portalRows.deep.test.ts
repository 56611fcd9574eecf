// Breaks each setting of a working portal by hand, and checks the page that a user's browser then shows.
import { visit } from "../support/browser/portalVisit";
import { BrowsedPortal } from "../support/engine/browsedPortal";
import { BROKEN_ROWS, HARMLESS_ROWS } from "../support/signIn/brokenRows";

jest.setTimeout(600_000);

const world = new BrowsedPortal();
beforeAll(() => world.start());
beforeEach(() => world.signInAsUser());
afterAll(() => world.close());

test.each(BROKEN_ROWS)("$name: sign-in fails with AADSTS$code, until pulumi up", (row) =>
    world.expectBrokenUntilUp(row),
);

test(`${HARMLESS_ROWS.length} rows without an effect on any request leave the sign-in as it was: ${HARMLESS_ROWS.map((row) => row.name).join("; ")}`, async () => {
    for (const { breakIt } of HARMLESS_ROWS) await breakIt(world.tenant, world.appId);
    expect(await visit(world.chromium)).toMatchObject({ page: "portal", title: `Welcome, ${world.name}` });
    await world.workspace.upOk();
    await world.workspace.previewUnchanged();
    expect(await visit(world.chromium)).toMatchObject({ page: "portal", title: `Welcome, ${world.name}` });
});

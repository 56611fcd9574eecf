// Changes certificates on the real engine. Checks that the old and the new certificate overlap, so that sign-in always
// works.
import { portalWith, RotatingPortal } from "../support/engine/rotatingPortal";

jest.setTimeout(600_000);

let world: RotatingPortal;
beforeEach(async () => {
    world = await RotatingPortal.start();
});
afterEach(() => world.close());

test("a preview names a renewal by one input, and warns from 60 days before the end", async () => {
    world.workspace.declare(portalWith("Restore Portal"));
    await world.workspace.upOk();
    world.letPass(310);
    const early = await world.workspace.preview("--expect-no-changes");
    expect(early.code).toBe(0);
    expect(early.output).toMatch(
        /certificate "Restore Portal" ends on \d{4}-\d\d-\d\d; the first pulumi up from \d{4}-\d\d-\d\d renews it/,
    );
    world.letPass(30);
    const before = await world.registered();
    const due = await world.workspace.preview("--expect-no-changes");
    expect(due.code).toBe(7);
    expect(due.output).toMatch(/~ status\s*: "due for renewal: ends \d{4}-\d\d-\d\d" => "current"/);
    expect(await world.registered()).toEqual(before);
    await world.workspace.upOk();
    expect(await world.registered()).toHaveLength(2);
    await world.workspace.previewUnchanged();
});

test("with an overlap of 0 days, the same up removes the old certificate, but only after a read shows the new one", async () => {
    const none = { certificateOverlapDays: 0 };
    const old = await world.rotateTo("old", none);
    const foreign = await world.addForeign();
    world.tenant.clearLog();
    const current = await world.rotateTo("new", none);
    const patches = world.tenant.writes().filter(({ method }) => method === "PATCH");
    const sizes = patches.map(({ body }) => (body as { keyCredentials: unknown[] }).keyCredentials.length);
    expect(sizes).toEqual([3, 2]);
    expect((await world.registered()).sort()).toEqual([foreign, current].sort());
    expect(await world.registered()).not.toContain(old);
    await world.workspace.previewUnchanged();
});

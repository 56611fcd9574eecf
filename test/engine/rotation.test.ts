// Renews a certificate on the real engine. rotation.deep.test.ts tests several years of renewals, overlaps, replication
// lag and policies of the tenant.
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
        /certificate "Restore Portal" expires on \d{4}-\d\d-\d\d; the first pulumi up on or after \d{4}-\d\d-\d\d renews it/,
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

// Deploys one identity from two states. A second state whose program differs must not take over an application that the
// first state registered, and no state may remove what the other state needs.
import { failureOf, type HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { acceptedWrites } from "../support/hooks/ownership";
import { everythingOf } from "../support/tenant/portals";

jest.setTimeout(300_000);

const OTHERWISE = { displayName: "Restore Portal Paris", portalUrl: "https://paris.abc.com:4443" };

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

const adopted = (more = {}) => world.portal({ applicationId: existing, ...more });
const statusOf = async (appId: string) =>
    (await world.tenant.tryGraph("GET", `/applications(appId='${appId}')`)).status;

/** Each clone has its own state, and the identity of the first resource. Its program differs only in these inputs. */
const CLONES: [string, () => Record<string, unknown>][] = [
    ["name and web address", () => OTHERWISE],
    ["name", () => ({ displayName: OTHERWISE.displayName })],
    ["web address", () => ({ portalUrl: OTHERWISE.portalUrl })],
    ["certificate", () => ({ certificate: world.certificates[1] })],
    ["additional web address", () => ({ additionalPortalUrls: [OTHERWISE.portalUrl] })],
];

test.each(CLONES)("a clone with another %s is refused before any write", async (_name, more) => {
    const first = await world.deployed();
    const appId = first.state?.id ?? "";
    const before = await everythingOf(world.tenant, appId);
    world.tenant.clearLog();
    const { message } = await failureOf(world.stack().up(world.portal(more())));
    expect(acceptedWrites(world.tenant)).toEqual([]);
    expect(await everythingOf(world.tenant, appId)).toEqual(before);
    for (const word of [appId, "applicationId", "alias"]) expect(message).toContain(word);
    await world.expectCalm(first, world.portal());
});

test("after its state is lost, a deployment finds its application again and reports that", async () => {
    const first = await world.deployed();
    const appId = first.state?.id ?? "";
    const hooks = world.startHooks();
    const again = world.stack(hooks);
    await again.up(world.portal());
    await hooks.end();
    again.hooks = world.hooks;
    expect(again.state?.id).toBe(appId);
    expect(hooks.output).toContain(appId);
    await world.expectCalm(again, world.portal());
});

test("destroy keeps an application that another state has taken over", async () => {
    const first = await world.deployed();
    const appId = first.state?.id ?? "";
    const second = await world.deployed();
    await first.up(undefined).catch(() => undefined);
    expect([second.state?.id, await statusOf(appId)]).toEqual([appId, 200]);
    await world.expectCalm(second, world.portal());
});

test("if two states adopt one application under one identity, each keeps what the other needs", async () => {
    const before = await everythingOf(world.tenant, existing);
    const first = await world.deployed({ applicationId: existing });
    const second = await world.deployed({ applicationId: existing });
    await first.up(undefined);
    await world.expectCalm(second, adopted());
    await second.up(undefined);
    expect(await everythingOf(world.tenant, existing)).toEqual(before);
});

test("a clone that adopts under the same identity keeps the other state's web address", async () => {
    const first = await world.deployed({ applicationId: existing });
    const second = await world.deployed({ applicationId: existing, portalUrl: OTHERWISE.portalUrl });
    await world.expectCalm(first, adopted());
    await second.up(undefined);
    await world.expectCalm(first, adopted());
});

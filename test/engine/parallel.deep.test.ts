// Deploys 32 portals of one program in parallel. Checks that each is registered once, and counts the requests.
import { costOf } from "../support/tenant/cost";
import { TestTenant } from "../support/tenant/testTenant";
import { Workspace } from "../support/engine/workspace";

jest.setTimeout(300_000);

let tenant: TestTenant;
let workspace: Workspace;
beforeAll(async () => {
    tenant = await TestTenant.start({ latencyMs: 200 });
    workspace = await new Workspace({ env: tenant.env }).init();
});
afterAll(async () => {
    workspace.remove();
    await tenant.close();
});

test("with --parallel 32, 32 portals are registered at the same time, each once, and the next up writes nothing", async () => {
    const names = Array.from({ length: 32 }, (_, index) => `portal${index}`);
    const argsOf = (name: string) => ({
        displayName: name,
        certificate: "$certificate:certificate",
        portalUrl: `https://${name}.abc.com:4443`,
    });
    workspace.declare({
        certificates: { certificate: { source: { generate: { name: "Restore Portal" } } } },
        portals: Object.fromEntries(names.map((name) => [name, { args: argsOf(name) }])),
    });
    tenant.clearLog();
    await workspace.upOk("--parallel", "32");
    const log = tenant.graphRequests();
    const posts = log.filter(({ method, path }) => method === "POST" && path === "/applications");
    expect(posts).toHaveLength(32);
    const tokens = tenant.emulator
        .requests()
        .filter(({ service, path }) => service === "login" && path.includes("/oauth2/v2.0/token"));
    // All requests share one token, even if many of them need it at the same moment.
    expect(tokens).toHaveLength(1);
    const made = (await tenant.applications()).filter(({ displayName }) => names.includes(displayName));
    expect(new Set(made.map(({ displayName }) => displayName)).size).toBe(32);
    expect(made).toHaveLength(32);
    // A create lasts from its POST to the end of the last request for its application.
    const ends = made.map(({ appId }) =>
        Math.max(
            ...log.filter((entry) => JSON.stringify(entry).includes(appId)).map(({ endedAt = Infinity }) => endedAt),
        ),
    );
    const inFlight = posts.map(({ at }) => {
        const begun = posts.filter((other) => other.at <= at).length;
        return begun - ends.filter((end) => end <= at).length;
    });
    expect(Math.max(...inFlight)).toBeGreaterThanOrEqual(16);
    tenant.clearLog();
    await workspace.upOk("--parallel", "32");
    expect(tenant.writes()).toEqual([]);
    // Each portal has three reads, and portals share batches. Without shared batches there would be at least 32
    // requests.
    const { requests, items } = costOf(tenant.graphRequests());
    expect(items).toBe(3 * names.length);
    expect(requests).toBeLessThanOrEqual(names.length / 2);
});

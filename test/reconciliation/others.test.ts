// Somebody else writes to the same application at the same time: a person, another tool, another stack, or a process of
// ours that still runs after its deployment. Graph has no ETag that would detect this.
import { issueCertificates } from "../support/tenant/certificates";
import { existingApplication } from "../support/tenant/portals";
import { failureOf, HooksTenant } from "../support/hooks/hooksTenant";
import type { Application } from "../support/tenant/testTenant";

jest.setTimeout(120_000);

let world: HooksTenant;
let existing: string;
let otherKey: string;
beforeAll(async () => {
    world = await HooksTenant.start();
    existing = await existingApplication(world.tenant);
    [otherKey = ""] = await issueCertificates(1);
    world.keep();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

type Change = (app: Application) => Record<string, unknown>;
const scope = {
    id: "5f2bd3a1-6d3a-4f0f-9d0e-2f8f6c7b1a11",
    value: "Files.Read",
    type: "User",
    isEnabled: true,
    adminConsentDisplayName: "Files",
    adminConsentDescription: "Files",
};
const RESOURCE = "00000003-0000-0ff1-ce00-000000000000";

/** Each row adds an entry as somebody else, and names the list that must still contain the entry afterwards. */
const ADDITIONS: [string, Change, (app: Application) => unknown, unknown][] = [
    [
        "a redirect URI",
        ({ spa }) => ({ spa: { redirectUris: [...spa.redirectUris, "https://theirs.contoso.com/x"] } }),
        ({ spa }) => spa.redirectUris,
        "https://theirs.contoso.com/x",
    ],
    [
        "a certificate",
        ({ keyCredentials }) => ({
            keyCredentials: [
                ...keyCredentials,
                { type: "AsymmetricX509Cert", usage: "Verify", key: otherKey, displayName: "Theirs" },
            ],
        }),
        ({ keyCredentials }) => keyCredentials.map(({ displayName }) => displayName),
        "Theirs",
    ],
    [
        "a scope",
        ({ api }) => ({ api: { oauth2PermissionScopes: [...api.oauth2PermissionScopes, scope] } }),
        ({ api }) => api.oauth2PermissionScopes.map(({ value }) => value),
        "Files.Read",
    ],
    ["a tag", ({ tags }) => ({ tags: [...tags, "team:theirs"] }), ({ tags }) => tags, "team:theirs"],
    [
        "a permission",
        ({ requiredResourceAccess }) => ({
            requiredResourceAccess: [
                ...requiredResourceAccess,
                { resourceAppId: RESOURCE, resourceAccess: [{ id: scope.id, type: "Scope" }] },
            ],
        }),
        ({ requiredResourceAccess }) => requiredResourceAccess.map(({ resourceAppId }) => resourceAppId),
        RESOURCE,
    ],
];

/** Before each of our batches except the first, adds the entry as somebody else if the application lacks it. */
function meanwhile(appId: string, change: Change, isThere: (app: Application) => boolean): void {
    world.control.addFault({
        level: "request",
        path: "/$batch",
        appId: world.tenant.emulator.identity("deployer").clientId,
        skip: 1,
        count: 99,
        meanwhile: async () => {
            const app = await world.tenant.application(appId);
            if (!isThere(app)) await world.tenant.patchApplication(appId, change(app));
        },
    });
}

describe.each(ADDITIONS)("somebody adds %s between our read and our write", (_name, change, found, wanted) => {
    test("while every input of a portal changes", async () => {
        const stack = await world.deployed({ applicationId: existing });
        const args = world.portal({
            applicationId: existing,
            portalUrl: "https://moved.abc.com:4443",
            certificate: world.certificates[1],
            certificateOverlapDays: 0,
        });
        await world.tenant.patchApplication(existing, { requiredResourceAccess: [] });
        world.control.addFault({
            level: "request",
            path: "/$batch",
            skip: 2,
            appId: world.tenant.emulator.identity("deployer").clientId,
            meanwhile: async () =>
                world.tenant.patchApplication(existing, change(await world.tenant.application(existing))),
        });
        await stack.up(args);
        const application = await world.tenant.application(existing);
        expect(found(application)).toContainEqual(wanted);
        expect(application.spa.redirectUris).toContain("https://moved.abc.com:4443");
        await world.expectCalm(stack, args);
    });

    test("or shortly before, and the replica does not show it yet in the read right before our write", async () => {
        const stack = await world.deployed({ applicationId: existing });
        // Removes the permissions and disables the scope, so that the next deployment must write to these lists too.
        const { api } = await world.tenant.application(existing);
        await world.tenant.patchApplication(existing, {
            requiredResourceAccess: [],
            api: { oauth2PermissionScopes: api.oauth2PermissionScopes.map((one) => ({ ...one, isEnabled: false })) },
        });
        world.control.advanceClock(600_000);
        await world.tenant.patchApplication(existing, change(await world.tenant.application(existing)));
        world.control.addFault({
            level: "request",
            path: "/$batch",
            skip: 3,
            appId: world.tenant.emulator.identity("deployer").clientId,
            meanwhile: () => {
                world.control.setLag({ application: 60_000 });
                return Promise.resolve();
            },
        });
        const args = world.portal({
            applicationId: existing,
            portalUrl: "https://moved.abc.com:4443",
            certificate: world.certificates[1],
            certificateOverlapDays: 0,
        });
        await stack.up(args);
        world.control.setLag(0);
        const application = await world.tenant.application(existing);
        expect(found(application)).toContainEqual(wanted);
        expect(application.spa.redirectUris).toContain("https://moved.abc.com:4443");
        await world.expectCalm(stack, args);
    });

    test("while an application is adopted, and while it is released", async () => {
        const stack = world.stack();
        meanwhile(existing, change, (app) => (found(app) as unknown[]).includes(wanted));
        await stack.up(world.portal({ applicationId: existing }));
        world.control.clearFaults();
        expect(found(await world.tenant.application(existing))).toContainEqual(wanted);
        await stack.up(undefined);
        const released = await world.tenant.application(existing);
        expect(found(released)).toEqual([wanted]);
        expect(released.tags.filter((tag) => tag.startsWith("restore-portal"))).toEqual([]);
    });
});

// A removed entry looks the same as an entry that a lagging replica does not show yet. It does less harm if a removed
// entry comes back than if an entry is lost.
test("entries that somebody removes at that moment come back", async () => {
    await world.tenant.patchApplication(existing, { spa: { redirectUris: ["https://theirs.contoso.com/x"] } });
    const stack = await world.deployed({ applicationId: existing });
    const args = world.portal({ applicationId: existing, portalUrl: "https://moved.abc.com:4443" });
    world.control.addFault({
        level: "request",
        path: "/$batch",
        skip: 2,
        appId: world.tenant.emulator.identity("deployer").clientId,
        meanwhile: () =>
            world.tenant.patchApplication(existing, { spa: { redirectUris: ["https://portal.abc.com:4443"] } }),
    });
    await stack.up(args);
    expect([...(await world.tenant.application(existing)).spa.redirectUris].sort()).toEqual([
        "https://moved.abc.com:4443",
        "https://theirs.contoso.com/x",
    ]);
    await world.expectCalm(stack, args);
});

test("two stacks adopt one application at the same moment: both work, and the last one removes everything", async () => {
    const before = await world.tenant.application(existing);
    const second = world.startHooks();
    const [a, b] = [world.stack(), world.stack(second)];
    const programs = ["one", "two"].map((name) =>
        world.portal({
            applicationId: existing,
            identity: `organization/portals/${name}/portal`,
            portalUrl: `https://${name}.abc.com:4443`,
        }),
    );
    await Promise.all([a.up(programs[0]), b.up(programs[1])]);
    const application = await world.tenant.application(existing);
    expect([...application.spa.redirectUris].sort()).toEqual(["https://one.abc.com:4443", "https://two.abc.com:4443"]);
    expect(application.keyCredentials).toHaveLength(1);
    expect(application.api.oauth2PermissionScopes.map(({ value }) => value)).toEqual(["access_as_user"]);
    await world.expectCalm(a, programs[0] ?? {});
    await world.expectCalm(b, programs[1] ?? {});
    await a.up(undefined);
    await world.expectCalm(b, programs[1] ?? {});
    await b.up(undefined);
    expect(await world.tenant.application(existing)).toEqual(before);
    await second.end();
});

test.each(["registered", "adopted"])(
    "a process that outlives its killed deployment writes during the next one: %s",
    async (kind) => {
        const args = world.portal(kind === "adopted" ? { applicationId: existing } : {});
        const orphan = world.startHooks();
        const left = world.stack(orphan).up(args);
        const stack = world.stack();
        await Promise.all([left, stack.up(args)]);
        if (kind === "registered") expect(world.portals().map(({ appId }) => appId)).toEqual([stack.state?.id]);
        expect((await world.tenant.application(stack.state?.id ?? "")).keyCredentials).toHaveLength(1);
        await world.expectCalm(stack, args);
        await orphan.end();
    },
);

test("the message reports another tool that writes without a pause", async () => {
    const stack = await world.deployed({ applicationId: existing });
    let count = 0;
    world.control.addFault({
        level: "request",
        path: "/$batch",
        count: 999,
        appId: world.tenant.emulator.identity("deployer").clientId,
        meanwhile: async () => {
            const { tags } = await world.tenant.application(existing);
            await world.tenant.patchApplication(existing, { tags: [...tags, `noise:${String(count++)}`] });
        },
    });
    const args = world.portal({ applicationId: existing, portalUrl: "https://moved.abc.com:4443" });
    expect((await failureOf(stack.up(args))).message).toMatch(
        /another tool keeps writing to it, and one of its entries in tags may have been overwritten/,
    );
    world.control.clearFaults();
    await stack.up(args);
    const { tags } = await world.tenant.application(existing);
    // At most one entry may be lost: the last one, which was added immediately before the write.
    expect(tags.filter((tag) => tag.startsWith("noise:")).length).toBeGreaterThanOrEqual(count - 1);
    expect(world.hooks.output).toContain(
        `warning: changing application ${existing}: another tool wrote to the same object at the same moment; both`,
    );
});

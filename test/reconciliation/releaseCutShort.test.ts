// Entra carries out only a part of the release of an adopted application, or the answer to the release is lost. If the
// owner then makes an object by hand, the object belongs to the owner, even if we had made an equal one before.
import { DENIED, INVALID, servicePrincipalByHand } from "../support/hooks/ownership";
import { HooksTenant } from "../support/hooks/hooksTenant";
import { exactlyOf } from "../support/hooks/startingStates";
import { existingApplication } from "../support/tenant/portals";

jest.setTimeout(180_000);

const PORTAL = "https://portal.abc.com:4443";

let world: HooksTenant;
let appId: string;
beforeAll(async () => {
    world = await HooksTenant.start();
    appId = await existingApplication(world.tenant);
    await servicePrincipalByHand(world.tenant, appId);
    world.keep();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const deployer = () => world.tenant.emulator.identity("deployer").clientId;

async function adopted() {
    const stack = world.stack();
    const args = world.portal({ applicationId: appId });
    await stack.up(args);
    return { stack, args };
}

const given = async () =>
    (await world.tenant.grants(appId)).map(({ clientId, consentType, resourceId, scope }) => ({
        ...{ clientId, consentType, resourceId, scope },
    }));

async function giveByHand(grants: Awaited<ReturnType<typeof given>>): Promise<void> {
    for (const grant of grants) await world.tenant.graph("POST", "/oauth2PermissionGrants", grant);
}

async function addByHand(): Promise<void> {
    const { spa, identifierUris } = await world.tenant.application(appId);
    const isThere = spa.redirectUris.includes(PORTAL);
    await world.tenant.patchApplication(appId, {
        spa: { redirectUris: isThere ? spa.redirectUris : [...spa.redirectUris, PORTAL] },
        identifierUris: [...new Set([...identifierUris, `api://${appId}`])],
    });
}

test("if Entra refuses the tag on the service principal, no grant goes", async () => {
    const { stack } = await adopted();
    const before = await world.tenant.grants(appId);
    world.control.addFault({ method: "PATCH", path: "/servicePrincipals", appId: deployer(), count: 99, ...DENIED });
    await expect(stack.up(undefined)).rejects.toThrow(
        "removing the entries of this resource from the service principal",
    );
    expect(before.length).toBeGreaterThan(0);
    expect(await world.tenant.grants(appId)).toEqual(before);
});

test("if Entra refuses the second PATCH, entries of the first one that the owner makes by hand stay", async () => {
    const { stack, args } = await adopted();
    const second = { method: "PATCH", path: "/applications", skip: 1, count: 99, appId: deployer() };
    world.control.addFault({ ...second, ...DENIED });
    await expect(stack.up(undefined)).rejects.toThrow("removing the entries of this resource from application");
    world.control.clearFaults();
    await addByHand();
    await stack.up(args);
    await stack.up(undefined);
    const { spa, identifierUris, tags } = await world.tenant.application(appId);
    expect(spa.redirectUris).toContain(PORTAL);
    expect(identifierUris).toContain(`api://${appId}`);
    expect(tags.filter((tag) => tag.startsWith("restore-portal"))).toEqual([]);
});

test.each([DENIED, INVALID])(
    "if Entra refuses the application ($status), grants that the owner gives later stay",
    async (no) => {
        const { stack } = await adopted();
        const grants = await given();
        world.control.addFault({ method: "PATCH", path: "/applications", count: 99, appId: deployer(), ...no });
        await expect(stack.up(undefined)).rejects.toThrow("removing the entries of this resource from application");
        expect(await given()).toEqual([]);
        world.control.clearFaults();
        await giveByHand(grants);
        await stack.up(undefined);
        expect(await given()).toEqual(grants);
        const { tags } = await world.tenant.servicePrincipal(appId);
        expect(tags.filter((tag) => tag.startsWith("restore-portal"))).toEqual([]);
    },
);

test.each([0, 1])(
    "if Entra refuses to remove grant %i, it goes next time, and one given by hand stays",
    async (skip) => {
        const { stack } = await adopted();
        const grants = await given();
        const path = "/oauth2PermissionGrants";
        world.control.addFault({ method: "DELETE", path, skip, count: 99, appId: deployer(), ...DENIED });
        await expect(stack.up(undefined)).rejects.toThrow("removing a grant");
        const left = await given();
        world.control.clearFaults();
        const byHand = grants.filter((one) => !left.some(({ resourceId }) => resourceId === one.resourceId));
        await giveByHand(byHand);
        await stack.up(undefined);
        expect([grants.length, left.length]).toEqual([2, 2 - skip]);
        expect(await given()).toEqual(byHand);
    },
);

test.each(["/applications", "/servicePrincipals", "/oauth2PermissionGrants"])(
    "a release succeeds if every answer to a write of %s is lost",
    async (path) => {
        const before = await exactlyOf(world.tenant, appId);
        const { stack } = await adopted();
        for (const method of ["PATCH", "DELETE"])
            world.control.addFault({ method, path, appId: deployer(), status: 504, effect: "after", count: 99 });
        await stack.up(undefined);
        expect(await exactlyOf(world.tenant, appId)).toEqual(before);
    },
);

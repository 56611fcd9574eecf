// Gives a portal another application in the same tenant. What Entra or the provider refuses is refused before the old
// portal is released or deleted.
import { withExistingApplication } from "../support/hooks/existingApplication";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { existingApplication } from "../support/tenant/portals";

jest.setTimeout(60_000);
type Json = Record<string, unknown>;
const DAY = 86_400_000;
const URL = "https://portal.abc.com:4443";
let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));
const outcomeOf = (work: Promise<string>) => work.catch((error: unknown) => (error as Error).message);
const addressesOf = async (appId: string) => (await world.tenant.application(appId)).spa.redirectUris;

test("registerCertificate: false of an adopted portal is refused for a registration", async () => {
    const stack = await world.deployed({ applicationId: existing });
    await stack.up(world.portal({ applicationId: existing, registerCertificate: false }));
    const outcome = await outcomeOf(stack.up(world.portal({ registerCertificate: false })));
    expect({ outcome, addresses: await addressesOf(existing), registered: world.portals().length }).toMatchObject({
        addresses: [URL],
        registered: 0,
    });
});

test("an expired certificate of an adopted portal is refused for another applicationId", async () => {
    const other = await existingApplication(world.tenant);
    const stack = await world.deployed({ applicationId: existing });
    stack.hooks = world.startHooks({ RESTORE_PORTAL_TEST_TIME: new Date(Date.now() + 400 * DAY).toISOString() });
    const outcome = await outcomeOf(stack.up(world.portal({ applicationId: other })));
    await stack.hooks.end();
    expect({ outcome, addresses: await addressesOf(existing) }).toMatchObject({ addresses: [URL] });
});

describe("after ownership was given up", () => {
    test("the way back to displayName keeps the portal", async () => {
        const stack = await world.deployed();
        const own = stack.state?.id ?? "";
        await stack.up(world.portal({ applicationId: own }));
        const outcome = await outcomeOf(stack.up(world.portal()));
        const { keyCredentials } = await world.tenant.application(own);
        expect({ outcome, addresses: await addressesOf(own), keys: keyCredentials.length }).toMatchObject({
            addresses: [URL],
            keys: 1,
        });
    });

    test("the way back by another application keeps that one", async () => {
        const stack = await world.deployed();
        await stack.up(world.portal({ applicationId: stack.state?.id }));
        await stack.up(world.portal({ applicationId: existing }));
        const outcome = await outcomeOf(stack.up(world.portal()));
        const isRegistered = outcome === "replace";
        expect({ outcome, isServed: isRegistered || (await addressesOf(existing)).length === 1 }).toMatchObject({
            isServed: true,
        });
    });
});

describe("restoreDeleted does not replace a living portal by an application in deleted items", () => {
    async function replacedBy(body: Json, args: Json = {}, isOwned = true) {
        const whole = { displayName: "Theirs", signInAudience: "AzureADMyOrg", ...body };
        const other = isOwned
            ? await existingApplication(world.tenant, body)
            : (await world.tenant.graph<{ appId: string }>("POST", "/applications", whole)).appId;
        await world.tenant.graph("DELETE", `/applications(appId='${other}')`);
        const stack = await world.deployed();
        const outcome = await outcomeOf(
            stack.up(world.portal({ applicationId: other, restoreDeleted: true, ...args })),
        );
        return { outcome, left: world.portals().length };
    }

    test("that has the address on the platform Web", async () => {
        expect(await replacedBy({ web: { redirectUris: [URL] } })).toMatchObject({ left: 1 });
    });

    test("that does not have the certificate, with registerCertificate: false", async () => {
        expect(await replacedBy({}, { registerCertificate: false })).toMatchObject({ left: 1 });
    });

    test("that the deploying identity does not own", async () => {
        expect(await replacedBy({}, {}, false)).toMatchObject({ left: 1 });
    });
});

test("21 owners are refused for an identity with only Application.ReadWrite.OwnedBy", async () => {
    const stack = await world.deployed({ applicationId: existing });
    const owners = Array.from(
        { length: 21 },
        (_, n) => world.tenant.emulator.addUser({ displayName: `Owner ${n}` }).id,
    );
    const outcome = await outcomeOf(stack.up(world.portal({ owners })));
    const { redirectUris } = (await world.tenant.application(existing)).spa;
    expect({ outcome, redirectUris: redirectUris.length }).toMatchObject({ redirectUris: 1 });
});

test("leaveAlone of an adopted portal is refused for a registration", async () => {
    const stack = await world.deployed({ applicationId: existing, leaveAlone: ["servicePrincipal"] });
    const outcome = await outcomeOf(stack.up(world.portal({ leaveAlone: ["servicePrincipal"] })));
    const { redirectUris } = (await world.tenant.application(existing)).spa;
    expect({ outcome, redirectUris: redirectUris.length }).toMatchObject({ redirectUris: 1 });
});

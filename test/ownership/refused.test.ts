// Checks that our record of added entries omits writes that Entra refused or never received. Otherwise a later
// deployment or destroy would remove entries that others have made in the meantime.
import { failureOf, type HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import {
    addRedirectUris,
    applicationPath,
    DENIED,
    INVALID,
    keyCredentialOf,
    refuse,
    servicePrincipalByHand,
} from "../support/hooks/ownership";
import { consentByHand, GRAPH_APP_ID } from "../support/tenant/portalByHand";
import { everythingOf } from "../support/tenant/portals";

jest.setTimeout(300_000);

const MOVED = "https://moved.abc.com:4443";

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

const adopted = (more = {}) => world.portal({ applicationId: existing, ...more });
const application = () => world.tenant.application(existing);
const refusePatches = () => refuse(world, { method: "PATCH", path: applicationPath(existing) }, INVALID);
const pemOf = (index: 0 | 1) => String(world.certificates[index]["certificatePem"]);

test("grants that Entra refused and the administrator then gave by hand survive", async () => {
    const id = await servicePrincipalByHand(world.tenant, existing);
    const { id: graph } = await world.tenant.servicePrincipal(GRAPH_APP_ID);
    const stack = world.stack();
    refuse(world, { method: "POST", path: "/oauth2PermissionGrants" }, DENIED);
    await failureOf(stack.up(adopted()));
    for (const [resourceId, scope] of [
        [graph, "User.Read"],
        [id, "access_as_user"],
    ]) {
        const grant = { clientId: id, resourceId, consentType: "AllPrincipals", scope };
        await world.tenant.graph("POST", "/oauth2PermissionGrants", grant);
    }
    await stack.up(adopted({ adminConsent: false }));
    await stack.up(undefined);
    const { grants } = await everythingOf(world.tenant, existing);
    expect(grants.map(({ scope }) => scope).sort()).toEqual(["User.Read", "access_as_user"]);
});

test("the release of an adoption that wrote nothing removes nothing", async () => {
    const stack = world.stack();
    refusePatches();
    await failureOf(stack.up(adopted()));
    world.control.clearFaults();
    await world.tenant.patchApplication(existing, {
        spa: { redirectUris: ["https://portal.abc.com:4443"] },
        identifierUris: [`api://${existing}`],
    });
    await stack.up(undefined);
    const { spa, identifierUris } = await application();
    expect([spa.redirectUris, identifierUris]).toEqual([["https://portal.abc.com:4443"], [`api://${existing}`]]);
});

test.each([
    ["that the owner's web application had before", true],
    ["that the owner moves to Web later", false],
])(
    "a second run of a refused deployment does not remove an address %s from the platform Web",
    async (_name, isFirst) => {
        const address = "https://app.contoso.com:4443";
        const platform = { redirectUris: [address] };
        await world.tenant.patchApplication(existing, isFirst ? { web: platform } : { spa: platform });
        const stack = await world.deployed({ applicationId: existing, ...(isFirst ? {} : { portalUrl: address }) });
        const { spa } = await application();
        const rest = spa.redirectUris.filter((uri) => uri !== address);
        if (!isFirst) await world.tenant.patchApplication(existing, { spa: { redirectUris: rest }, web: platform });
        const tryAgain = () => stack.up(adopted({ portalUrl: address })).catch(() => undefined);
        await tryAgain();
        await tryAgain();
        expect((await application()).web.redirectUris).toEqual([address]);
    },
);

test("a web address that Entra refused and the owner then added stays when the program removes it", async () => {
    const stack = await world.deployed({ applicationId: existing });
    refusePatches();
    await failureOf(stack.up(adopted({ portalUrl: MOVED })));
    world.control.clearFaults();
    await addRedirectUris(world.tenant, existing, MOVED);
    await stack.up(adopted());
    expect((await application()).spa.redirectUris).toContain(MOVED);
});

test("a certificate that Entra refused and the owner then uploaded survives the release", async () => {
    const stack = await world.deployed({ applicationId: existing });
    refusePatches();
    await failureOf(stack.up(adopted({ certificate: world.certificates[1] })));
    world.control.clearFaults();
    const { keyCredentials } = await application();
    const uploaded = keyCredentialOf(pemOf(1), { displayName: "Uploaded by its owner" });
    await world.tenant.patchApplication(existing, { keyCredentials: [...keyCredentials, uploaded] });
    await stack.up(undefined);
    const left = (await application()).keyCredentials.map(({ displayName }) => displayName);
    expect(left).toEqual(["Uploaded by its owner"]);
});

test("a service principal that Entra refused and the owner then created survives the release", async () => {
    const stack = world.stack();
    refuse(world, { method: "POST", path: "/servicePrincipals" }, DENIED);
    await failureOf(stack.up(adopted()));
    world.control.clearFaults();
    await consentByHand(world.tenant, existing);
    const made = await everythingOf(world.tenant, existing);
    await stack.up(adopted());
    await stack.up(undefined);
    const { servicePrincipal, grants } = await everythingOf(world.tenant, existing);
    expect(servicePrincipal?.["id"]).toBe(made.servicePrincipal?.["id"]);
    expect(grants).toEqual(made.grants);
});

test("an audience that Entra refused and the owner then chose survives the release", async () => {
    const stack = world.stack();
    refusePatches();
    await failureOf(stack.up(adopted({ signInAudience: "AzureADMultipleOrgs" })));
    world.control.clearFaults();
    await world.tenant.patchApplication(existing, { signInAudience: "AzureADMultipleOrgs" });
    await stack.up(undefined);
    expect((await application()).signInAudience).toBe("AzureADMultipleOrgs");
});

test("after writes that never arrived, a release removes nothing", async () => {
    const stack = world.stack();
    const appId = world.tenant.emulator.identity("deployer").clientId;
    const unavailable = { status: 503, code: "serviceNotAvailable", message: "Service is unavailable." };
    world.control.addFault({
        level: "item",
        method: "PATCH",
        path: applicationPath(existing),
        count: 9999,
        appId,
        ...unavailable,
    });
    await failureOf(stack.up(adopted()));
    world.control.clearFaults();
    await addRedirectUris(world.tenant, existing, "https://portal.abc.com:4443");
    await stack.up(undefined);
    expect((await application()).spa.redirectUris).toEqual(["https://portal.abc.com:4443"]);
});

describe("what a failed deployment gave up is ours again if the program takes it back, and goes with the release:", () => {
    const multi = { signInAudience: "AzureADMultipleOrgs", servicePrincipal: "assignment required" };
    const rows: [string, Record<string, unknown>, Record<string, unknown>][] = [
        ["a web address", {}, { portalUrl: MOVED }],
        ["an audience, and that users must be assigned", multi, {}],
    ];

    test.each(rows)("%s, whose PATCH took effect although its answer was lost", async (_name, from, to) => {
        await servicePrincipalByHand(world.tenant, existing);
        const before = await everythingOf(world.tenant, existing);
        const stack = await world.deployed(adopted(from));
        world.control.addFault({ method: "PATCH", count: 999, status: 504, effect: "after" });
        await failureOf(stack.up(adopted(to)));
        world.control.clearFaults();
        await stack.up(adopted(from));
        await world.expectCalm(stack, adopted(from));
        await stack.up(undefined);
        expect(await everythingOf(world.tenant, existing)).toEqual(before);
    });

    test.each(rows)("%s, if the process was killed after its PATCH", async (_name, from, to) => {
        await servicePrincipalByHand(world.tenant, existing);
        const before = await everythingOf(world.tenant, existing);
        const stack = await world.deployed(adopted(from));
        const { state } = stack;
        await stack.up(adopted(to));
        stack.state = state;
        await stack.up(adopted(from));
        await stack.up(undefined);
        expect(await everythingOf(world.tenant, existing)).toEqual(before);
    });
});

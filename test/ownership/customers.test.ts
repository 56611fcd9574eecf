// Checks in a customer's tenant that consent follows the same rules of ownership as an application.
import { GRANTED, GRAPH, ServiceProvider } from "../support/consent/customers";
import { HooksStack } from "../support/hooks/hooksStack";
import { failureOf } from "../support/hooks/hooksTenant";
import {
    addBeforeEachRequest,
    patchServicePrincipal,
    refuse,
    servicePrincipalByHand,
} from "../support/hooks/ownership";
import { consentByHand } from "../support/tenant/portalByHand";

jest.setTimeout(300_000);

const ASSIGNMENT = { servicePrincipal: "assignment required" };

let provider: ServiceProvider;
beforeAll(async () => (provider = await ServiceProvider.start(2)));
beforeEach(() => provider.reset());
afterAll(() => provider.close());

const world = () => ({ tenant: provider.home, control: provider.control });
const appId = () => provider.app.appId;
const servicePrincipal = () => provider.customer().servicePrincipal(appId());
describe("a refused write is not recorded as done:", () => {
    test("consent that the customer gave by hand survives, and so do the customer's tags", async () => {
        const customer = provider.customer();
        const own = ["WindowsAzureActiveDirectoryIntegratedApp", "restore-portal-customers"];
        const id = await servicePrincipalByHand(customer, appId(), { tags: own });
        const { id: graph } = await customer.servicePrincipal(GRAPH);
        const stack = provider.stack();
        refuse(world(), { method: "POST", path: "/oauth2PermissionGrants" });
        await failureOf(stack.up(provider.args()));
        provider.control.clearFaults();
        for (const [resourceId, scope] of [
            [graph, "User.Read"],
            [id, "access_as_user"],
        ]) {
            const grant = { clientId: id, resourceId, consentType: "AllPrincipals", scope };
            await customer.graph("POST", "/oauth2PermissionGrants", grant);
        }
        await stack.up(provider.args());
        await stack.up(undefined);
        expect((await provider.stateOf()).grants).toHaveLength(2);
        expect((await servicePrincipal()).tags).toContain("restore-portal-customers");
    });

    test("a service principal that the customer made by hand survives", async () => {
        const stack = provider.stack();
        refuse(world(), { method: "POST", path: "/servicePrincipals" });
        await failureOf(stack.up(provider.args()));
        provider.control.clearFaults();
        await consentByHand(provider.customer(), appId());
        const { id } = await servicePrincipal();
        await stack.up(provider.args());
        await stack.up(undefined);
        const after = await provider.stateOf();
        expect([after.servicePrincipal?.["id"], after.grants]).toEqual([id, GRANTED]);
    });
});

describe("entries that only resemble ours belong to the customer:", () => {
    test("a service principal and consent that replace ours", async () => {
        const stack = await provider.deployed();
        const ours = await servicePrincipal();
        await provider.customer().graph("DELETE", `/servicePrincipals/${ours.id}`);
        await consentByHand(provider.customer(), appId());
        const { id } = await servicePrincipal();
        await stack.up(provider.args());
        await stack.up(undefined);
        const after = await provider.stateOf();
        expect([after.servicePrincipal?.["id"], after.grants]).toEqual([id, GRANTED]);
    });

    test("tags that only begin in the same way", async () => {
        const own = ["WindowsAzureActiveDirectoryIntegratedApp", "portal-consent:reviewed", "restore-portal:2026"];
        await servicePrincipalByHand(provider.customer(), appId(), { tags: own });
        const { tags: before } = await servicePrincipal();
        const stack = await provider.deployed();
        expect((await servicePrincipal()).tags).toEqual(expect.arrayContaining(own));
        await stack.up(undefined);
        expect((await servicePrincipal()).tags.sort()).toEqual([...before].sort());
    });
});

test("if two states consent under one identity, each keeps what the other needs, and the last removes everything", async () => {
    const first = await provider.deployed();
    const second = await provider.deployed();
    await first.up(undefined);
    expect((await provider.stateOf()).grants).toEqual(GRANTED);
    await provider.expectCalm(second, provider.args());
    await second.up(undefined);
    expect((await provider.stateOf()).servicePrincipal).toBeUndefined();
});

test("scopes that the customer adds to a grant survive while Entra refuses the other grant", async () => {
    const customer = provider.customer();
    const clientId = await servicePrincipalByHand(customer, appId());
    const { id: resourceId } = await customer.servicePrincipal(GRAPH);
    const grant = { clientId, resourceId, consentType: "AllPrincipals", scope: "Calendars.Read" };
    const { id } = await customer.graph<{ id: string }>("POST", "/oauth2PermissionGrants", grant);
    const scopeNow = async () =>
        (await customer.graph<{ scope: string }>("GET", `/oauth2PermissionGrants/${id}`)).scope.trim();
    const scopes = ["openid", "profile", "email", "offline_access"];
    const added = addBeforeEachRequest(world(), scopes, async (more) => {
        const scope = `${await scopeNow()} ${more}`;
        await customer.graph("PATCH", `/oauth2PermissionGrants/${id}`, { scope });
    });
    refuse(world(), { method: "POST", path: "/oauth2PermissionGrants" });
    await failureOf(provider.stack().up(provider.args()));
    expect((await scopeNow()).split(" ")).toEqual(expect.arrayContaining(["Calendars.Read", ...added]));
});

describe("the release says what it removes and what it leaves:", () => {
    async function released(stack: HooksStack): Promise<string[]> {
        const hooks = provider.startHooks();
        await new HooksStack(hooks, stack.state).up(undefined);
        await hooks.end();
        return hooks.output.split("\n").filter((line) => line.startsWith("releases "));
    }
    const start = () => `releases the consent to application ${appId()} in tenant ${provider.customer().tenantId}: `;

    test("consent to a service principal that the customer made", async () => {
        const clientId = await servicePrincipalByHand(provider.customer(), appId(), { tags: ["team:customer"] });
        const { id: resourceId } = await provider.customer().servicePrincipal(GRAPH);
        const grant = { clientId, resourceId, consentType: "AllPrincipals", scope: "Calendars.Read" };
        await provider.customer().graph("POST", "/oauth2PermissionGrants", grant);
        const before = await provider.stateOf();
        expect(await released(await provider.deployed())).toEqual([
            `${start()}removes the service principal (enterprise application) from the list of enterprise applications; revokes User.Read and access_as_user for all users of the tenant; removes its tag from the service principal; leaves 1 grant alone`,
        ]);
        expect(await provider.stateOf()).toEqual(before);
    });

    test("a service principal that the resource created", async () => {
        const stack = await provider.deployed();
        expect(await released(stack)).toEqual([`${start()}deletes the service principal (enterprise application)`]);
        expect(await released(stack)).toEqual([]);
    });
});

describe("release restores what we changed:", () => {
    test("assignment required, named from the start", async () => {
        await servicePrincipalByHand(provider.customer(), appId());
        const before = await provider.stateOf();
        const stack = await provider.deployed(ASSIGNMENT);
        await stack.up(undefined);
        expect(await provider.stateOf()).toEqual(before);
    });

    test("assignment required, named later", async () => {
        await servicePrincipalByHand(provider.customer(), appId());
        const before = await provider.stateOf();
        const stack = await provider.deployed();
        await stack.up(provider.args(ASSIGNMENT));
        await stack.up(undefined);
        expect(await provider.stateOf()).toEqual(before);
    });
});

test("a hidden enterprise application is named, also if the program requires assignment", async () => {
    const stack = await provider.deployed(ASSIGNMENT);
    const { tags } = await servicePrincipal();
    const hidden = tags.filter((tag) => !tag.startsWith("Windows"));
    await patchServicePrincipal(provider.customer(), appId(), { tags: hidden });
    await stack.refresh();
    expect((await stack.preview(provider.args(ASSIGNMENT))).named).toEqual(["servicePrincipal"]);
});

describe("a service principal that the customer made keeps its assignment requirement", () => {
    test.each([
        ["if it required assignment before the adoption", true],
        ["if the customer requires assignment later", false],
    ])("%s", async (_name, isFirst) => {
        const required = { appRoleAssignmentRequired: true };
        await servicePrincipalByHand(provider.customer(), appId(), isFirst ? required : {});
        const stack = provider.stack();
        await stack.up(provider.args()).catch(() => undefined);
        if (!isFirst) await patchServicePrincipal(provider.customer(), appId(), required);
        await stack.up(provider.args()).catch(() => undefined);
        expect((await servicePrincipal()).appRoleAssignmentRequired).toBe(true);
    });
});

test("that users must be assigned, which a failed deployment gave up, goes with the release if the program takes it back", async () => {
    await servicePrincipalByHand(provider.customer(), appId());
    const before = await provider.stateOf();
    const stack = await provider.deployed(ASSIGNMENT);
    provider.control.addFault({ method: "PATCH", count: 999, status: 504, effect: "after" });
    await failureOf(stack.up(provider.args()));
    provider.control.clearFaults();
    await stack.up(provider.args(ASSIGNMENT));
    await stack.up(undefined);
    expect(await provider.stateOf()).toEqual(before);
});

describe("a change of the mode:", () => {
    test("consent that a refused change to manage began goes with the destroy, also without a refresh", async () => {
        const stack = await provider.deployed({ mode: "verify" });
        refuse(world(), { method: "POST", path: "/oauth2PermissionGrants" });
        await failureOf(stack.up(provider.args()));
        provider.control.clearFaults();
        const { id, outputs } = stack.state ?? {};
        await provider.hooks.call("delete", id, outputs);
        expect(await provider.stateOf()).toEqual({ servicePrincipal: undefined, grants: [] });
    });

    test("manage after verify continues with its own entries, also if the program has changed", async () => {
        const stack = await provider.deployed();
        await stack.up(provider.args({ mode: "verify" }));
        await stack.up(provider.args({ portalUrl: "https://portal.abc.com:4443" }));
        await stack.up(undefined);
        expect(await provider.stateOf()).toEqual({ servicePrincipal: undefined, grants: [] });
    });
});

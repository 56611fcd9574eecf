// Checks two stacks that set a value of the same application. The value stays while one of the programs sets it. The
// last stack that stops setting it restores the owner's value, whichever stops first.
import { ServiceProvider } from "../support/consent/customers";
import { HooksTenant } from "../support/hooks/hooksTenant";
import { patchServicePrincipal, replaceScope, servicePrincipalByHand } from "../support/hooks/ownership";
import { existingApplication } from "../support/tenant/portals";

jest.setTimeout(300_000);

const REQUIRED = { servicePrincipal: "assignment required" };
const OPEN = { servicePrincipal: "enabled" };

let world: HooksTenant;
let existing: string;
beforeAll(async () => {
    world = await HooksTenant.start();
    existing = await existingApplication(world.tenant, { serviceManagementReference: "CMDB-1" });
    await servicePrincipalByHand(world.tenant, existing);
    world.keep();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const stackOf = (name: string, more = {}) =>
    world.portal({ applicationId: existing, identity: `portals/${name}//portal`, ...more });
const requireAssignment = () => patchServicePrincipal(world.tenant, existing, { appRoleAssignmentRequired: true });

/**
 * Returns three values that programs can set: audience, service management reference, and whether users must be
 * assigned.
 */
async function values(): Promise<unknown[]> {
    const { signInAudience, serviceManagementReference } = await world.tenant.application(existing);
    const { appRoleAssignmentRequired } = await world.tenant.servicePrincipal(existing);
    return [signInAudience, serviceManagementReference, appRoleAssignmentRequired];
}

describe('"enabled" that the program names stays', () => {
    test("when the resource is renamed, and the owner's setting comes back with the destroy", async () => {
        const [old, renamed] = [world.stack(), world.stack()];
        await old.up(stackOf("a"));
        await requireAssignment();
        await old.up(stackOf("a", OPEN));
        await renamed.up(stackOf("b", OPEN));
        await old.up(undefined);
        expect(await values()).toEqual(["AzureADMyOrg", "CMDB-1", false]);
        await world.expectCalm(renamed, stackOf("b", OPEN));
        await renamed.up(undefined);
        expect(await values()).toEqual(["AzureADMyOrg", "CMDB-1", true]);
    });

    test("when another stack stops naming it", async () => {
        const [a, b] = [world.stack(), world.stack()];
        await a.up(stackOf("a"));
        await requireAssignment();
        await a.up(stackOf("a", OPEN));
        await b.up(stackOf("b", OPEN));
        await a.up(stackOf("a"));
        expect(await values()).toEqual(["AzureADMyOrg", "CMDB-1", false]);
        await b.up(undefined);
        await a.up(undefined);
        expect(await values()).toEqual(["AzureADMyOrg", "CMDB-1", true]);
    });

    test("in a customer's tenant, when another consent to the application leaves", async () => {
        const provider = await ServiceProvider.start();
        const [customer, appId] = [provider.customer(), provider.app.appId];
        const needsAssignment = async () => (await customer.servicePrincipal(appId)).appRoleAssignmentRequired;
        await servicePrincipalByHand(customer, appId);
        const first = await provider.deployed();
        await patchServicePrincipal(customer, appId, { appRoleAssignmentRequired: true });
        await first.up(provider.args(OPEN));
        const args = provider.args({ identity: "portals/prod//customer", ...OPEN });
        const second = provider.stack();
        await second.up(args);
        await first.up(undefined);
        expect(await needsAssignment()).toBe(false);
        await second.up(undefined);
        expect(await needsAssignment()).toBe(true);
        await provider.close();
    });
});

test.each([
    ["the audience", { signInAudience: "AzureADMultipleOrgs" }],
    ["the service management reference", { serviceManagementReference: "CMDB-2" }],
    ["assignment required", REQUIRED],
])("%s stays when one of two programs stops naming it, and goes back with the other", async (_name, named) => {
    const [a, b] = [world.stack(), world.stack()];
    const before = await values();
    await a.up(stackOf("a", named));
    await b.up(stackOf("b", named));
    const during = await values();
    await a.up(stackOf("a"));
    expect(await values()).toEqual(during);
    await world.expectCalm(b, stackOf("b", named));
    await b.up(undefined);
    expect(await values()).toEqual(before);
    await a.up(undefined);
    expect(await values()).toEqual(before);
});

/** The steps of the stacks a and b: `a` deploys stack a, and `-a` destroys it. */
const ORDERS = ["a b -a -b", "a b -b -a", "a b a -b -a", "a b a -a -b", "a b a b -a -b", "a b a b -b -a"];
const OPPOSITES: readonly [string, object, object][] = [
    ["service management references", { serviceManagementReference: "A" }, { serviceManagementReference: "B" }],
    ["assignments", REQUIRED, OPEN],
];

/**
 * Both resources are deployed before their programs set the values, because `check` refuses an adoption that opens an
 * application to all users.
 */
async function walked(order: string, namedByA: object, namedByB: object): Promise<void> {
    const stacks = { a: world.stack(), b: world.stack() };
    const programs = { a: stackOf("a", namedByA), b: stackOf("b", namedByB) };
    for (const name of ["a", "b"] as const) await stacks[name].up(stackOf(name));
    for (const step of order.split(" ")) {
        const name = step.endsWith("a") ? "a" : "b";
        await stacks[name].up(step.startsWith("-") ? undefined : programs[name]);
    }
}

describe.each(OPPOSITES)("two programs with different %s give the owner's value back", (_name, a, b) => {
    test.each(ORDERS)("%s", async (order) => {
        const before = await values();
        await walked(order, a, b);
        expect(await values()).toEqual(before);
    });

    test.each(ORDERS)("%s, on an application whose owner requires assignment", async (order) => {
        await requireAssignment();
        const before = await values();
        await walked(order, b, a);
        expect(await values()).toEqual(before);
    });
});

test("a text that another stack overwrote is still known after that stack handed something over", async () => {
    const [a, b] = [world.stack(), world.stack()];
    const before = await values();
    const shared = { additionalPortalUrls: ["https://shared.abc.com:4443"] };
    await a.up(stackOf("a", shared));
    await b.up(stackOf("b", { ...shared, serviceManagementReference: "B" }));
    await a.up(stackOf("a", { serviceManagementReference: "A" }));
    await b.up(stackOf("b", { ...shared, serviceManagementReference: "B" }));
    await b.up(undefined);
    await a.up(undefined);
    expect(await values()).toEqual(before);
});

describe("what its owner puts in the place of an object of ours is changed, not repaired, so the destroy gives it back:", () => {
    test("assignment", async () => {
        const stack = await world.deployed({ applicationId: existing, ...REQUIRED });
        const { id } = await world.tenant.servicePrincipal(existing);
        await world.tenant.graph("DELETE", `/servicePrincipals/${id}`);
        await servicePrincipalByHand(world.tenant, existing);
        await stack.up(world.portal({ applicationId: existing, ...REQUIRED }));
        expect(await values()).toEqual(["AzureADMyOrg", "CMDB-1", true]);
        await stack.up(undefined);
        expect(await values()).toEqual(["AzureADMyOrg", "CMDB-1", false]);
    });

    test("a disabled service principal", async () => {
        const stack = await world.deployed({ applicationId: existing });
        const { id } = await world.tenant.servicePrincipal(existing);
        await world.tenant.graph("DELETE", `/servicePrincipals/${id}`);
        await servicePrincipalByHand(world.tenant, existing, { accountEnabled: false });
        await stack.up(world.portal({ applicationId: existing }));
        await stack.up(undefined);
        expect((await world.tenant.servicePrincipal(existing)).accountEnabled).toBe(false);
    });

    test("a disabled scope", async () => {
        const stack = await world.deployed({ applicationId: existing });
        const { id } = await replaceScope(world.tenant, existing);
        const { api } = await world.tenant.application(existing);
        const disabled = api.oauth2PermissionScopes.map((one) => ({ ...one, isEnabled: false }));
        await world.tenant.patchApplication(existing, { api: { oauth2PermissionScopes: disabled } });
        await stack.up(world.portal({ applicationId: existing }));
        await stack.up(undefined);
        const { oauth2PermissionScopes: scopes } = (await world.tenant.application(existing)).api;
        expect(scopes.map((one) => [one.id, one.isEnabled])).toEqual([[id, false]]);
    });

    test("a service principal of a customer's own", async () => {
        const provider = await ServiceProvider.start();
        const [customer, appId] = [provider.customer(), provider.app.appId];
        const stack = await provider.deployed(REQUIRED);
        const { id } = await customer.servicePrincipal(appId);
        await customer.graph("DELETE", `/servicePrincipals/${id}`);
        await servicePrincipalByHand(customer, appId);
        await stack.up(provider.args(REQUIRED));
        expect((await customer.servicePrincipal(appId)).appRoleAssignmentRequired).toBe(true);
        await stack.up(undefined);
        expect((await customer.servicePrincipal(appId)).appRoleAssignmentRequired).toBe(false);
        await provider.close();
    });
});

// Checks that the provider never changes settings of an adopted application that the program does not set.
import { failureOf, HooksTenant } from "../support/hooks/hooksTenant";
import { patchServicePrincipal, refuse, servicePrincipalByHand } from "../support/hooks/ownership";
import { existingApplication } from "../support/tenant/portals";

jest.setTimeout(300_000);

const ASSIGNMENT = { servicePrincipal: "assignment required" };

let world: HooksTenant;
let existing: string;
beforeAll(async () => {
    world = await HooksTenant.start();
    existing = await existingApplication(world.tenant);
    world.keep();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const adopted = (more = {}) => world.portal({ applicationId: existing, ...more });
const requireAssignment = () => patchServicePrincipal(world.tenant, existing, { appRoleAssignmentRequired: true });
const needsAssignment = async () => (await world.tenant.servicePrincipal(existing)).appRoleAssignmentRequired;

test("an adopted application whose owner requires assignment later is not opened unasked", async () => {
    const stack = await world.deployed({ applicationId: existing });
    await requireAssignment();
    await stack.up(adopted()).catch(() => undefined);
    expect(await needsAssignment()).toBe(true);
});

test("assignment that the owner requires later is no difference in the preview", async () => {
    const stack = await world.deployed({ applicationId: existing });
    await requireAssignment();
    await world.expectCalm(stack, adopted());
});

test("assignment that the owner requires later stays required when the program changes something else", async () => {
    const stack = await world.deployed({ applicationId: existing });
    await requireAssignment();
    const moved = adopted({ portalUrl: "https://moved.abc.com:4443" });
    await stack.up(moved);
    expect((await world.tenant.application(existing)).spa.redirectUris).toEqual(["https://moved.abc.com:4443"]);
    expect(await needsAssignment()).toBe(true);
    await world.expectCalm(stack, moved);
});

test("assignment that the owner required before us stays required when the program does not name it any more", async () => {
    await servicePrincipalByHand(world.tenant, existing, { appRoleAssignmentRequired: true });
    const stack = await world.deployed({ applicationId: existing, ...ASSIGNMENT });
    await stack.up(adopted());
    expect(await needsAssignment()).toBe(true);
});

test("assignment that the owner requires while our adoption is half done stays required", async () => {
    await servicePrincipalByHand(world.tenant, existing);
    const stack = world.stack();
    refuse(world, { method: "POST", path: "/oauth2PermissionGrants" });
    await failureOf(stack.up(adopted()));
    world.control.clearFaults();
    await requireAssignment();
    await stack.up(adopted());
    expect(await needsAssignment()).toBe(true);
});

test("a restored service principal stays as closed as its owner left it", async () => {
    const stack = await world.deployed({ applicationId: existing });
    await requireAssignment();
    const { id } = await world.tenant.servicePrincipal(existing);
    await world.tenant.graph("DELETE", `/servicePrincipals/${id}`);
    await stack.up(adopted());
    expect(await needsAssignment()).toBe(true);
});

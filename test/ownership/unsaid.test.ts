// Checks that the provider never changes settings of an adopted application that the program does not set.
import { failureOf, type HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { patchServicePrincipal, refuse, servicePrincipalByHand } from "../support/hooks/ownership";

jest.setTimeout(300_000);

const ASSIGNMENT = { servicePrincipal: "assignment required" };

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

const adopted = (more = {}) => world.portal({ applicationId: existing, ...more });
const requireAssignment = () => patchServicePrincipal(world.tenant, existing, { appRoleAssignmentRequired: true });
const needsAssignment = async () => (await world.tenant.servicePrincipal(existing)).appRoleAssignmentRequired;

test("if the owner of an adopted application requires assignment later, it stays required", async () => {
    const stack = await world.deployed({ applicationId: existing });
    await requireAssignment();
    await stack.up(adopted()).catch(() => undefined);
    expect(await needsAssignment()).toBe(true);
});

test("if the owner requires assignment later, the preview shows no change", async () => {
    const stack = await world.deployed({ applicationId: existing });
    await requireAssignment();
    await world.expectCalm(stack, adopted());
});

test("if the owner requires assignment later, it stays required when the program changes another input", async () => {
    const stack = await world.deployed({ applicationId: existing });
    await requireAssignment();
    const moved = adopted({ portalUrl: "https://moved.abc.com:4443" });
    await stack.up(moved);
    expect((await world.tenant.application(existing)).spa.redirectUris).toEqual(["https://moved.abc.com:4443"]);
    expect(await needsAssignment()).toBe(true);
    await world.expectCalm(stack, moved);
});

test("if the owner required assignment before the adoption, it stays required when the program stops naming it", async () => {
    await servicePrincipalByHand(world.tenant, existing, { appRoleAssignmentRequired: true });
    const stack = await world.deployed({ applicationId: existing, ...ASSIGNMENT });
    await stack.up(adopted());
    expect(await needsAssignment()).toBe(true);
});

test("if the owner requires assignment during our adoption, it stays required", async () => {
    await servicePrincipalByHand(world.tenant, existing);
    const stack = world.stack();
    refuse(world, { method: "POST", path: "/oauth2PermissionGrants" });
    await failureOf(stack.up(adopted()));
    world.control.clearFaults();
    await requireAssignment();
    await stack.up(adopted());
    expect(await needsAssignment()).toBe(true);
});

test("a restored service principal still requires assignment if its owner required it", async () => {
    const stack = await world.deployed({ applicationId: existing });
    await requireAssignment();
    const { id } = await world.tenant.servicePrincipal(existing);
    await world.tenant.graph("DELETE", `/servicePrincipals/${id}`);
    await stack.up(adopted());
    expect(await needsAssignment()).toBe(true);
});

// Somebody deletes or disables an object outside of Pulumi. A preview must name the change, and `up` must restore the
// object with its `appId` if Entra allows that. A new application must never replace an adopted one.
import { failureOf, type HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import type { HooksStack } from "../support/hooks/hooksStack";

jest.setTimeout(120_000);

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

const GRAPH = "00000003-0000-0000-c000-000000000000";

async function deleteApplication(appId: string, purge = false): Promise<void> {
    const { id } = await world.tenant.application(appId);
    await world.tenant.graph("DELETE", `/applications/${id}`);
    if (purge) await world.tenant.graph("DELETE", `/directory/deletedItems/${id}`);
}

async function applicationStatus(stack: HooksStack): Promise<unknown> {
    await stack.refresh();
    return stack.state?.inputs["applicationStatus"];
}

/** Adds Mail.Read to the portal's grant for Microsoft Graph, as an administrator does. */
async function consentOfOthers(appId: string): Promise<void> {
    const { id: resourceId } = await world.tenant.servicePrincipal(GRAPH);
    const grant = (await world.tenant.grants(appId)).find((one) => one.resourceId === resourceId);
    await world.tenant.graph("PATCH", `/oauth2PermissionGrants/${grant?.id ?? ""}`, { scope: "User.Read Mail.Read" });
}

test("a soft-deleted registered application is restored with its service principal and the consent of others", async () => {
    const stack = await world.deployed();
    const { id = "", outputs } = stack.state ?? {};
    await consentOfOthers(id);
    await deleteApplication(id);
    expect(await applicationStatus(stack)).toMatch(/^in the bin until \d{4}-\d\d-\d\d$/);
    await stack.up(world.portal());
    expect(world.portals().map(({ appId }) => appId)).toEqual([id]);
    expect((await world.tenant.servicePrincipal(id)).id).toBe(outputs?.["servicePrincipalId"]);
    expect((await world.tenant.grants(id)).map(({ scope }) => scope)).toContain("User.Read Mail.Read");
    await world.expectCalm(stack, world.portal());
});

test("a purged registered application is registered again once, and the preview announces it", async () => {
    const stack = await world.deployed();
    const { id = "" } = stack.state ?? {};
    await deleteApplication(id, true);
    await stack.refresh();
    expect(world.hooks.output).toMatch(
        new RegExp(`${id} was permanently deleted; the next deployment registers a new one`),
    );
    expect((await stack.preview(world.portal())).hook).toBe("create");
    await stack.up(world.portal());
    expect(world.portals()).toHaveLength(1);
    expect(stack.state?.id).not.toBe(id);
    await world.expectCalm(stack, world.portal());
});

test.each([
    ["in deleted items", false, /^in the bin until /],
    ["purged", true, /^missing$/],
])(
    "an adopted application that is %s is an error with the remedy, and nothing is registered",
    async (_name, purge, status) => {
        const args = world.portal({ applicationId: existing });
        const stack = await world.deployed({ applicationId: existing });
        await deleteApplication(existing, purge);
        expect(await applicationStatus(stack)).toMatch(status);
        const { message } = await failureOf(stack.up(args));
        expect(message).toMatch(/has no such application; .*restoreDeleted: true/);
        expect(stack.state?.id).toBe(existing);
        const displayNames = (await world.tenant.applications()).map(({ displayName }) => displayName);
        expect(displayNames).not.toContain("Restore Portal");
    },
);

test("a soft-deleted adopted application is restored if the program sets restoreDeleted", async () => {
    const args = world.portal({ applicationId: existing, restoreDeleted: true });
    const stack = await world.deployed(args);
    await deleteApplication(existing);
    await stack.up(args);
    expect(stack.state?.id).toBe(existing);
    await world.expectCalm(stack, args);
});

test("a soft-deleted application that a new stack adopts brings back the consent of others", async () => {
    await world.deployed({ applicationId: existing });
    await consentOfOthers(existing);
    await deleteApplication(existing);
    const stack = world.stack();
    const args = world.portal({ applicationId: existing, restoreDeleted: true });
    await stack.up(args);
    expect((await world.tenant.grants(existing)).map(({ scope }) => scope)).toContain("User.Read Mail.Read");
    await world.expectCalm(stack, args);
});

test("if only the service principal was deleted, the same one comes back, with the consent of others", async () => {
    const stack = await world.deployed();
    const { id = "", outputs } = stack.state ?? {};
    await consentOfOthers(id);
    await world.tenant.graph("DELETE", `/servicePrincipals(appId='${id}')`);
    await stack.up(world.portal());
    expect((await world.tenant.servicePrincipal(id)).id).toBe(outputs?.["servicePrincipalId"]);
    expect((await world.tenant.grants(id)).map(({ scope }) => scope)).toContain("User.Read Mail.Read");
    await world.expectCalm(stack, world.portal());
});

test("a soft-deleted service principal of others is replaced by a new one, and a message says so", async () => {
    await world.tenant.graph("POST", "/servicePrincipals", { appId: existing });
    const args = world.portal({ applicationId: existing });
    const stack = await world.deployed(args);
    const { id } = await world.tenant.servicePrincipal(existing);
    await world.tenant.graph("DELETE", `/servicePrincipals/${id}`);
    await stack.up(args);
    expect((await world.tenant.servicePrincipal(existing)).id).not.toBe(id);
    expect(world.hooks.output).toMatch(
        new RegExp(`service principal ${id} .* is not allowed to restore it, so a new one`),
    );
    expect(world.hooks.output).not.toContain("another tool wrote to the same object");
    await world.expectCalm(stack, args);
});

test.each([
    [
        "a service principal that was deleted",
        "servicePrincipal",
        "missing",
        (appId: string) => world.tenant.graph("DELETE", `/servicePrincipals(appId='${appId}')`),
    ],
    [
        "a service principal that was disabled",
        "servicePrincipal",
        "disabled",
        (appId: string) =>
            world.tenant.graph("PATCH", `/servicePrincipals(appId='${appId}')`, { accountEnabled: false }),
    ],
    [
        "consent that was revoked",
        "grantedPermissions",
        [],
        async (appId: string) => {
            for (const { id } of await world.tenant.grants(appId)) {
                await world.tenant.graph("DELETE", `/oauth2PermissionGrants/${id}`);
            }
        },
    ],
])("%s is named, and up restores it", async (_name, input, live, destroy) => {
    const stack = await world.deployed();
    const { id = "" } = stack.state ?? {};
    await destroy(id);
    await stack.refresh();
    expect(stack.state?.inputs[input]).toEqual(live);
    await stack.up(world.portal());
    expect((await world.tenant.grants(id)).map(({ scope }) => scope).sort()).toEqual(["User.Read", "access_as_user"]);
    expect((await world.tenant.servicePrincipal(id)).accountEnabled).toBe(true);
    await world.expectCalm(stack, world.portal());
});

test("a tenant that does not answer is not readable; nothing else drifts, and state keeps everything", async () => {
    const stack = await world.deployed();
    const before = stack.state;
    world.control.addFault({ drop: true, count: 999 });
    expect(await applicationStatus(stack)).toMatch(/^not readable: /);
    world.control.clearFaults();
    const { named } = await stack.preview(world.portal());
    expect(named).toEqual(["applicationStatus"]);
    await stack.up(world.portal());
    expect(stack.state?.id).toBe(before?.id);
    await world.expectCalm(stack, world.portal());
});

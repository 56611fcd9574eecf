// Checks that a release restores an adopted application to its state before the adoption, whatever the program changed.
// Changes that the application's owner made in the meantime stay.
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { exactlyOf, STARTING_STATES } from "../support/hooks/startingStates";
import { asSets } from "../support/tenant/portals";

jest.setTimeout(300_000);

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

/** Returns new values for ten inputs of an adopted portal. Each of them can change without a replacement. */
async function everyInputChanged(): Promise<Record<string, unknown>> {
    const { signInAudience } = await world.tenant.application(existing);
    const { appRoleAssignmentRequired } = await world.tenant.servicePrincipal(existing);
    return {
        portalUrl: "https://moved.abc.com:5443",
        restApiPort: 5443,
        additionalPortalUrls: ["https://second.abc.com:5443"],
        signInAudience: signInAudience === "AzureADMyOrg" ? "AzureADMultipleOrgs" : "AzureADMyOrg",
        servicePrincipal: appRoleAssignmentRequired ? "enabled" : "assignment required",
        serviceManagementReference: "CMDB-4711",
        owners: [world.tenant.emulator.identity("deployer").objectId],
        certificate: world.certificates[1],
        certificateOverlapDays: 0,
        adminConsent: false,
    };
}

test.each(STARTING_STATES.map((state) => [state.name, state] as const))(
    "an application %s",
    async (_name, { seed, args = {}, owner }) => {
        await seed(world, existing);
        const expected = await exactlyOf(world.tenant, existing);
        const stack = await world.deployed({ applicationId: existing, ...args });
        const changed = world.portal({ applicationId: existing, ...(await everyInputChanged()) });
        await stack.up(changed);
        await world.expectCalm(stack, changed);
        await owner?.does(world.tenant, existing);
        owner?.kept(expected);
        await stack.up(undefined);
        expect(await exactlyOf(world.tenant, existing)).toEqual(asSets(expected));
    },
);

// Changes settings of a portal by hand. Checks that `ignoreChanges` keeps each of these changes, even if `check` fills
// in the input of that setting, and even if the program changes another input.
import { drifts, type DriftCell } from "../support/hooks/drifts";
import { HooksTenant } from "../support/hooks/hooksTenant";
import { ignoring } from "../support/hooks/ignoring";
import { everythingOf, existingApplication } from "../support/tenant/portals";

type Json = Record<string, unknown>;
jest.setTimeout(600_000);

describe.each(["registered", "adopted"] as const)("a portal that is %s", (kind) => {
    let world: HooksTenant;
    let start: Json;
    beforeAll(async () => {
        world = await HooksTenant.start();
        start =
            kind === "registered"
                ? {}
                : { applicationId: await existingApplication(world.tenant), signInAudience: "AzureADMyOrg" };
        world.keep();
    });
    beforeEach(() => world.reset());
    afterAll(() => world.close());

    const isWritable = ({ property, change }: DriftCell) =>
        property !== "applicationStatus" || !/delet|bin/.test(change);
    test.each(drifts(kind).filter(isWritable))("leaves $property: $change", async ({ property, apply }) => {
        const stack = await world.deployed(start);
        const appId = stack.state?.id ?? "";
        await apply(world.tenant, appId);
        const before = await everythingOf(world.tenant, appId);
        await stack.refresh();
        const changed = { ...world.portal(start), serviceManagementReference: "CMDB-1" };
        await stack.up(ignoring(changed, stack.state?.inputs ?? {}, [property]));
        const after = await everythingOf(world.tenant, appId);
        expect((after.application as Json)["serviceManagementReference"]).toBe("CMDB-1");
        expect(valuesOf(after)).toEqual(valuesOf(before));
        await stack.refresh();
        expect((await stack.preview(ignoring(changed, stack.state?.inputs ?? {}, [property]))).named).toEqual([]);
    });
});

/**
 * Returns the settings that the deployment must not repair. Leaves out `serviceManagementReference`, which the test
 * itself changes, and the tags, which the deployment may change. Only the tag that shows the service principal in the
 * list of enterprise applications must stay the same.
 */
function valuesOf({ application, servicePrincipal, grants }: Awaited<ReturnType<typeof everythingOf>>) {
    const tags = servicePrincipal?.["tags"] as string[] | undefined;
    return {
        application: { ...application, tags: [], serviceManagementReference: "" },
        servicePrincipal: { ...servicePrincipal, tags: [] },
        isListed: tags?.includes("WindowsAzureActiveDirectoryIntegratedApp"),
        grants,
    };
}

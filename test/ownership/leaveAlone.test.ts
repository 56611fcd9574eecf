// Checks the input `leaveAlone`. A part stays as it is while the program lists the part. If the program later removes
// the part from the list, the deployment completes the part, and a release undoes these changes.
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import { failureOf } from "../support/hooks/hooksTenant";
import { replaceScope } from "../support/hooks/ownership";
import { exactlyOf, STARTING_STATES } from "../support/hooks/startingStates";
import { LEAVABLE_PARTS } from "../../provider/portal/rules/inputs";
import { asSets } from "../support/tenant/portals";

jest.setTimeout(60_000);

let world: HooksTenant;
let existing: string;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));

const described = (leaveAlone: readonly string[]) =>
    world.portal({ applicationId: existing, certificate: undefined, adminConsent: false, leaveAlone });

const bodies = () => world.tenant.writes().map(({ body }) => Object.keys(body as object));

test.each(["bare", "with a foreign scope access_as_user that is disabled"])(
    "an application %s: nothing but the tag is written, each part is completed when it leaves the list, and a release undoes it",
    async (name) => {
        await STARTING_STATES.find((state) => state.name === name)?.seed(world, existing);
        const before = await exactlyOf(world.tenant, existing);
        const stack = world.stack();
        world.tenant.clearLog();
        await stack.up(described(LEAVABLE_PARTS));
        expect(bodies()).toEqual([["tags"]]);
        await world.expectCalm(stack, described(LEAVABLE_PARTS));
        for (const [index, part] of LEAVABLE_PARTS.entries()) {
            const rest = LEAVABLE_PARTS.slice(index + 1);
            await stack.up(described(rest));
            await world.expectCalm(stack, described(rest));
            if (part === "accessAsUserScope") {
                const { api } = await world.tenant.application(existing);
                expect(api.oauth2PermissionScopes).toMatchObject([{ value: "access_as_user", isEnabled: true }]);
            }
        }
        const { spa, identifierUris } = await world.tenant.application(existing);
        expect({ ...spa, identifierUris }).toEqual({
            redirectUris: ["https://portal.abc.com:4443"],
            identifierUris: [`api://${existing}`],
        });
        await stack.up(undefined);
        expect(await exactlyOf(world.tenant, existing)).toEqual(asSets(before));
    },
);

test("a part that enters the list later stays as the deployment made it, and a change by hand is no drift", async () => {
    const stack = world.stack();
    await stack.up(described([]));
    await stack.up(described(["portalUrl"]));
    expect((await world.tenant.application(existing)).spa.redirectUris).toEqual(["https://portal.abc.com:4443"]);
    await world.tenant.patchApplication(existing, { spa: { redirectUris: [] } });
    await world.expectCalm(stack, described(["portalUrl"]));
});

test("our permission to a scope that the owner has replaced stays while permissions are left alone", async () => {
    const stack = world.stack();
    await stack.up(described([]));
    await replaceScope(world.tenant, existing);
    const { requiredResourceAccess } = await world.tenant.application(existing);
    await stack.up(described(["requiredPermissions"]));
    expect((await world.tenant.application(existing)).requiredResourceAccess).toEqual(requiredResourceAccess);
});

const refusals: [args: Record<string, unknown>, message: RegExp][] = [
    [{ leaveAlone: ["portalURL"] }, /leaveAlone\[0\]: must be one of .*, got "portalURL"; write "portalUrl"/],
    [
        { leaveAlone: ["servicePrincipal"], servicePrincipal: "assignment required" },
        /leaveAlone\[0\]: must not be "servicePrincipal", because the program gives servicePrincipal/,
    ],
    [{ leaveAlone: "portalUrl" }, /leaveAlone: must be a list of strings, got a string/],
    [
        { leaveAlone: ["portalUrl"], applicationId: undefined, displayName: "New" },
        /leaveAlone: is only for an existing application/,
    ],
];
test.each(refusals)("%j is refused before anything is written", async (args, message) => {
    const { message: text } = await failureOf(
        world.stack().up({ ...described([]), certificate: world.certificates[0], ...args }),
    );
    expect(text).toMatch(message);
});

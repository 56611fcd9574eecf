// Checks a replacement by a user who has signed in with `az login`. In this case `check` does not read Entra. So the
// replacement itself must not delete a portal whose successor Entra would refuse.
import { failureOf, type HooksTenant } from "../support/hooks/hooksTenant";
import { withExistingApplication } from "../support/hooks/existingApplication";
import type { HooksProcess } from "../support/hooks/hooksProcess";
import type { HooksStack } from "../support/hooks/hooksStack";
import { DEPLOYING, SIGNED_OUT, SignedInUser } from "../support/tenant/signedInUser";

const NOBODY = "0a0a0a0a-97bd-4804-ba69-bf1ed293e017";

jest.setTimeout(60_000);
let world: HooksTenant;
let existing: string;
let user: SignedInUser;
let hooks: HooksProcess;
let stack: HooksStack;
withExistingApplication((started, appId) => ([world, existing] = [started, appId]));
beforeAll(() => {
    user = new SignedInUser(world.tenant, DEPLOYING);
    world.keep();
    hooks = world.startHooks({ ...SIGNED_OUT, PATH: user.env["PATH"] ?? "" });
});
beforeEach(async () => {
    stack = world.stack(hooks);
    await stack.up(portal());
    world.tenant.clearLog();
});
afterAll(async () => {
    await hooks.end();
    user.remove();
});

const portal = (args = {}) => world.portal({ tenantId: world.tenant.tenantId, ...args });

test("an Application ID that does not exist leaves the living portal as it is", async () => {
    const failure = await failureOf(stack.up(portal({ applicationId: NOBODY })));
    expect(failure.message).toMatch(/^replacing application .*: applicationId: .*does not exist in tenant/);
    expect(world.tenant.writes()).toEqual([]);
    expect(world.portals()).toHaveLength(1);
});

test("an application that can be adopted replaces the portal", async () => {
    expect(await stack.preview(portal({ applicationId: existing }))).toMatchObject({
        hook: "replace",
        named: ["applicationId"],
    });
    await stack.up(portal({ applicationId: existing }));
    expect(world.portals()).toEqual([]);
});

test("credentials that are not set leave the portal as it is", async () => {
    const failure = await failureOf(stack.up(portal({ applicationId: existing, credentials: "OTHER" })));
    expect(failure.message).toMatch(/set OTHER_AZURE_TENANT_ID/);
    expect(world.tenant.writes()).toEqual([]);
    expect(world.portals()).toHaveLength(1);
});

test("if nobody is signed in, a preview still shows the replacement", async () => {
    const signedOut = world.startHooks({ ...SIGNED_OUT, PATH: "" });
    const again = world.stack(signedOut);
    again.state = stack.state;
    expect(await again.preview(portal({ applicationId: NOBODY }))).toMatchObject({ hook: "replace" });
    await signedOut.end();
});

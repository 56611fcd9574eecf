// Deploys with `az login`, without credentials in the environment. `tenantId` is a verified domain.
import type { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksTenant } from "../support/hooks/hooksTenant";
import { DEPLOYING, SIGNED_OUT, SignedInUser } from "../support/tenant/signedInUser";

jest.setTimeout(60_000);
let world: HooksTenant;
let hooks: HooksProcess;
let user: SignedInUser;
beforeAll(async () => {
    world = await HooksTenant.start();
    user = new SignedInUser(world.tenant, DEPLOYING);
    world.keep();
    hooks = world.startHooks({ ...SIGNED_OUT, PATH: user.env["PATH"] ?? "" });
});
beforeEach(() => world.reset());
afterAll(async () => {
    await hooks.end();
    user.remove();
    await world.close();
});

test("a changed web address updates the portal, and does not replace it", async () => {
    const stack = world.stack(hooks);
    await stack.up(world.portal({ tenantId: "contoso.com" }));
    const before = stack.state?.id;
    const moved = world.portal({ tenantId: "contoso.com", portalUrl: "https://moved.abc.com:4443" });
    expect(await stack.preview(moved)).toMatchObject({ hook: "update", named: ["portalUrl"] });
    await stack.up(moved);
    expect(stack.state?.id).toBe(before);
});

test("a repair of drift does not replace the portal", async () => {
    const stack = world.stack(hooks);
    const args = world.portal({ tenantId: "contoso.com" });
    await stack.up(args);
    await world.tenant.patchApplication(stack.state?.id ?? "", { displayName: "Renamed by hand" });
    await stack.refresh();
    expect(await stack.preview(args)).toMatchObject({ hook: "update", named: ["displayName"] });
});

test("a domain of another tenant is not ignored", async () => {
    const stack = world.stack(hooks);
    await stack.up(world.portal({ tenantId: world.tenant.tenantId }));
    const preview = stack.preview(world.portal({ tenantId: "contoso2.com" }));
    const said = await preview.then(
        ({ hook }) => hook,
        (error: unknown) => `refused: ${(error as Error).message}`,
    );
    expect(said).not.toBe("none");
});

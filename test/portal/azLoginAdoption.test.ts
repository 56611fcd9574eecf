// Adopts with `az login`. In this case `check` does not read Entra, so the deployment refuses before its first write what
// `check` would refuse.
import { withExistingApplication } from "../support/hooks/existingApplication";
import type { HooksProcess } from "../support/hooks/hooksProcess";
import type { HooksStack } from "../support/hooks/hooksStack";
import type { HooksTenant } from "../support/hooks/hooksTenant";
import { DEPLOYING, SIGNED_OUT, SignedInUser } from "../support/tenant/signedInUser";

jest.setTimeout(60_000);
const NOBODY = "0a0a0a0a-97bd-4804-ba69-bf1ed293e017";
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
beforeEach(() => {
    stack = world.stack(hooks);
    world.tenant.clearLog();
});
afterAll(async () => {
    await hooks.end();
    user.remove();
});

const portal = (args = {}) => world.portal({ tenantId: world.tenant.tenantId, applicationId: existing, ...args });
const outcomeOf = (work: Promise<string>) => work.catch((error: unknown) => `refused: ${(error as Error).message}`);

test("servicePrincipal: enabled does not override the owner's Assignment required", async () => {
    await world.tenant.graph("POST", "/servicePrincipals", { appId: existing, appRoleAssignmentRequired: true });
    world.tenant.clearLog();
    const outcome = await outcomeOf(stack.up(portal({ servicePrincipal: "enabled" })));
    expect(outcome).toMatch(/^refused/);
    expect(await world.tenant.servicePrincipal(existing)).toMatchObject({ appRoleAssignmentRequired: true });
});

test("a certificate that is not registered is refused before the first write", async () => {
    const outcome = await outcomeOf(stack.up(portal({ registerCertificate: false })));
    expect(outcome).toMatch(/^refused/);
    expect(world.tenant.writes().map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

test("an owner that does not exist is refused before the first write of an adoption", async () => {
    const outcome = await outcomeOf(stack.up(portal({ owners: [NOBODY] })));
    expect(outcome).toMatch(/^refused/);
    expect(world.tenant.writes().map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

test("an owner that does not exist is refused before the first write of an update", async () => {
    await stack.up(portal());
    world.tenant.clearLog();
    const outcome = await outcomeOf(stack.up(portal({ owners: [NOBODY], portalUrl: "https://moved.abc.com:4443" })));
    expect(outcome).toMatch(/^refused/);
    expect(world.tenant.writes().map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

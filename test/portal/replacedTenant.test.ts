// Moves a registered portal to another tenant. What Entra or the provider refuses there is refused before the living
// portal is deleted.
import type { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksTenant } from "../support/hooks/hooksTenant";

jest.setTimeout(60_000);
type Json = Record<string, unknown>;
const DAY = 86_400_000;
let world: HooksTenant;
let hooks: HooksProcess;
let second: string;
let theirs: Record<string, string>;
beforeAll(async () => {
    world = await HooksTenant.start();
    second = world.tenant.emulator.tenantIds[1] ?? "";
    const identity = world.tenant.envOf(world.tenant.emulator.identity("deployer", second));
    const named = Object.entries(identity).filter(([name]) => name.startsWith("AZURE_"));
    theirs = Object.fromEntries(named.map(([name, value]) => [`SECOND_${name}`, value]));
    hooks = world.startHooks(theirs);
    world.keep();
});
beforeEach(() => world.reset());
afterAll(async () => {
    await hooks.end();
    await world.close();
});

async function move(before: Json, after: Json, later?: HooksProcess) {
    const stack = world.stack(hooks);
    await stack.up(world.portal(before));
    stack.hooks = later ?? hooks;
    const next = world.portal({ tenantId: second, credentials: "SECOND", ...after });
    const outcome = await stack.up(next).catch((error: unknown) => (error as Error).message);
    return { outcome, left: world.portals().length };
}

test("a move without a fault replaces the portal", async () => {
    expect(await move({}, {})).toEqual({ outcome: "replace", left: 0 });
});

test("owners that exist only in the old tenant are refused", async () => {
    const owners = [world.tenant.emulator.identity("deployer").objectId];
    expect(await move({ owners }, { owners })).toMatchObject({ left: 1 });
});

test("registerCertificate: false is refused, because the new application would have no certificate", async () => {
    expect(await move({}, { registerCertificate: false })).toMatchObject({ left: 1 });
});

test("registerCertificate: false since the second deployment is refused too", async () => {
    const stack = world.stack(hooks);
    await stack.up(world.portal());
    await stack.up(world.portal({ registerCertificate: false }));
    const next = world.portal({ registerCertificate: false, tenantId: second, credentials: "SECOND" });
    const outcome = await stack.up(next).catch((error: unknown) => (error as Error).message);
    expect({ outcome, left: world.portals().length }).toMatchObject({ left: 1 });
});

test("a certificate in use that has expired is refused", async () => {
    const later = world.startHooks({
        ...theirs,
        RESTORE_PORTAL_TEST_TIME: new Date(Date.now() + 400 * DAY).toISOString(),
    });
    expect(await move({}, {}, later)).toMatchObject({
        outcome: expect.stringMatching(/^replacing application .*certificate: .*expired/) as string,
        left: 1,
    });
    await later.end();
});

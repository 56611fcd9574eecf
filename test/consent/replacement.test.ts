// Checks which changes replace a consent. A replacement deletes the old consent first. So the tenant must exist in the
// cloud of the new region before anything is deleted.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CONSENT_ROLES, ServiceProvider } from "../support/consent/customers";
import { failureOf } from "../support/hooks/hooksTenant";
import type { HooksProcess } from "../support/hooks/hooksProcess";
import type { HooksStack } from "../support/hooks/hooksStack";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "two-clouds-"));
let provider: ServiceProvider;
let china: TestTenant;
let hooks: HooksProcess;
let stack: HooksStack;

beforeAll(async () => {
    provider = await ServiceProvider.start(2);
    china = await TestTenant.start({ region: "China" });
    const identity = china.emulator.addIdentity({ roles: CONSENT_ROLES });
    const bothAuthorities = join(folder, "ca.pem");
    writeFileSync(bothAuthorities, provider.home.emulator.caPem + china.emulator.caPem);
    const inChina = Object.entries(china.envOf(identity)).map(([name, value]) => [`CHINA_${name}`, value] as const);
    hooks = provider.startHooks({ ...Object.fromEntries(inChina), NODE_EXTRA_CA_CERTS: bothAuthorities });
    stack = provider.stack(hooks);
    await stack.up(provider.args());
});
afterAll(async () => {
    await hooks.end();
    await Promise.all([provider.close(), china.close()]);
    rmSync(folder, { recursive: true });
});

test("another tenant of the same region replaces the consent", async () => {
    const { tenantId } = provider.customer(2);
    expect(await stack.preview(provider.args({ tenantId }))).toMatchObject({ hook: "replace", named: ["tenantId"] });
});

test("a tenant of another region replaces the consent, although the old region does not have this tenant", async () => {
    const args = { region: "China", tenantId: china.emulator.tenantIds[0], credentials: "CHINA" };
    expect(await stack.preview(provider.args(args))).toMatchObject({ hook: "replace", named: ["region", "tenantId"] });
});

test("a region that does not have the tenant is refused before the consent is deleted", async () => {
    provider.home.clearLog();
    const failure = await failureOf(stack.up(provider.args({ region: "China", credentials: "CHINA" })));
    expect(failure.message).toMatch(/does not know this tenant/);
    expect(provider.home.writes()).toEqual([]);
    expect((await provider.stateOf()).grants).toHaveLength(2);
});

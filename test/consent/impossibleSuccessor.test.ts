// Replaces a consent by one that cannot be created. A replacement deletes the old consent first. So the provider must
// refuse the replacement before anything is deleted. It must not refuse a replacement that may succeed.
import { randomUUID } from "node:crypto";

import { CONSENT_ROLES, ServiceProvider } from "../support/consent/customers";
import { failureOf } from "../support/hooks/hooksTenant";
import type { HooksProcess } from "../support/hooks/hooksProcess";
import type { HooksStack } from "../support/hooks/hooksStack";

jest.setTimeout(60_000);

let provider: ServiceProvider;
let hooks: HooksProcess;
let stack: HooksStack;

beforeAll(async () => {
    provider = await ServiceProvider.start(2);
});
beforeEach(async () => {
    provider.reset();
    hooks = provider.startHooks();
    stack = provider.stack(hooks);
    await stack.up(provider.args());
});
afterEach(() => hooks.end());
afterAll(() => provider.close());

/** Starts a process of hooks with other variables. The stack keeps its state. */
async function restart(env: Record<string, string>): Promise<void> {
    await hooks.end();
    hooks = provider.startHooks(env);
    stack.hooks = hooks;
}

async function register(signInAudience: string): Promise<string> {
    const application = { displayName: "Other portal", signInAudience };
    return (await provider.home.graph<{ appId: string }>("POST", "/applications", application)).appId;
}

async function expectRefusal(change: Record<string, unknown>, reason: RegExp): Promise<void> {
    provider.home.clearLog();
    const { message } = await failureOf(stack.up(provider.args(change)));
    const { tenantId } = provider.customer();
    expect(message).toContain(`replacing the consent to application ${provider.app.appId} in tenant ${tenantId}: `);
    expect(message).toMatch(reason);
    expect(provider.home.writes()).toEqual([]);
    expect((await provider.stateOf()).grants).toHaveLength(2);
}

describe("the consent is kept if the successor cannot be created, because", () => {
    test("its application does not exist", async () => {
        const applicationId = randomUUID();
        await expectRefusal(
            { applicationId },
            new RegExp(
                `the tenant of application ${provider.app.appId} has no such application; correct applicationId`,
            ),
        );
    });

    test("its application is single-tenant", async () => {
        await expectRefusal({ applicationId: await register("AzureADMyOrg") }, /it is single-tenant \(AzureADMyOrg\)/);
    });

    test("the new tenant has not consented to the deploying identity", async () => {
        const customer = provider.customer(2);
        await customer.graph("DELETE", `/servicePrincipals(appId='${provider.deployer.clientId}')`);
        await expectRefusal({ tenantId: customer.tenantId }, /AADSTS700016.*adminconsent\?client_id=/);
    });

    test("its credentials lack a permission", async () => {
        const { tenantId } = provider.customer(2);
        const weak = provider.home.emulator.addIdentity({ tenantId, roles: ["Application.ReadWrite.All"] });
        const env = Object.entries(provider.home.envOf(weak)).filter(([name]) => name.startsWith("AZURE_"));
        await restart(Object.fromEntries(env.map(([name, value]) => [`WEAK_${name}`, value])));
        await expectRefusal(
            { tenantId, credentials: "WEAK" },
            /lacks .* permission DelegatedPermissionGrant.ReadWrite.All there/,
        );
    });

    test("its credentials are not set", async () => {
        const { tenantId } = provider.customer(2);
        await expectRefusal({ tenantId, credentials: "NOWHERE" }, /set NOWHERE_AZURE_TENANT_ID/);
    });
});

describe("a replacement is not refused", () => {
    test("for an application that Entra has not replicated yet", async () => {
        provider.control.setLag({ application: 20_000 });
        const applicationId = await register("AzureADMultipleOrgs");
        expect(await stack.up(provider.args({ applicationId }))).toBe("replace");
        expect(hooks.output).toMatch(`waiting for Entra to show application ${applicationId}`);
        expect((await provider.stateOf(provider.customer(), applicationId)).servicePrincipal).toBeDefined();
        expect((await provider.stateOf()).servicePrincipal).toBeUndefined();
    });

    test("for an unknown application if the provider cannot read the tenant of the old application", async () => {
        const { tenantId } = provider.customer();
        const identity = provider.home.emulator.addIdentity({ tenantId, roles: CONSENT_ROLES });
        await restart(provider.home.envOf(identity));
        expect(await stack.preview(provider.args({ applicationId: randomUUID() }))).toMatchObject({ hook: "replace" });
    });

    test("in a preview, which warns about an application that the deployment may still make multi-tenant", async () => {
        const applicationId = await register("AzureADMyOrg");
        const args = { ...provider.args({ applicationId }), __given: { preview: { place: "portals/dev//customer" } } };
        expect(await stack.preview(args)).toMatchObject({ hook: "replace", named: ["applicationId"] });
        expect(hooks.output).toMatch(
            /warning: the deployment would fail: replacing the consent .* it is single-tenant/,
        );
    });

    test("if nobody can sign in for the old consent either, because then it cannot be deleted", async () => {
        await restart({ AZURE_CLIENT_SECRET: "wrong" });
        const { tenantId } = provider.customer(2);
        expect(await stack.preview(provider.args({ tenantId }))).toMatchObject({
            hook: "replace",
            named: ["tenantId"],
        });
    });

    test('for a consent with mode "verify", which has nothing to delete', async () => {
        await stack.up(provider.args({ mode: "verify" }));
        const args = provider.args({ tenantId: provider.customer(2).tenantId, credentials: "NOWHERE" });
        expect(await stack.preview(args)).toMatchObject({ hook: "replace", named: ["tenantId"] });
    });
});

// Checks that the provider names the cause and the remedy for each kind of unusable tenant. Also checks customers who
// consent by hand.
import { randomUUID } from "node:crypto";

import type { TestTenant } from "../support/tenant/testTenant";
import { failureOf } from "../support/hooks/hooksTenant";
import { GRANTED, GRAPH, ServiceProvider } from "../support/consent/customers";

jest.setTimeout(120_000);

let provider: ServiceProvider;

beforeAll(async () => {
    provider = await ServiceProvider.start(2);
});
afterAll(() => provider.close());
afterEach(() => provider.reset());

describe("check refuses without a request", () => {
    const rows: [string, Record<string, unknown>, string, RegExp][] = [
        ["no tenant", { tenantId: undefined }, "tenantId", /is missing: give the customer's tenant/],
        ["no application", { applicationId: undefined }, "applicationId", /is missing: give the Application ID/],
        ["a malformed tenant", { tenantId: "common" }, "tenantId", /must be a GUID or a verified domain, got "common"/],
        ["a malformed application ID", { applicationId: "portal" }, "applicationId", /must be a GUID such as/],
        ["a retired region", { region: "Germany" }, "region", /closed Microsoft Cloud Germany in October 2021/],
        ["a malformed web address", { portalUrl: "http://portal.abc.com:4443" }, "portalUrl", /must be https/],
        ["another mode", { mode: "watch" }, "mode", /must be one of "manage", "verify", got "watch"/],
        ["a wrong name of credentials", { credentials: "a-b" }, "credentials", /must be a name of letters/],
        ["another state", { servicePrincipal: "off" }, "servicePrincipal", /must be one of "enabled"/],
        [
            "an input that no program can set",
            { mode: "verify", servicePrincipal: "enabled" },
            "servicePrincipal",
            /leave it out, or set it to "present"/,
        ],
        ["a status", { status: "fine" }, "status", /is filled in by the provider/],
    ];
    test.each(rows)("%s", async (_name, args, property, reason) => {
        provider.home.clearLog();
        const { failures } = (await provider.hooks.call("check", {}, provider.args(args))) as {
            failures: { property: string; reason: string }[];
        };
        expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) as string }]);
        expect(provider.home.emulator.requests()).toEqual([]);
    });

    test("check sends no request for a tenant, so that no customer can end the deployment of the others", async () => {
        provider.home.clearLog();
        const { failures } = (await provider.hooks.call("check", {}, provider.args({ tenantId: randomUUID() }))) as {
            failures: unknown[];
        };
        expect(failures).toEqual([]);
        expect(provider.home.emulator.requests()).toEqual([]);
    });
});

describe("a deployment fails with a clear message", () => {
    async function expectFailure(args: Record<string, unknown>, message: RegExp): Promise<void> {
        const stack = provider.stack();
        expect((await failureOf(stack.up(provider.args(args)))).message).toMatch(message);
        expect(provider.home.writes()).toEqual([]);
        expect(stack.state).toBeUndefined();
    }

    test("for an unknown tenant", async () => {
        const tenantId = randomUUID();
        await expectFailure(
            { tenantId },
            new RegExp(`tenant ${tenantId}: .* does not know this tenant; correct tenantId`),
        );
        await expectFailure({ tenantId: "abc.com" }, /tenant abc.com: .* does not know this tenant/);
    });

    test("for a tenant of another cloud", async () => {
        await expectFailure(
            { region: "China" },
            /it is not in the cloud of region "China", so region must be "Worldwide"/,
        );
    });

    test("for a tenant that has not consented to the deployment's identity", async () => {
        const customer = provider.customer(2);
        const { clientId } = provider.deployer;
        await customer.graph("DELETE", `/servicePrincipals(appId='${clientId}')`);
        await expectFailure(
            { tenantId: customer.tenantId },
            new RegExp(
                `tenant ${customer.tenantId} .*AADSTS700016.*consent to it at .*/${customer.tenantId}/adminconsent\\?client_id=${clientId}; or give credentials of that tenant, or set mode to "verify" and run pulumi up`,
            ),
        );
    });

    const rights: [string[], RegExp][] = [
        [[], /lacks .* Application.ReadWrite.All and DelegatedPermissionGrant.ReadWrite.All there/],
        [["Application.ReadWrite.All"], /lacks .* permission DelegatedPermissionGrant.ReadWrite.All there/],
        [
            ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All"],
            /lacks .* permission Application.ReadWrite.All there; in that tenant, a Global Administrator/,
        ],
    ];
    test.each(rights)("if the identity has only %p", async (roles, message) => {
        const { tenantId, clientId, clientSecret } = provider.home.emulator.addIdentity({
            tenantId: provider.customer(2).tenantId,
            roles,
        });
        const names = { TENANT_ID: tenantId, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret };
        const env = Object.fromEntries(Object.entries(names).map(([name, value]) => [`POOR_AZURE_${name}`, value]));
        const hooks = provider.startHooks(env);
        const failure = await failureOf(provider.stack(hooks).up(provider.args({ tenantId, credentials: "POOR" })));
        expect(failure.message).toMatch(message);
        expect(failure.message).toContain(`consenting in tenant ${tenantId}: the deploying identity ${clientId} lacks`);
        await hooks.end();
    });

    test("if the program names credentials that are not set", async () => {
        await expectFailure({ credentials: "NOBODY" }, /credentials "NOBODY".*set NOBODY_AZURE_TENANT_ID/);
    });

    test("for an application that is still single-tenant, without a write or a pause", async () => {
        await provider.home.patchApplication(provider.app.appId, { signInAudience: "AzureADMyOrg" });
        await expectFailure({}, /it is single-tenant \(AzureADMyOrg\).*set signInAudience of its RestorePortalApp/);
    });

    test("for an application that does not exist, after Entra had time to replicate it", async () => {
        const stack = provider.stack();
        const failure = await failureOf(stack.up(provider.args({ applicationId: randomUUID() })));
        expect(failure.message).toMatch(
            /does not reference a valid application object.*it does not exist in this cloud, it is single-tenant, or/,
        );
        expect((await provider.stateOf()).servicePrincipal).toBeUndefined();
    });
});

describe("a customer whose tenant later becomes unreadable, because it", () => {
    const troubles: [string, () => Promise<unknown>, RegExp][] = [
        [
            "withdraws consent to the deployment's identity",
            () => provider.customer().graph("DELETE", `/servicePrincipals(appId='${provider.deployer.clientId}')`),
            /AADSTS700016/,
        ],
        [
            "revokes all permissions",
            () => {
                const fault = { status: 403, path: "/servicePrincipals", level: "item", count: 99 } as const;
                provider.control.addFault({ service: "graph", ...fault });
                return Promise.resolve();
            },
            /403 Authorization_RequestDenied/,
        ],
        [
            "cannot be reached",
            () => {
                provider.control.addFault({ service: "graph", path: "/$batch", status: 503, count: 99 });
                return Promise.resolve();
            },
            /503/,
        ],
    ];
    test.each(troubles)(
        "%s: it is not readable, no error is thrown, and state keeps everything",
        async (_name, change, reason) => {
            const stack = await provider.deployed();
            const hooks = provider.startHooks();
            stack.hooks = hooks;
            await change();
            await stack.refresh();
            expect(stack.state?.inputs["status"]).toMatch(/^not readable: /);
            expect(stack.state?.inputs["status"]).toMatch(reason);
            expect((await stack.preview(provider.args())).named).toEqual(["status"]);
            expect((await failureOf(stack.up(provider.args()))).message).toMatch(reason);
            provider.control.clearFaults();
            await hooks.end();
        },
    );
});

describe("a customer who consents by hand", () => {
    const args = (more: Record<string, unknown> = {}) => provider.args({ mode: "verify", ...more });

    async function consentByHand(customer = provider.customer()): Promise<void> {
        const { id } = await customer.graph<{ id: string }>("POST", "/servicePrincipals", {
            appId: provider.app.appId,
        });
        const { id: graphId } = await customer.servicePrincipal(GRAPH);
        for (const [resourceId, scope] of [
            [graphId, "User.Read"],
            [id, "access_as_user"],
        ]) {
            const grant = { clientId: id, resourceId, consentType: "AllPrincipals", scope };
            await customer.graph("POST", "/oauth2PermissionGrants", grant);
        }
    }

    /** Opens the link and accepts, as the customer's administrator does. */
    async function openAsAdministrator(customer: TestTenant, link: string): Promise<void> {
        const users = customer.emulator.users(customer.tenantId);
        provider.control.signInAs(users.find(({ isAdministrator }) => isAdministrator));
        const { headers } = await customer.send("GET", `${link}&emulator_consent=accept`, {}, undefined);
        expect(headers.location).toMatch(/^https:\/\/portal\.abc\.com:4443\/?\?.*admin_consent=True/);
    }

    test("gets a link, and each refresh reports without any permission whether the service principal exists", async () => {
        const customer = provider.customer(2);
        await customer.graph("DELETE", `/servicePrincipals(appId='${provider.deployer.clientId}')`);
        const program = args({ tenantId: customer.tenantId, portalUrl: "https://portal.abc.com:4443" });
        const stack = provider.stack();
        await stack.up(program);
        const back = `redirect_uri=${encodeURIComponent("https://portal.abc.com:4443")}`;
        const page = `${provider.home.emulator.url}/${customer.tenantId}/adminconsent`;
        const link = `${page}?client_id=${provider.app.appId}&${back}`;
        expect(stack.state?.outputs).toMatchObject({
            consentUrl: link,
            servicePrincipal: "missing",
            consent: "unknown",
        });
        expect(provider.hooks.output).toContain(`let an administrator there open ${link}`);
        await stack.refresh();
        expect((await stack.preview(program)).named).toEqual(["servicePrincipal"]);
        await openAsAdministrator(customer, link);
        provider.home.clearLog();
        await stack.refresh();
        expect((await stack.preview(program)).hook).toBe("none");
        expect(stack.state?.outputs).toMatchObject({ servicePrincipal: "present", consent: "unknown" });
        const requests = provider.home.emulator.requests();
        expect(requests.map(({ service, path }) => `${service} ${path}`)).toEqual([
            `login /${customer.tenantId}/oauth2/v2.0/token`,
        ]);
        await stack.up(undefined);
        expect((await provider.stateOf(customer)).grants).toEqual(GRANTED);
    });

    test("is read with the credentials that the program names, and is never changed", async () => {
        const { tenantId, clientId, clientSecret } = provider.home.emulator.addIdentity({
            tenantId: provider.customer().tenantId,
            roles: ["Directory.Read.All"],
        });
        const hooks = provider.startHooks({
            READER_AZURE_TENANT_ID: tenantId,
            READER_AZURE_CLIENT_ID: clientId,
            READER_AZURE_CLIENT_SECRET: clientSecret,
        });
        const stack = provider.stack(hooks);
        await consentByHand();
        provider.home.clearLog();
        await stack.up(args({ credentials: "READER" }));
        expect(stack.state?.outputs).toMatchObject({ servicePrincipal: "present", consent: "granted" });
        expect(provider.home.writes()).toEqual([]);
        const [grant] = await provider.customer().grants(provider.app.appId);
        await provider.customer().graph("DELETE", `/oauth2PermissionGrants/${grant?.id ?? ""}`);
        await stack.refresh();
        expect(stack.state?.outputs["consent"]).toBe("incomplete");
        await hooks.end();
    });

    test.each([
        [
            401,
            "InvalidAuthenticationToken",
            /cannot be read: .* 401 .*; use credentials with Directory\.Read\.All in this/,
        ],
        [403, "Authorization_RequestDenied", /cannot be read: .* 403 .*; .*, or remove the argument credentials$/m],
        [400, "Request_BadRequest", /cannot be read: .* 400 (?!.*Directory\.Read\.All)/],
    ])("a warning about credentials that Entra refuses with %i says what to do", async (status, code, warning) => {
        const { tenantId, clientId, clientSecret } = provider.home.emulator.addIdentity({
            tenantId: provider.customer().tenantId,
            roles: [],
        });
        const hooks = provider.startHooks({
            READER_AZURE_TENANT_ID: tenantId,
            READER_AZURE_CLIENT_ID: clientId,
            READER_AZURE_CLIENT_SECRET: clientSecret,
        });
        await consentByHand();
        provider.control.addFault({ path: "/servicePrincipals", status, code, message: "Refused.", count: 99 });
        await provider.stack(hooks).up(args({ credentials: "READER" }));
        expect(hooks.output).toMatch(warning);
        await hooks.end();
    });

    test("can change to manage later; after a change back to verify, nothing is removed", async () => {
        const stack = provider.stack();
        await stack.up(args());
        expect(await stack.up(provider.args())).toBe("update");
        expect((await provider.stateOf()).grants).toEqual(GRANTED);
        expect(await stack.up(args())).toBe("update");
        await stack.up(undefined);
        expect((await provider.stateOf()).grants).toEqual(GRANTED);
    });

    test("is not readable if the token service does not say whether the application is known", async () => {
        const stack = provider.stack();
        await consentByHand();
        await stack.up(args());
        provider.control.addFault({ service: "login", path: "/oauth2/v2.0/token", status: 503, count: 99 });
        await stack.refresh();
        expect(stack.state?.inputs["status"]).toMatch(
            /^not readable: checking whether application .* has a service principal in tenant .* answered 503/,
        );
    });

    test.each([
        ["an unknown tenant", () => ({ tenantId: randomUUID() }), /does not know this tenant/],
        ["another cloud", () => ({ region: "USGovernment" }), /region must be "Worldwide"/],
    ])("fails with a clear message for %s", async (_name, more, message) => {
        expect((await failureOf(provider.stack().up(args(more())))).message).toMatch(message);
    });
});

test("a soft-deleted service principal in another customer's tenant causes no error", async () => {
    const first = await provider.deployed();
    const second = provider.stack();
    const other = provider.args({
        tenantId: provider.customer(2).tenantId,
        identity: "organization/portals/dev/other",
    });
    await second.up(other);
    await first.up(undefined);
    expect((await provider.stateOf(provider.customer(2))).grants).toEqual(GRANTED);
    await provider.expectCalm(second, other);
});

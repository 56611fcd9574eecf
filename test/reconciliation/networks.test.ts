// Checks answers that do not come from Entra, such as a proxy's pages, and services that are unavailable or require a
// wait. From such an answer, the provider must not conclude that an object is missing or was written.
import { randomUUID } from "node:crypto";

import { ServiceProvider } from "../support/consent/customers";
import { HooksProcess } from "../support/hooks/hooksProcess";
import { HooksStack } from "../support/hooks/hooksStack";
import { failureOf, HooksTenant } from "../support/hooks/hooksTenant";
import { GRAPH_APP_ID } from "../support/tenant/portalByHand";
import { existingApplication } from "../support/tenant/portals";

jest.setTimeout(180_000);
const ENTERPRISE = "WindowsAzureActiveDirectoryIntegratedApp";

describe("a portal", () => {
    let world: HooksTenant;
    beforeAll(async () => {
        world = await HooksTenant.start();
        world.keep();
    });
    beforeEach(() => world.reset());
    afterAll(() => world.close());

    test.each([
        ["throttled for longer than anybody waits", { status: 429, headers: { "Retry-After": "3600" } }],
        ["throttled without a time", { status: 429, code: "TooManyRequests" }],
        ["locked", { status: 423 }],
        ["behind a proxy's page with 404", { status: 404, html: true }],
        ["behind a proxy's page with 403", { status: 403, html: true }],
        ["behind a proxy's page with 200", { status: 200, html: true }],
    ])("%s says so in its status, and stays in state", async (_name, fault) => {
        const stack = await world.deployed();
        world.control.addFault({ path: "/applications(appId=", count: 1000, ...fault });
        await stack.refresh();
        expect(stack.state?.inputs["applicationStatus"]).toMatch(/^not readable/);
    });

    test.each([404, 200])("is not released while a proxy answers %i in Entra's place", async (status) => {
        const stack = await world.deployed();
        const { id, outputs } = stack.state ?? { id: "", outputs: {} };
        world.control.addFault({ path: "", count: 10_000, status, html: true });
        expect((await failureOf(world.hooks.call("delete", id, outputs))).message).toMatch(/localhost:\d+ answered/);
        world.control.clearFaults();
        expect((await world.tenant.tryGraph("GET", `/applications(appId='${id}')`)).status).toBe(200);
    });

    test.each(["/applications", "/$batch"])("is registered once, whatever a proxy answers to POST %s", async (path) => {
        const appId = world.tenant.emulator.identity("deployer").clientId;
        const answer = { status: 200, html: true, effect: "after", count: 99 } as const;
        world.control.addFault({ level: "request", method: "POST", path, appId, ...answer });
        const error = await world
            .stack()
            .up(world.portal())
            .catch((failure: unknown) => failure);
        expect(String(error)).not.toMatch(/Cannot read properties/);
        expect(world.portals().length).toBeLessThan(2);
    });

    test.each(["registered", "adopted"])("is released although one read said 404: %s", async (kind) => {
        const existing = await existingApplication(world.tenant);
        const stack = await world.deployed(kind === "adopted" ? { applicationId: existing } : {});
        const id = stack.state?.id ?? "";
        const appId = world.tenant.emulator.identity("deployer").clientId;
        const fault = { status: 404, code: "Request_ResourceNotFound", level: "item", method: "GET" } as const;
        world.control.addFault({ path: `/applications(appId='${id}')`, appId, ...fault });
        await world.hooks.call("delete", id, stack.state?.outputs).catch(() => undefined);
        const { status, body } = await world.tenant.tryGraph("GET", `/applications(appId='${id}')`);
        if (kind === "registered") expect(status).toBe(404);
        else expect((body as { spa: { redirectUris: string[] } }).spa.redirectUris).toEqual([]);
    });

    test.each([
        ["discovery", { service: "login", method: "GET", path: "openid-configuration", status: 503 }],
        ["discovery", { service: "login", method: "GET", path: "openid-configuration", drop: true }],
        ["discovery", { service: "login", method: "GET", path: "openid-configuration", status: 404, html: true }],
        ["metadata", { service: "metadata", status: 503 }],
        ["metadata", { service: "metadata", status: 200, html: true }],
        ["sign-in", { service: "login", method: "POST", path: "/token", status: 200, html: true }],
    ])("is deployed although one answer of %s fails: %j", async (_name, fault) => {
        const hooks = world.startHooks();
        world.control.addFault(fault);
        const up = await world
            .stack(hooks)
            .up(world.portal())
            .catch((error: unknown) => error);
        await hooks.end();
        expect(up).toBe("create");
    });

    test("is not in an unknown tenant because a proxy answers 404", async () => {
        const hooks = world.startHooks();
        const path = "openid-configuration";
        world.control.addFault({ service: "login", path, status: 404, html: true, count: 1000 });
        const error = await failureOf(world.stack(hooks).up(world.portal()));
        await hooks.end();
        expect(error.message).toMatch(/looking up tenant .*: localhost:\d+ answered 404 with an HTML page/);
        expect(error.message).not.toMatch(/does not know this tenant/);
    });

    test.each([
        ["0", 429],
        [new Date(Date.now() - 120_000).toUTCString(), 503],
    ])("makes no storm of requests after Retry-After %s", async (value, status) => {
        const hooks = new HooksProcess({ ...world.tenant.env, RESTORE_PORTAL_WAIT_SECONDS: "300" });
        const stack = new HooksStack(hooks);
        await stack.up(world.portal());
        world.tenant.clearLog();
        const fault = { status, headers: { "Retry-After": value } };
        world.control.addFault({ level: "request", path: "/$batch", count: 1_000_000, ...fault });
        void stack.refresh().catch(() => undefined);
        await new Promise((done) => setTimeout(done, 4000));
        const count = world.tenant.graphRequests().length;
        await hooks.kill();
        expect(count).toBeLessThan(20);
    });

    test("with more than a hundred users who consented is adopted", async () => {
        const existing = await existingApplication(world.tenant);
        const servicePrincipal = { appId: existing, tags: [ENTERPRISE] };
        const { id: clientId } = await world.tenant.graph<{ id: string }>(
            "POST",
            "/servicePrincipals",
            servicePrincipal,
        );
        const { id: resourceId } = await world.tenant.servicePrincipal(GRAPH_APP_ID);
        for (let n = 0; n < 120; n++) {
            const grant = { clientId, resourceId, consentType: "Principal", principalId: randomUUID() };
            await world.tenant.graph("POST", "/oauth2PermissionGrants", { ...grant, scope: "openid profile" });
        }
        const stack = world.stack();
        const up = await stack.up(world.portal({ applicationId: existing })).catch((error: unknown) => error);
        await stack.refresh();
        expect([up, stack.state?.inputs["grantedPermissions"]]).toEqual(["create", ["User.Read", "access_as_user"]]);
    });
});

describe("the consent of a customer stays", () => {
    let provider: ServiceProvider;
    beforeAll(async () => (provider = await ServiceProvider.start(2)));
    beforeEach(() => provider.reset());
    afterAll(() => provider.close());

    async function expectToStay(tenantId: string, fault?: Parameters<typeof provider.control.addFault>[0]) {
        const stack = await provider.deployed();
        const before = await provider.stateOf();
        stack.hooks = provider.startHooks();
        if (fault) provider.control.addFault(fault);
        await stack.up(provider.args({ tenantId })).catch(() => undefined);
        await stack.hooks.end();
        expect((await provider.stateOf()).servicePrincipal?.["id"]).toBe(before.servicePrincipal?.["id"]);
    }

    function domain(): string {
        const { tenantId } = provider.customer();
        return provider.control.snapshot().find((one) => one.tenantId === tenantId)?.verifiedDomains[0] ?? "";
    }

    test.each([
        ["fails once", { status: 503 }],
        ["fails for long", { status: 503, count: 1000 }],
        ["is a proxy's page with 404", { status: 404, html: true, count: 1000 }],
    ])("if the discovery of another spelling of the tenant %s", async (_name, fault) => {
        await expectToStay(domain(), {
            service: "login",
            method: "GET",
            path: `${domain()}/v2.0/.well-known`,
            ...fault,
        });
    });

    test.each(["missing.abc.com", randomUUID()])("if the new tenant %s does not exist", async (tenantId) => {
        await expectToStay(tenantId);
    });
});

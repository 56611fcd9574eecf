// Creates, adopts, repairs and releases consent in a customer's tenant. The credentials belong to the deployment's own
// multi-tenant identity, or to the customer.
import { failureOf } from "../support/hooks/hooksTenant";
import { CONSENT_ROLES, GRANTED, ServiceProvider } from "../support/consent/customers";

jest.setTimeout(120_000);

const ENTERPRISE = "WindowsAzureActiveDirectoryIntegratedApp";

let provider: ServiceProvider;

beforeAll(async () => {
    provider = await ServiceProvider.start(2);
});
afterAll(() => provider.close());
afterEach(() => provider.reset());

const servicePrincipalPath = () => `/servicePrincipals(appId='${provider.app.appId}')`;

test("a customer gets its service principal and both grants, and the next refresh sends one request to Graph", async () => {
    const stack = await provider.deployed();
    const { tenantId } = provider.customer();
    const { servicePrincipal, grants } = await provider.stateOf();
    expect(servicePrincipal?.["tags"]).toContain(ENTERPRISE);
    expect(grants).toEqual(GRANTED);
    const { url } = provider.home.emulator;
    expect(stack.state).toMatchObject({
        id: `${tenantId}/${provider.app.appId}`,
        outputs: {
            tenantId,
            servicePrincipalId: servicePrincipal?.["id"],
            authority: `${url}/${tenantId}`,
            consentUrl: `${url}/${tenantId}/adminconsent?client_id=${provider.app.appId}`,
            consent: "granted",
        },
    });
    await provider.hooks.end();
    provider.hooks = stack.hooks = provider.startHooks();
    await provider.expectCalm(stack, provider.args());
    const requests = provider.home.emulator
        .requests()
        .map(({ service, method, path }) => `${service} ${method} ${path}`);
    expect(requests.filter((one) => one.startsWith("graph"))).toEqual(["graph POST /$batch"]);
    expect(requests.filter((one) => one.startsWith("login"))).toHaveLength(2);
});

test("a verified domain stands for its tenant, in either spelling", async () => {
    const domain = "contoso2.com";
    const stack = await provider.deployed({ tenantId: "Contoso2.com" });
    expect(stack.state?.outputs).toMatchObject({ tenantId: provider.customer().tenantId, consent: "granted" });
    await provider.expectCalm(stack, provider.args({ tenantId: domain }));
    await provider.expectCalm(stack, provider.args());
    expect(await stack.up(provider.args())).toBe("none");
    expect((await stack.preview(provider.args({ tenantId: "contoso3.com" }))).hook).toBe("replace");
});

test("credentials of the customer's own tenant work too", async () => {
    const { tenantId, clientId, clientSecret } = provider.home.emulator.addIdentity({
        tenantId: provider.customer().tenantId,
        roles: CONSENT_ROLES,
    });
    const hooks = provider.startHooks({
        CONTOSO2_AZURE_TENANT_ID: tenantId,
        CONTOSO2_AZURE_CLIENT_ID: clientId,
        CONTOSO2_AZURE_CLIENT_SECRET: clientSecret,
    });
    const stack = provider.stack(hooks);
    await stack.up(provider.args({ credentials: "CONTOSO2" }));
    expect((await provider.stateOf()).grants).toEqual(GRANTED);
    await hooks.end();
});

describe("drift in the tenant", () => {
    const rows: [string, () => Promise<unknown>, string, unknown][] = [
        [
            "a disabled service principal",
            () => provider.customer().graph("PATCH", servicePrincipalPath(), { accountEnabled: false }),
            "servicePrincipal",
            "disabled",
        ],
        [
            "assignment required",
            () => provider.customer().graph("PATCH", servicePrincipalPath(), { appRoleAssignmentRequired: true }),
            "servicePrincipal",
            "assignment required",
        ],
        [
            "a deleted service principal",
            () => provider.customer().graph("DELETE", servicePrincipalPath()),
            "servicePrincipal",
            "missing",
        ],
        [
            "a deleted grant",
            async () => {
                const grants = await provider.customer().grants(provider.app.appId);
                const own = grants.find(({ scope }) => scope === "access_as_user");
                await provider.customer().graph("DELETE", `/oauth2PermissionGrants/${own?.id ?? ""}`);
            },
            "grantedPermissions",
            ["User.Read"],
        ],
        [
            "a narrowed grant",
            async () => {
                const grants = await provider.customer().grants(provider.app.appId);
                const graph = grants.find(({ scope }) => scope === "User.Read");
                await provider
                    .customer()
                    .graph("PATCH", `/oauth2PermissionGrants/${graph?.id ?? ""}`, { scope: "email" });
            },
            "grantedPermissions",
            ["access_as_user"],
        ],
    ];
    test.each(rows)("the preview names %s, and up repairs it", async (_name, change, property, found) => {
        const stack = await provider.deployed();
        const before = await provider.stateOf();
        await change();
        await stack.refresh();
        expect((await stack.preview(provider.args())).named).toEqual([property]);
        expect(stack.state?.inputs[property]).toEqual(found);
        await stack.up(provider.args());
        const after = await provider.stateOf();
        expect(after.servicePrincipal).toMatchObject({
            id: before.servicePrincipal?.["id"],
            accountEnabled: true,
            appRoleAssignmentRequired: false,
        });
        const scopes = after.grants.flatMap((grant) => (grant.split(" of ")[0] ?? "").split(" "));
        expect(scopes).toEqual(expect.arrayContaining(["User.Read", "access_as_user"]));
        await provider.expectCalm(stack, provider.args());
    });

    test("a purged service principal is created again", async () => {
        const stack = await provider.deployed();
        const { id } = await provider.customer().servicePrincipal(provider.app.appId);
        await provider.customer().graph("DELETE", servicePrincipalPath());
        await provider.customer().graph("DELETE", `/directory/deletedItems/${id}`);
        await stack.up(provider.args());
        expect((await provider.stateOf()).grants).toEqual(GRANTED);
        await provider.expectCalm(stack, provider.args());
    });

    test("an application that became single-tenant is named, and up cannot repair it", async () => {
        const stack = await provider.deployed();
        await provider.home.patchApplication(provider.app.appId, { signInAudience: "AzureADMyOrg" });
        await stack.refresh();
        expect(stack.state?.inputs["status"]).toBe("application is single-tenant (AzureADMyOrg)");
        const { message, halfDone } = await failureOf(stack.up(provider.args()));
        expect(message).toMatch(/single-tenant .*set signInAudience .* to "AzureADMultipleOrgs"/);
        expect(halfDone?.id).toBe(stack.state?.id);
    });
});

describe("a service principal that exists already", () => {
    async function consentByHand(scope: string): Promise<string> {
        const customer = provider.customer();
        const { id: clientId } = await customer.graph<{ id: string }>("POST", "/servicePrincipals", {
            appId: provider.app.appId,
            tags: ["customer:own"],
        });
        const { id: resourceId } = await customer.servicePrincipal("00000003-0000-0000-c000-000000000000");
        const grant = { clientId, resourceId, consentType: "AllPrincipals", scope };
        await customer.graph("POST", "/oauth2PermissionGrants", grant);
        return clientId;
    }

    test("is adopted, gets more permissions, and is restored by the release", async () => {
        const id = await consentByHand("email profile");
        const found = await provider.stateOf();
        const stack = await provider.deployed();
        const deployed = await provider.stateOf();
        expect(deployed.servicePrincipal?.["id"]).toBe(id);
        expect(deployed.grants).toEqual(["access_as_user of itself", "email profile User.Read of Graph"]);
        await stack.up(undefined);
        expect(await provider.stateOf()).toEqual(found);
    });

    test("is disabled again if it was disabled at the adoption", async () => {
        const id = await consentByHand("User.Read");
        await provider.customer().graph("PATCH", `/servicePrincipals/${id}`, { accountEnabled: false });
        const found = await provider.stateOf();
        const stack = await provider.deployed();
        expect((await provider.stateOf()).servicePrincipal).toMatchObject({ accountEnabled: true });
        await stack.up(undefined);
        expect(await provider.stateOf()).toEqual(found);
    });
});

describe("the end", () => {
    test("removes everything that the resource made, and can run a second time", async () => {
        const stack = await provider.deployed();
        const again = provider.stack();
        again.state = stack.state;
        await stack.up(undefined);
        expect((await provider.stateOf()).servicePrincipal).toBeUndefined();
        await again.hooks.call("delete", again.state?.id, again.state?.outputs);
    });

    test("keeps a service principal to which others have added grants", async () => {
        const stack = await provider.deployed();
        const customer = provider.customer();
        const { id: clientId } = await customer.servicePrincipal(provider.app.appId);
        const other = await customer.graph<{ appId: string }>("POST", "/applications", { displayName: "Other" });
        const { id: resourceId } = await customer.graph<{ id: string }>("POST", "/servicePrincipals", {
            appId: other.appId,
        });
        const grant = { clientId, resourceId, consentType: "AllPrincipals", scope: "Things.Read" };
        await customer.graph("POST", "/oauth2PermissionGrants", grant);
        await stack.up(undefined);
        const { servicePrincipal, grants } = await provider.stateOf();
        expect(grants).toEqual([`Things.Read of ${resourceId}`]);
        expect((servicePrincipal?.["tags"] as string[]).filter((tag) => tag.startsWith("portal-consent:"))).toEqual([]);
    });

    test("keeps what another stack still needs, and the last stack removes it", async () => {
        const first = await provider.deployed();
        const second = provider.stack();
        const other = provider.args({ identity: "organization/portals/other/customer" });
        await second.up(other);
        await first.up(undefined);
        expect((await provider.stateOf()).grants).toEqual(GRANTED);
        await provider.expectCalm(second, other);
        await second.up(undefined);
        expect((await provider.stateOf()).servicePrincipal).toBeUndefined();
    });
});

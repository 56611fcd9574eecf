// Checks the consent pages for users and administrators, and the grants that result.
import { randomUUID } from "node:crypto";

import { GRAPH_APP_ID, portalByHand, type PortalByHand } from "../support/tenant/portalByHand";
import { PORTAL_URL } from "../support/tenant/portals";
import { aadsts, claimsOf, PlainSignIn } from "../support/signIn/plainSignIn";
import { TestTenant, type Application, type ServicePrincipal } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let provider: TestTenant;
let customer: TestTenant;
let portal: PortalByHand;
let start: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;

beforeAll(async () => {
    provider = await TestTenant.start({ tenants: 2 });
    customer = provider.neighbour(provider.emulator.tenantIds[1] ?? "");
    portal = await portalByHand(provider, { signInAudience: "AzureADMultipleOrgs" });
    start = provider.emulator.control.snapshot();
});
afterAll(() => provider.close());
beforeEach(() => {
    provider.emulator.control.reset();
    provider.emulator.control.restore(start);
});

function person(tenant: TestTenant, isAdministrator: boolean) {
    const found = tenant.emulator.users(tenant.tenantId).find((user) => user.isAdministrator === isAdministrator);
    if (!found) throw new Error("the tenant must have an administrator and another user");
    return found;
}

const signInAs = (tenant: TestTenant, isAdministrator: boolean) =>
    provider.emulator.control.signInAs(person(tenant, isAdministrator));

async function grantsIn(tenant: TestTenant): Promise<string[]> {
    const grants = await tenant.grants(portal.appId);
    return grants.map(({ consentType, scope }) => `${consentType} ${scope}`).sort();
}

describe("an administrator's consent for the organization", () => {
    const client = () => new PlainSignIn(provider, portal.appId, customer.tenantId);

    test("makes the service principal and both grants in the customer's tenant, whose users can then sign in", async () => {
        signInAs(customer, true);
        const page = await client().adminConsent();
        expect(page.body).toMatch(/accept for your organization.*User\.Read.*access_as_user/);
        expect((await customer.tryGraph("GET", `/servicePrincipals(appId='${portal.appId}')`)).status).toBe(404);
        const { location, back } = await client().adminConsent({ emulator_consent: "accept" });
        expect(location).toMatch(/^https:\/\/portal\.abc\.com:4443\/\?/);
        expect(Object.fromEntries(back ?? [])).toEqual({
            admin_consent: "True",
            tenant: customer.tenantId,
            state: "state-1",
        });
        expect(await grantsIn(customer)).toEqual(["AllPrincipals User.Read", "AllPrincipals access_as_user"]);
        const { tags } = await customer.graph<ServicePrincipal>("GET", `/servicePrincipals(appId='${portal.appId}')`);
        expect(tags).toContain("WindowsAzureActiveDirectoryIntegratedApp");
        signInAs(customer, false);
        expect(claimsOf((await client().tokens()).access_token)["tid"]).toBe(customer.tenantId);
    });

    test("grants the permissions that the request names, and adds them to existing grants", async () => {
        signInAs(customer, true);
        const accept = { emulator_consent: "accept" };
        await client().adminConsent({ ...accept, scope: "https://graph.microsoft.com/User.Read" }, "/v2.0");
        expect(await grantsIn(customer)).toEqual(["AllPrincipals User.Read"]);
        await client().adminConsent({ ...accept, scope: `api://${portal.appId}/.default profile` }, "/v2.0");
        expect(await grantsIn(customer)).toEqual(["AllPrincipals User.Read profile", "AllPrincipals access_as_user"]);
    });

    test("is possible for every organization at /organizations", async () => {
        signInAs(customer, true);
        const anywhere = new PlainSignIn(provider, portal.appId, "organizations");
        const { back } = await anywhere.adminConsent({ emulator_consent: "accept" });
        expect(back?.get("tenant")).toBe(customer.tenantId);
    });

    test("is only for administrators of the tenant", async () => {
        signInAs(customer, false);
        expect(await client().adminConsent({ emulator_consent: "accept" })).toMatchObject({
            back: undefined,
            body: expect.stringContaining("AADSTS90094") as string,
        });
        signInAs(provider, true);
        const stranger = await client().adminConsent({ emulator_consent: "accept" });
        expect([stranger.back?.get("error"), aadsts(stranger)]).toEqual(["access_denied", 50020]);
        expect((await customer.tryGraph("GET", `/servicePrincipals(appId='${portal.appId}')`)).status).toBe(404);
    });

    test("can be declined, and fails for unknown applications, resources and scopes", async () => {
        signInAs(customer, true);
        const declined = await client().adminConsent({ emulator_consent: "cancel" });
        expect([declined.back?.get("error"), aadsts(declined)]).toEqual(["access_denied", 65004]);
        expect(declined.back?.get("admin_consent")).toBe("True");
        expect(aadsts(await client().adminConsent({ redirect_uri: "https://contoso.com" }))).toBe(50011);
        expect(aadsts(await client().adminConsent({ scope: `api://${portal.appId}/x` }, "/v2.0"))).toBe(650053);
        expect(aadsts(await client().adminConsent({ scope: "api://nobody/x" }, "/v2.0"))).toBe(500011);
        expect(aadsts(await new PlainSignIn(provider, randomUUID(), customer.tenantId).adminConsent())).toBe(700016);
        const { requiredResourceAccess } = await provider.application(portal.appId);
        const resourceAppId = randomUUID();
        const more = [
            ...requiredResourceAccess,
            { resourceAppId, resourceAccess: [{ id: randomUUID(), type: "Scope" }] },
        ];
        await provider.patchApplication(portal.appId, { requiredResourceAccess: more });
        expect(aadsts(await client().adminConsent({ emulator_consent: "accept" }))).toBe(650052);
        expect((await customer.tryGraph("GET", `/servicePrincipals(appId='${portal.appId}')`)).status).toBe(404);
        await provider.patchApplication(portal.appId, { signInAudience: "AzureADMyOrg" });
        expect(aadsts(await client().adminConsent())).toBe(700016);
        expect(aadsts(await new PlainSignIn(provider, portal.appId, "organizations").adminConsent())).toBe(50194);
    });
});

describe("a user's own consent", () => {
    let other: Application;
    const authorize = (change = {}) =>
        new PlainSignIn(provider, portal.appId).authorize({ scope: `api://${other.appId}/Things.Read`, ...change });

    async function resource(type: "User" | "Admin"): Promise<void> {
        const scope = {
            id: randomUUID(),
            value: "Things.Read",
            type,
            isEnabled: true,
            adminConsentDisplayName: "Read things",
            adminConsentDescription: "Read things",
        };
        const body = { displayName: "Things", api: { oauth2PermissionScopes: [scope] } };
        other = await provider.graph<Application>("POST", "/applications", body);
        await provider.patchApplication(other.appId, { identifierUris: [`api://${other.appId}`] });
        await provider.graph("POST", "/servicePrincipals", { appId: other.appId });
    }

    test("is requested once, applies to that user only, and can be declined", async () => {
        await resource("User");
        signInAs(provider, false);
        expect((await authorize()).body).toMatch(/Permissions requested<\/h1>.*Read things/);
        const declined = await authorize({ emulator_consent: "cancel" });
        expect([declined.back?.get("error"), aadsts(declined)]).toEqual(["access_denied", 65004]);
        expect((await authorize({ emulator_consent: "accept" })).back?.has("code")).toBe(true);
        expect((await authorize({ prompt: "none" })).back?.has("code")).toBe(true);
        expect(await grantsIn(provider)).toContain("Principal Things.Read");
        signInAs(provider, true);
        const silent = await authorize({ prompt: "none" });
        expect(Object.fromEntries(silent.back ?? [])).toMatchObject({
            error: "interaction_required",
            suberror: "consent_required",
        });
        expect(aadsts(silent)).toBe(65001);
    });

    test("is not enough for scopes of type Admin", async () => {
        await resource("Admin");
        signInAs(provider, false);
        expect(aadsts(await authorize({ emulator_consent: "accept" }))).toBe(90094);
        signInAs(provider, true);
        expect((await authorize({ emulator_consent: "accept" })).back?.has("code")).toBe(true);
    });

    test("is not needed if the resource pre-authorizes the application", async () => {
        await resource("Admin");
        const [scope] = other.api.oauth2PermissionScopes;
        const trusted = { appId: portal.appId, delegatedPermissionIds: [scope?.id] };
        await provider.patchApplication(other.appId, { api: { preAuthorizedApplications: [trusted] } });
        signInAs(provider, false);
        expect((await authorize()).back?.has("code")).toBe(true);
    });

    test("is requested for a permission of Graph without a grant", async () => {
        signInAs(provider, false);
        const [grant] = (await provider.grants(portal.appId)).filter(({ scope }) => scope === "User.Read");
        await provider.graph("DELETE", `/oauth2PermissionGrants/${grant?.id ?? ""}`);
        const client = new PlainSignIn(provider, portal.appId);
        const accepted = await client.authorize({ scope: "User.Read", emulator_consent: "accept" });
        const { body } = await client.redeem(accepted.back?.get("code") ?? "", { scope: "User.Read" });
        expect(claimsOf((body as { access_token: string }).access_token)).toMatchObject({ scp: "User.Read" });
        const { value } = await provider.graph<{ value: { principalId: string | null; resourceId: string }[] }>(
            "GET",
            `/oauth2PermissionGrants?$filter=consentType eq 'Principal'`,
        );
        const { id: graph } = await provider.servicePrincipal(GRAPH_APP_ID);
        expect(value).toMatchObject([{ principalId: person(provider, false).id, resourceId: graph }]);
    });
});

test("the pages escape all text from outside", async () => {
    const name = `<script>alert("${PORTAL_URL}")</script>`;
    provider.emulator.addUser({ displayName: name });
    const { body } = await new PlainSignIn(provider, portal.appId).authorize({ state: '"><script>' });
    expect(body).not.toContain("<script>");
    expect(body).toContain("Adele Vance");
});

test("an administrator of a customer consents to the application permissions of a service provider's deploying identity", async () => {
    const home = await TestTenant.start({ tenants: 2, isServiceProvider: true });
    try {
        const tenantId = home.emulator.tenantIds[1] ?? "";
        const { clientId, clientSecret } = home.emulator.identity("deployer");
        const administrator = home.emulator.users(tenantId).find((user) => user.isAdministrator);
        home.emulator.control.signInAs(administrator);
        const link = `${home.emulator.url}/${tenantId}/adminconsent?client_id=${clientId}`;
        const form = new URLSearchParams({
            grant_type: "client_credentials",
            client_id: clientId,
            client_secret: clientSecret,
            scope: `${home.emulator.url}/.default`,
        });
        const signIn = () =>
            home.send(
                "POST",
                `${home.emulator.url}/${tenantId}/oauth2/v2.0/token`,
                { "Content-Type": "application/x-www-form-urlencoded" },
                form.toString(),
            );
        expect(JSON.stringify((await signIn()).body)).toContain("AADSTS700016");
        expect((await home.send("GET", link, {}, undefined)).body).toMatch(
            /Application\.ReadWrite\.All.*DelegatedPermissionGrant\.ReadWrite\.All/,
        );
        for (const attempt of [1, 2]) {
            const { status } = await home.send("GET", `${link}&emulator_consent=accept`, {}, undefined);
            expect({ attempt, status }).toEqual({ attempt, status: 302 });
        }
        const { access_token: token } = (await signIn()).body as { access_token: string };
        expect([...(claimsOf(token)["roles"] as string[])].sort()).toEqual([
            "Application.ReadWrite.All",
            "DelegatedPermissionGrant.ReadWrite.All",
        ]);
    } finally {
        await home.close();
    }
});

// Checks how the tenant of a service provider's customer treats applications of another tenant.
import { randomUUID } from "node:crypto";

import { expectRefusal } from "../support/tenant/refusal";
import { TestTenant, type Application } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

const GRAPH = "00000003-0000-0000-c000-000000000000";
const SCOPE = {
    id: randomUUID(),
    value: "access_as_user",
    type: "User",
    isEnabled: true,
    adminConsentDisplayName: "Use the portal",
    adminConsentDescription: "Use the portal",
};

let provider: TestTenant;
let customer: TestTenant;
let app: Application;
let secret: string;

beforeAll(async () => {
    provider = await TestTenant.start({ tenants: 2 });
    customer = provider.neighbour(provider.emulator.tenantIds[1] ?? "");
});
afterAll(() => provider.close());

beforeEach(async () => {
    app = await provider.graph<Application>("POST", "/applications", {
        displayName: "Portal",
        signInAudience: "AzureADMultipleOrgs",
        tags: ["of-the-provider"],
        api: { oauth2PermissionScopes: [SCOPE] },
    });
    await provider.patchApplication(app.appId, { identifierUris: [`api://${app.appId}`] });
    secret = (await provider.graph<{ secretText: string }>("POST", `/applications/${app.id}/addPassword`)).secretText;
});

const make = () => customer.graph<{ id: string }>("POST", "/servicePrincipals", { appId: app.appId });

async function signIn(scope = "https://graph.microsoft.com/.default", proof: object = { client_secret: secret }) {
    const form = { grant_type: "client_credentials", client_id: app.appId, scope, ...proof };
    const { url } = provider.emulator;
    const path = `${url}/${customer.tenantId}/oauth2/v2.0/token`;
    const type = { "Content-Type": "application/x-www-form-urlencoded" };
    const { body } = await provider.send("POST", path, type, new URLSearchParams(form).toString());
    return body as { error?: string; error_codes?: number[]; access_token?: string };
}

async function denied(roles: readonly string[]) {
    const { clientId, clientSecret, tenantId } = provider.emulator.addIdentity({ tenantId: customer.tenantId, roles });
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    const { url } = provider.emulator;
    const answer = await provider.send(
        "POST",
        `${url}/${tenantId}/oauth2/v2.0/token`,
        {},
        new URLSearchParams({ ...form, scope: `${url}/.default` }).toString(),
    );
    const headers = { Authorization: `Bearer ${(answer.body as { access_token: string }).access_token}` };
    const text = JSON.stringify({ appId: app.appId });
    const { status, body } = await provider.send("POST", `${url}/v1.0/servicePrincipals`, headers, text);
    return { status, error: (body as { error?: { code: string; message: string } }).error };
}

describe("a service principal for another tenant's application", () => {
    test("is made if the application is multi-tenant, and copies its properties", async () => {
        await make();
        expect(await customer.servicePrincipal(app.appId)).toMatchObject({
            displayName: "Portal",
            appOwnerOrganizationId: provider.tenantId,
            signInAudience: "AzureADMultipleOrgs",
            servicePrincipalNames: [`api://${app.appId}`, app.appId],
            oauth2PermissionScopes: [{ id: SCOPE.id, value: "access_as_user" }],
            tags: ["of-the-provider"],
        });
        expect((await customer.tryGraph("GET", `/applications(appId='${app.appId}')`)).status).toBe(404);
        const again = { appId: app.appId };
        await expectRefusal(
            customer,
            "POST",
            "/servicePrincipals",
            again,
            409,
            "Request_MultipleObjectsWithSameKeyValue",
        );
    });

    test("is refused for a single-tenant application, and for an unknown one", async () => {
        await provider.patchApplication(app.appId, { signInAudience: "AzureADMyOrg" });
        for (const appId of [app.appId, randomUUID()]) {
            const text = /does not reference a valid application object/;
            await expectRefusal(customer, "POST", "/servicePrincipals", { appId }, 400, "Request_BadRequest", text);
        }
    });

    test("needs Application.ReadWrite.All, because OwnedBy covers only the tenant's own applications", async () => {
        expect(await denied(["Application.ReadWrite.OwnedBy"])).toEqual({
            status: 403,
            error: expect.objectContaining({
                message: expect.stringContaining("must in the local tenant") as string,
            }) as object,
        });
        expect((await denied(["DelegatedPermissionGrant.ReadWrite.All"])).status).toBe(403);
        expect((await denied(["Application.ReadWrite.All"])).status).toBe(201);
    });

    test("stays if its application becomes single-tenant, and if its application is deleted", async () => {
        await make();
        await provider.patchApplication(app.appId, { signInAudience: "AzureADMyOrg" });
        expect(await customer.servicePrincipal(app.appId)).toMatchObject({ signInAudience: "AzureADMyOrg" });
        await provider.graph("DELETE", `/applications/${app.id}`);
        expect(await customer.servicePrincipal(app.appId)).toMatchObject({ displayName: "Portal" });
    });

    test("can have grants as client and as resource", async () => {
        const { id: clientId } = await make();
        const { id: graphId } = await customer.servicePrincipal(GRAPH);
        for (const resourceId of [graphId, clientId]) {
            const grant = { clientId, resourceId, consentType: "AllPrincipals", scope: "x" };
            await customer.graph("POST", "/oauth2PermissionGrants", grant);
        }
        expect((await customer.grants(app.appId)).map(({ resourceId }) => resourceId)).toEqual([graphId, clientId]);
        await customer.graph("DELETE", `/servicePrincipals/${clientId}`);
        expect((await customer.tryGraph("GET", `/servicePrincipals/${clientId}`)).status).toBe(404);
    });
});

describe("the token endpoint of the customer's tenant", () => {
    test("issues a token of that tenant for a secret of the home tenant", async () => {
        expect((await signIn()).error_codes).toEqual([700016]);
        const { id } = await make();
        const claims = String((await signIn()).access_token).split(".")[1] ?? "";
        expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
            tid: customer.tenantId,
            oid: id,
            appid: app.appId,
        });
        expect((await signIn(`api://${app.appId}/.default`)).access_token).toBeDefined();
        expect((await signIn(undefined, { client_secret: "wrong" })).error_codes).toEqual([7000215]);
    });

    test("checks whether the tenant knows the application before it checks the proof", async () => {
        expect((await signIn(undefined, {})).error_codes).toEqual([700016]);
        await make();
        expect((await signIn(undefined, {})).error_codes).toEqual([7000218]);
    });

    test("does not know a single-tenant application, even if its service principal is still there", async () => {
        await make();
        await provider.patchApplication(app.appId, { signInAudience: "AzureADMyOrg" });
        expect(await signIn()).toMatchObject({ error: "unauthorized_client", error_codes: [700016] });
    });

    test("refuses an application whose service principal is disabled", async () => {
        const { id } = await make();
        await customer.graph("PATCH", `/servicePrincipals/${id}`, { accountEnabled: false });
        expect((await signIn()).error_codes).toEqual([7000112]);
    });
});

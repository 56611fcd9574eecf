// Checks the discovery documents of each region, and version 1 of the token endpoint.
import { randomUUID } from "node:crypto";

import { startEmulator, type Emulator } from "../../emulator";
import { send } from "../support/signIn/applicationSignIn";

jest.setTimeout(60_000);

test("the discovery document and the metadata identify the region by the values of its cloud", async () => {
    for (const [region, instance, sub, name] of [
        ["Worldwide", "microsoftonline.com", null, "AzureCloud"],
        ["China", "partner.microsoftonline.cn", null, "AzureChinaCloud"],
        ["USGovernment", "microsoftonline.us", "DODCON", "AzureUSGovernment"],
        ["USDefence", "microsoftonline.us", "DOD", "AzureUSGovernment"],
    ] as const) {
        const emulator = await startEmulator({ region });
        const get = (path: string) => send(emulator, "GET", path, {});
        const document = await get(`/contoso.com/v2.0/.well-known/openid-configuration`);
        expect(document.body).toMatchObject({
            cloud_instance_name: instance,
            tenant_region_sub_scope: sub,
            issuer: `${emulator.url}/${emulator.tenantId}/v2.0`,
        });
        expect((await get("/metadata/endpoints?api-version=2022-09-01")).body).toMatchObject({
            name,
            microsoftGraphResourceId: `${emulator.url}/`,
        });
        expect((await get(`/${randomUUID()}/v2.0/.well-known/openid-configuration`)).body).toMatchObject({
            error: "invalid_tenant",
            error_codes: [90002],
        });
        await emulator.close();
    }
});

describe("the sign-in host", () => {
    let emulator: Emulator;
    beforeAll(async () => {
        emulator = await startEmulator();
    });
    afterAll(() => emulator.close());
    const get = (path: string) => send(emulator, "GET", path, {});

    test.each(["common", "organizations"])("has documents at /%s that stand for any tenant", async (name) => {
        const root = `${emulator.url}/${name}`;
        expect((await get(`/${name}/v2.0/.well-known/openid-configuration`)).body).toMatchObject({
            issuer: `${emulator.url}/{tenantid}/v2.0`,
            token_endpoint: `${root}/oauth2/v2.0/token`,
            authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
            device_authorization_endpoint: `${root}/oauth2/v2.0/devicecode`,
            jwks_uri: `${root}/discovery/v2.0/keys`,
            userinfo_endpoint: `${emulator.url}/oidc/userinfo`,
            tenant_region_scope: null,
        });
        expect((await get(`/${name}/.well-known/openid-configuration`)).body).toMatchObject({
            issuer: `${emulator.url}/{tenantid}/`,
            token_endpoint: `${root}/oauth2/token`,
        });
    });

    test("says which hosts belong to one cloud, and which it does not know", async () => {
        const discover = (endpoint: string) =>
            get(`/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(endpoint)}`);
        const own = await discover(`${emulator.url}/${emulator.tenantId}/oauth2/v2.0/authorize`);
        expect(own.body).toMatchObject({
            tenant_discovery_endpoint: `${emulator.url}/${emulator.tenantId}/v2.0/.well-known/openid-configuration`,
            metadata: expect.arrayContaining([
                expect.objectContaining({ preferred_network: new URL(emulator.url).host }),
                expect.objectContaining({ preferred_network: "login.microsoftonline.com" }),
            ]) as unknown,
        });
        const unknown = await discover("https://login.contoso.com/common/oauth2/v2.0/authorize");
        expect([unknown.status, unknown.body]).toMatchObject([
            400,
            { error: "invalid_instance", error_codes: [50049] },
        ]);
    });

    test("refuses a name that can be no tenant", async () => {
        expect((await get("/nowhere/v2.0/.well-known/openid-configuration")).body).toMatchObject({
            error: "invalid_request",
            error_codes: [900023],
        });
    });

    test("version 1 of the token endpoint gives numbers as text, and names the resource", async () => {
        const { clientId, clientSecret } = emulator.identity("admin");
        const resource = "https://graph.microsoft.com";
        const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret, resource };
        const headers = { "Content-Type": "application/x-www-form-urlencoded" };
        const text = new URLSearchParams(form).toString();
        const { body } = await send(emulator, "POST", `/${emulator.tenantId}/oauth2/token`, headers, text);
        expect(body).toMatchObject({
            token_type: "Bearer",
            expires_in: "3599",
            expires_on: expect.stringMatching(/^\d+$/) as string,
            not_before: expect.stringMatching(/^\d+$/) as string,
            resource,
        });
        const token = String(body["access_token"]);
        expect(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())).toMatchObject({
            aud: resource,
            appid: clientId,
            iss: `${emulator.url}/${emulator.tenantId}/`,
            ver: "1.0",
            idtyp: "app",
        });
    });
});

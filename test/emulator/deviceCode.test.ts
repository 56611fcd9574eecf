// Signs in with the device code flow by plain requests: as a device, and as the browser of the device's user.
import { TestTenant, type Answer, type Application } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let tenant: TestTenant;
let appId: string;
let user: { id: string };

beforeAll(async () => {
    tenant = await TestTenant.start();
    user = tenant.emulator.users().find(({ isAdministrator }) => !isAdministrator) ?? { id: "" };
    const body = { displayName: "Device", isFallbackPublicClient: true, signInAudience: "AzureADMultipleOrgs" };
    ({ appId } = await tenant.graph<Application>("POST", "/applications", body));
    await tenant.graph("POST", "/servicePrincipals", { appId });
});
afterAll(() => tenant.close());

interface DeviceCode {
    readonly device_code: string;
    readonly user_code: string;
    readonly verification_uri: string;
}

function post(path: string, form: Record<string, string>, name = tenant.tenantId): Promise<Answer> {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const text = new URLSearchParams(form).toString();
    return tenant.send("POST", `${tenant.emulator.url}/${name}${path}`, headers, text);
}

const SCOPE = "https://graph.microsoft.com/User.Read openid profile offline_access";

async function start(name?: string, client = appId): Promise<DeviceCode> {
    const answer = await post("/oauth2/v2.0/devicecode", { client_id: client, scope: SCOPE }, name);
    expect(answer.status).toBe(200);
    return answer.body as DeviceCode;
}

function poll({ device_code }: Pick<DeviceCode, "device_code">, name?: string, client = appId): Promise<Answer> {
    const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
    return post("/oauth2/v2.0/token", { grant_type, client_id: client, device_code }, name);
}

function visit({ verification_uri, user_code }: DeviceCode, more: Record<string, string> = {}): Promise<Answer> {
    const query = new URLSearchParams({ otc: user_code, ...more }).toString();
    return tenant.send("GET", `${verification_uri}?${query}`, {}, undefined);
}

const errorOf = ({ status, body }: Answer) => {
    const { error, error_codes } = body as { error?: string; error_codes?: number[] };
    return [status, error, error_codes?.[0]];
};

test.each([undefined, "organizations"])("the device gets tokens after the user's consent, at %s", async (name) => {
    const code = await start(name);
    expect(code).toMatchObject({
        expires_in: 900,
        interval: 5,
        user_code: expect.stringMatching(/^[A-Z0-9]{9}$/) as string,
    });
    expect(errorOf(await poll(code, name))).toEqual([400, "authorization_pending", 70016]);
    expect(String((await visit(code)).body)).toContain("Pick an account");
    const chosen = { emulator_user: user.id };
    const consent = await visit(code, chosen);
    if (name === undefined) expect(String(consent.body)).toContain("Permissions requested");
    await visit(code, { ...chosen, emulator_consent: "accept" });
    const tokens = await poll(code, name);
    expect(tokens.body).toMatchObject({
        token_type: "Bearer",
        scope: "https://graph.microsoft.com/User.Read",
        refresh_token: expect.any(String) as string,
        id_token: expect.any(String) as string,
    });
    const { access_token } = tokens.body as { access_token: string };
    const headers = { Authorization: `Bearer ${access_token}` };
    expect((await tenant.send("GET", `${tenant.emulator.url}/v1.0/me`, headers, undefined)).body).toMatchObject({
        id: user.id,
    });
    const info = await tenant.send("GET", `${tenant.emulator.url}/oidc/userinfo`, headers, undefined);
    expect(info.body).toMatchObject({ name: expect.any(String) as string, sub: expect.any(String) as string });
    expect(errorOf(await poll(code, name))).toEqual([400, "bad_verification_code", 70018]);
});

test("the user declines", async () => {
    const code = await start();
    await visit(code, { emulator_user: user.id, emulator_consent: "cancel" });
    expect(errorOf(await poll(code))).toEqual([400, "authorization_declined", 70017]);
});

test("the code ends after 15 minutes", async () => {
    const code = await start();
    tenant.emulator.control.advanceClock(15 * 60 * 1000);
    expect(errorOf(await poll(code))).toEqual([400, "expired_token", 70020]);
    expect((await visit(code)).status).toBe(400);
    tenant.emulator.control.advanceClock(-15 * 60 * 1000);
});

test("unknown codes and other clients are refused", async () => {
    const code = await start();
    expect(errorOf(await poll({ device_code: "x" }))).toEqual([400, "bad_verification_code", 70018]);
    const { clientId } = tenant.emulator.identity("admin");
    expect(errorOf(await poll(code, undefined, clientId))).toEqual([400, "bad_verification_code", 70018]);
    expect(String((await visit({ ...code, user_code: "WRONG" })).body)).toContain("AADSTS70018");
    const page = await tenant.send("GET", code.verification_uri, {}, undefined);
    expect(String(page.body)).toContain("Enter the code");
});

test("an application without public client flows must prove its identity", async () => {
    const { clientId, clientSecret } = tenant.emulator.addIdentity({ roles: [], displayName: "Confidential" });
    const code = await start(undefined, clientId);
    await visit(code, { emulator_user: user.id, emulator_consent: "accept" });
    expect(errorOf(await poll(code, undefined, clientId))).toEqual([401, "invalid_client", 7000218]);
    const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
    const form = { grant_type, client_id: clientId, client_secret: clientSecret, device_code: code.device_code };
    expect((await post("/oauth2/v2.0/token", form)).status).toBe(200);
});

test("the request needs a known client and a scope", async () => {
    const without = await post("/oauth2/v2.0/devicecode", { client_id: appId });
    expect(errorOf(without)).toEqual([400, "invalid_request", 900144]);
    const client_id = "00000000-0000-0000-0000-000000000000";
    const unknown = await post("/oauth2/v2.0/devicecode", { client_id, scope: SCOPE });
    expect(errorOf(unknown)).toEqual([400, "unauthorized_client", 700016]);
});

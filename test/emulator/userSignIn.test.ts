// Signs a user in to a working portal, and checks the pages, codes, tokens and claims.
import { createPublicKey, randomUUID, verify, type JsonWebKey } from "node:crypto";

import { portalByHand, type PortalByHand } from "../support/tenant/portalByHand";
import { PORTAL_URL } from "../support/tenant/portals";
import { aadsts, claimsOf, PlainSignIn, type Tokens } from "../support/signIn/plainSignIn";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let tenant: TestTenant;
let portal: PortalByHand;
let signIn: PlainSignIn;
let user: ReturnType<TestTenant["emulator"]["addUser"]>;

beforeAll(async () => {
    tenant = await TestTenant.start({ tenants: 2 });
    portal = await portalByHand(tenant);
    user = tenant.emulator.addUser({ displayName: `Pat ${randomUUID()}` });
});
afterAll(() => tenant.close());
beforeEach(() => {
    tenant.emulator.control.reset();
    tenant.emulator.control.signInAs(user);
    signIn = new PlainSignIn(tenant, portal.appId);
});

const path = (uri: string) => ({ redirect_uri: uri });

describe("authorize", () => {
    test("redirects the user with a code, the unchanged state, and the client info", async () => {
        const { status, location, back } = await signIn.authorize();
        expect(status).toBe(302);
        expect(location).toMatch(/^https:\/\/portal\.abc\.com:4443\/#/);
        expect(back?.get("state")).toBe("state-1");
        const info = Buffer.from(back?.get("client_info") ?? "", "base64url").toString();
        expect(JSON.parse(info)).toEqual({ uid: user.id, utid: tenant.tenantId });
    });

    test("accepts a form too, and answers in the query or with a form that the browser posts", async () => {
        expect((await signIn.authorize({}, "POST")).back?.get("code")).toMatch(/^1\./);
        expect((await signIn.authorize({ response_mode: "query" })).location).toMatch(
            /^https:\/\/portal[^#]*\/\?code=/,
        );
        const { body } = await signIn.authorize({ response_mode: "form_post" });
        expect(body).toMatch(/<form method="post" action="https:\/\/portal\.abc\.com:4443">.*name="code"/);
    });

    test("shows the account picker without a known user, remembers the choice, and shows it again on request", async () => {
        tenant.emulator.control.signInAs(undefined);
        const { status, body } = await signIn.authorize();
        expect(status).toBe(200);
        expect(body).toContain(user.displayName);
        expect(body).toContain("Adele Vance");
        const picked = await signIn.authorize({ emulator_user: user.id });
        const cookie = (picked.headers["set-cookie"]?.[0] ?? "").split(";")[0];
        expect((await signIn.authorize({ prompt: "none" }, "GET", cookie)).back?.has("code")).toBe(true);
        expect((await signIn.authorize({ login_hint: "somebody@contoso.com" }, "GET", cookie)).status).toBe(200);
        expect((await signIn.authorize({ prompt: "select_account" }, "GET", cookie)).status).toBe(200);
        const silent = await signIn.authorize({ prompt: "none" });
        expect([silent.back?.get("error"), aadsts(silent)]).toEqual(["login_required", 50058]);
    });

    test("ignores only the trailing slash of a web address without a path", async () => {
        expect((await signIn.authorize(path(`${PORTAL_URL}/`))).back?.has("code")).toBe(true);
        for (const other of [
            "https://portal.abc.com",
            `${PORTAL_URL}/signin`,
            PORTAL_URL.toUpperCase(),
            `${PORTAL_URL}//`,
        ]) {
            expect([other, aadsts(await signIn.authorize(path(other)))]).toEqual([other, 50011]);
        }
    });

    test("matches one label with a wildcard, and every port of loopback", async () => {
        const spa = { redirectUris: ["https://*.abc.com/signin", "http://localhost/signin"] };
        const { appId } = await portalByHand(tenant, { spa });
        const other = new PlainSignIn(tenant, appId);
        for (const uri of ["https://a.abc.com/signin?x=1", "http://localhost:3000/signin"]) {
            expect([uri, (await other.authorize(path(uri))).back?.has("code")]).toEqual([uri, true]);
        }
        for (const uri of ["https://a.b.abc.com/signin", "https://abc.com/signin", "https://localhost:3000/signin"]) {
            expect([uri, aadsts(await other.authorize(path(uri)))]).toEqual([uri, 50011]);
        }
    });
});

/** Returns whether a token is signed with one of the keys at the `jwks_uri` of the tenant's discovery document. */
async function isSigned(token: string): Promise<boolean> {
    const { url } = tenant.emulator;
    const read = async (address: string) => (await tenant.send("GET", address, {}, undefined)).body;
    const discovery = `${url}/${tenant.tenantId}/v2.0/.well-known/openid-configuration`;
    const { jwks_uri } = (await read(discovery)) as { jwks_uri: string };
    const { keys } = (await read(jwks_uri)) as { keys: (JsonWebKey & { kid: string })[] };
    const [header = "", payload = "", signature = ""] = token.split(".");
    const { kid } = JSON.parse(Buffer.from(header, "base64url").toString()) as { kid: string };
    const key = createPublicKey({ key: keys.find((one) => one.kid === kid) ?? {}, format: "jwk" });
    return verify("sha256", Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"));
}

describe("tokens", () => {
    test("are for the portal and the user, with the nonce of the request, and their keys are public", async () => {
        const tokens = await signIn.tokens();
        const who = { tid: tenant.tenantId, oid: user.id, preferred_username: user.userPrincipalName };
        expect(claimsOf(tokens.access_token)).toMatchObject({
            ...who,
            aud: `api://${portal.appId}`,
            iss: `${tenant.emulator.url}/${tenant.tenantId}/`,
            scp: "access_as_user",
            appid: portal.appId,
            appidacr: "0",
            ver: "1.0",
        });
        const idClaims = claimsOf(tokens.id_token);
        expect(idClaims).toMatchObject({ ...who, aud: portal.appId, nonce: "nonce-1", name: user.displayName });
        expect(tokens.scope).toBe(`api://${portal.appId}/access_as_user`);
        for (const token of [tokens.access_token, tokens.id_token ?? ""]) expect(await isSigned(token)).toBe(true);
        expect(await isSigned(`${tokens.access_token.slice(0, -6)}AAAAAA`)).toBe(false);
    });

    test("have the Application ID as audience if the portal accepts tokens of version 2", async () => {
        const second = await portalByHand(tenant);
        await tenant.patchApplication(second.appId, { api: { requestedAccessTokenVersion: 2 } });
        const client = new PlainSignIn(tenant, second.appId);
        const { access_token } = await client.tokens();
        expect(claimsOf(access_token)).toMatchObject({ aud: second.appId, azp: second.appId, ver: "2.0" });
        const answer = await client.onBehalfOf(access_token, second.certificate);
        expect(answer.status).toBe(200);
    });

    test("can be read by a page of another host, also errors", async () => {
        const { back } = await signIn.authorize();
        for (const code of [back?.get("code") ?? "", "no code"]) {
            const { headers } = await signIn.redeem(code);
            expect(headers["access-control-allow-origin"]).toBe("*");
        }
    });

    test("can be refreshed by the same page for a day", async () => {
        const { refresh_token: first = "" } = await signIn.tokens();
        const { status, body } = await signIn.refresh(first);
        expect([status, claimsOf((body as Tokens).access_token)["oid"]]).toEqual([200, user.id]);
        const { refresh_token: second = "" } = body as Tokens;
        expect(aadsts(await signIn.refresh(first, {}, null))).toBe(9002327);
        expect(aadsts(await signIn.refresh(first, { client_secret: "x" }))).toBe(700025);
        expect(aadsts(await signIn.refresh(first, { client_id: tenant.emulator.identity("admin").clientId }))).toBe(
            9002313,
        );
        tenant.emulator.control.advanceClock(24 * 3600 * 1000);
        expect(aadsts(await signIn.refresh(second))).toBe(700084);
    });

    test("include no ID token without openid, and no refresh token without offline_access", async () => {
        const scope = `api://${portal.appId}/.default`;
        const { back } = await signIn.authorize({ scope });
        const { body } = await signIn.redeem(back?.get("code") ?? "", { scope, client_info: undefined });
        expect(Object.keys(body as object).sort()).toEqual([
            "access_token",
            "expires_in",
            "ext_expires_in",
            "scope",
            "token_type",
        ]);
    });

    test("come from the user's tenant at /organizations, also when the code is redeemed", async () => {
        const wide = await portalByHand(tenant, { signInAudience: "AzureADMultipleOrgs" });
        const { access_token } = await new PlainSignIn(tenant, wide.appId, "organizations").tokens();
        expect(claimsOf(access_token)["tid"]).toBe(tenant.tenantId);
    });
});

describe("On-Behalf-Of", () => {
    test("gives access to /me with the user's name; the log has the four requests in order and no secret", async () => {
        tenant.clearLog();
        const { access_token } = await signIn.tokens();
        const { body } = await signIn.onBehalfOf(access_token, portal.certificate);
        const token = (body as Tokens).access_token;
        expect(claimsOf(token)).toMatchObject({ aud: "https://graph.microsoft.com", scp: "User.Read", appidacr: "2" });
        const me = await signIn.graph("/me?$select=displayName,id", token);
        expect(me.body).toMatchObject({ displayName: user.displayName, id: user.id });
        const requests = tenant.emulator.requests();
        expect(requests.map(({ method, path }) => `${method} ${path.split("?")[0] ?? ""}`)).toEqual([
            `GET /${tenant.tenantId}/oauth2/v2.0/authorize`,
            `POST /${tenant.tenantId}/oauth2/v2.0/token`,
            `POST /${tenant.tenantId}/oauth2/v2.0/token`,
            "GET /me",
        ]);
        const text = JSON.stringify(requests);
        for (const secret of [access_token, token]) expect(text).not.toContain(secret);
        expect(requests[1]?.body).toMatchObject({ code: "(not kept)", code_verifier: "(not kept)" });
    });

    test("gives a user's token, for which Graph allows only its scopes", async () => {
        const { access_token } = await signIn.tokens();
        expect((await signIn.graph("/me", access_token)).status).toBe(401);
        const { body } = await signIn.onBehalfOf(access_token, portal.certificate);
        const token = (body as Tokens).access_token;
        expect((await signIn.graph("/applications", token)).status).toBe(403);
        expect(await tenant.tryGraph("GET", "/me")).toMatchObject({
            status: 400,
            body: { error: { message: "/me request is only valid with delegated authentication flow." } },
        });
        const openid = await signIn.onBehalfOf(access_token, portal.certificate, { scope: "openid profile" });
        expect((await signIn.graph("/me", (openid.body as Tokens).access_token)).status).toBe(403);
    });
});

test("restoring a snapshot keeps the users of a tenant", () => {
    const { control } = tenant.emulator;
    const before = tenant.emulator.users();
    control.restore(control.snapshot());
    expect(tenant.emulator.users()).toEqual(before);
});

test("signing out ends the session of the browser, and returns only to an address that is registered", async () => {
    const { url } = tenant.emulator;
    const discovery = `${url}/${tenant.tenantId}/v2.0/.well-known/openid-configuration`;
    const { body } = await tenant.send("GET", discovery, {}, undefined);
    const { end_session_endpoint: endpoint } = body as { end_session_endpoint: string };
    const leave = (uri: string) => {
        const query = new URLSearchParams({ post_logout_redirect_uri: uri, state: "s" });
        return tenant.send("GET", `${endpoint}?${query.toString()}`, {}, undefined);
    };
    const back = await leave(PORTAL_URL);
    expect([back.status, back.headers.location]).toEqual([302, `${PORTAL_URL}/?state=s`]);
    expect(back.headers["set-cookie"]?.[0]).toMatch(/^ESTSAUTH=; .*Max-Age=0/);
    const stranger = await leave("https://evil.contoso.com");
    expect([stranger.status, stranger.body]).toEqual([200, expect.stringContaining("You signed out") as string]);
});

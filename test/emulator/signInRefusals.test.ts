// Each misconfiguration, and each misuse of the protocol, is refused with Entra's number: on a page where nobody else may
// be told, back to the application, or as JSON.
import { randomUUID } from "node:crypto";

import { BROKEN_ROWS, UNSEEN_ROWS, type BrokenRow } from "../support/signIn/brokenRows";
import { portalByHand, type PortalByHand } from "../support/tenant/portalByHand";
import { aadsts, PlainSignIn, type Reply, type Tokens } from "../support/signIn/plainSignIn";
import { ASSERTION_TYPE, clientAssertion } from "../support/signIn/signIn";
import { Tenant, type Answer } from "../support/tenant/tenant";

jest.setTimeout(60_000);

let tenant: Tenant;
let portal: PortalByHand;
let signIn: PlainSignIn;
let working: ReturnType<Tenant["emulator"]["control"]["snapshot"]>;

beforeAll(async () => {
    tenant = await Tenant.start({ tenants: 2 });
    portal = await portalByHand(tenant, { signInAudience: "AzureADMultipleOrgs" });
    working = tenant.emulator.control.snapshot();
});
afterAll(() => tenant.close());
beforeEach(() => {
    const { control } = tenant.emulator;
    control.reset();
    control.restore(working);
    control.signInAs(tenant.emulator.users()[0]);
    signIn = new PlainSignIn(tenant, portal.appId);
});

/** The whole chain, up to the first refusal. */
async function attempt(asked: BrokenRow["asked"] = {}): Promise<{ at: string; answer: Reply | Answer }> {
    const client = new PlainSignIn(tenant, portal.appId, asked.authority);
    const reply = await client.authorize({ prompt: asked.prompt });
    const code = reply.back?.get("code");
    if (!code) return { at: "authorize", answer: reply };
    const redeemed = await client.redeem(code);
    if (redeemed.status !== 200) return { at: "code", answer: redeemed };
    // A service asks the tenant of the token.
    const { access_token } = redeemed.body as Tokens;
    const exchanged = await signIn.onBehalfOf(access_token, portal.certificate);
    if (exchanged.status !== 200) return { at: "onBehalfOf", answer: exchanged };
    const me = await client.graph("/me", (exchanged.body as Tokens).access_token);
    return { at: me.status === 200 ? "signed in" : "me", answer: me };
}

describe("a portal that is broken by hand", () => {
    test.each(BROKEN_ROWS)("$name: $code at $at", async ({ breakIt, at, code, asked }) => {
        expect((await attempt(asked)).at).toBe("signed in");
        await breakIt(tenant, portal.appId);
        const { at: where, answer } = await attempt(asked);
        expect([where, aadsts(answer)]).toEqual([at, code]);
    });

    test.each(UNSEEN_ROWS)("$name: users sign in as before", async ({ breakIt }) => {
        await breakIt(tenant, portal.appId);
        expect((await attempt()).at).toBe("signed in");
    });

    test("a service principal that is disabled, and one that requires assignment, end what was begun before", async () => {
        const { refresh_token = "" } = await signIn.tokens();
        for (const [row, code] of [
            ["the service principal is disabled", 7000112],
            ["the service principal requires assignment", 50105],
        ] as const) {
            tenant.emulator.control.restore(working);
            await BROKEN_ROWS.find(({ name }) => name === row)?.breakIt(tenant, portal.appId);
            expect(aadsts(await signIn.refresh(refresh_token))).toBe(code);
        }
    });

    test("an own application whose certificate has ended is 700027", async () => {
        tenant.emulator.control.advanceClock(31 * 24 * 3600 * 1000);
        const { at, answer } = await attempt();
        expect(at).toBe("onBehalfOf");
        expect((answer.body as Tokens).error_description).toMatch(/AADSTS700027: .*The key used is expired/);
    });
});

describe("what is wrong is told", () => {
    const pages: [string, () => Promise<Reply>, number][] = [
        ["an unknown application", () => new PlainSignIn(tenant, randomUUID()).authorize(), 700016],
        ["no application", () => signIn.authorize({ client_id: undefined }), 900144],
        ["an unknown tenant", () => new PlainSignIn(tenant, portal.appId, randomUUID()).authorize(), 90002],
        ["no redirect URI", () => signIn.authorize({ redirect_uri: undefined }), 900971],
        ["an unknown way back", () => signIn.authorize({ response_mode: "web_message" }), 70007],
        ["a foreign redirect URI", () => signIn.authorize({ redirect_uri: "https://contoso.com" }), 50011],
    ];
    test.each(pages)("to the user, where the application is not to be trusted: %s", async (_name, ask, number) => {
        const reply = await ask();
        expect([reply.status, reply.back, aadsts(reply)]).toEqual([400, undefined, number]);
    });

    test("to the application: a resource that is disabled", async () => {
        const { appId } = await portalByHand(tenant);
        await tenant.graph("PATCH", `/servicePrincipals(appId='${appId}')`, { accountEnabled: false });
        const reply = await signIn.authorize({ scope: `api://${appId}/access_as_user` });
        expect([reply.back?.get("error"), aadsts(reply)]).toEqual(["invalid_resource", 500014]);
    });

    test("to the user of another tenant, whose choice is told to nobody", async () => {
        const [, other = ""] = tenant.emulator.tenantIds;
        tenant.emulator.control.signInAs(tenant.emulator.users(other)[0]);
        const reply = await signIn.authorize();
        expect([reply.back, aadsts(reply)]).toEqual([undefined, 50020]);
        // And in their own tenant the application was never consented to.
        expect(aadsts(await new PlainSignIn(tenant, portal.appId, other).authorize())).toBe(700016);
        expect(aadsts(await new PlainSignIn(tenant, portal.appId, "organizations").authorize())).toBe(700016);
    });

    const redirects: [string, () => Promise<Reply>, string, number][] = [
        ["an implicit token", () => signIn.authorize({ response_type: "token" }), "unsupported_response_type", 700051],
        [
            "an implicit ID token",
            () => signIn.authorize({ response_type: "id_token" }),
            "unsupported_response_type",
            700054,
        ],
        ["a prompt that is not there", () => signIn.authorize({ prompt: "consent" }), "invalid_request", 90023],
        ["no scope", () => signIn.authorize({ scope: undefined }), "invalid_request", 900144],
        ["an unknown resource", () => signIn.authorize({ scope: "api://nobody/x" }), "invalid_resource", 500011],
        ["an unknown scope", () => signIn.authorize({ scope: `api://${portal.appId}/x` }), "invalid_client", 650053],
        ["another way to prove", () => signIn.authorize({ code_challenge_method: "S512" }), "invalid_request", 50149],
        ["a short challenge", () => signIn.authorize({ code_challenge: "x" }), "invalid_request", 501491],
    ];
    test.each(redirects)("to the application: %s", async (_name, ask, error, number) => {
        const reply = await ask();
        expect([reply.back?.get("error"), aadsts(reply), reply.back?.get("state")]).toEqual([error, number, "state-1"]);
    });
});

describe("a code is refused", () => {
    const code = async () => (await signIn.authorize()).back?.get("code") ?? "";
    const cases: [string, () => Promise<Answer>, string, number][] = [
        ["that nobody gave", () => signIn.redeem("1.x"), "invalid_grant", 9002313],
        ["without what proves the page", async () => signIn.redeem(await code(), {}, null), "invalid_request", 9002327],
        ["with a secret", async () => signIn.redeem(await code(), { client_secret: "x" }), "invalid_client", 700025],
        [
            "with another verifier",
            async () => signIn.redeem(await code(), { code_verifier: "x" }),
            "invalid_grant",
            501481,
        ],
        [
            "without its verifier",
            async () => signIn.redeem(await code(), { code_verifier: undefined }),
            "invalid_grant",
            501481,
        ],
        [
            "that was asked for without a challenge",
            async () => {
                const { back } = await signIn.authorize({ code_challenge: undefined });
                return signIn.redeem(back?.get("code") ?? "");
            },
            "invalid_request",
            9002325,
        ],
        [
            "with another redirect URI, be it by a slash",
            async () => signIn.redeem(await code(), { redirect_uri: "https://portal.abc.com:4443/" }),
            "invalid_grant",
            500112,
        ],
        [
            "by another client",
            async () => signIn.redeem(await code(), { client_id: tenant.emulator.identity("admin").clientId }),
            "invalid_grant",
            70000,
        ],
        [
            "by another tenant",
            async () => {
                const [, other = ""] = tenant.emulator.tenantIds;
                return new PlainSignIn(tenant, portal.appId, other).redeem(await code());
            },
            "invalid_grant",
            700005,
        ],
        [
            "for a scope that is not there",
            async () => signIn.redeem(await code(), { scope: `api://${portal.appId}/x` }),
            "invalid_scope",
            70011,
        ],
        [
            "for two resources at once",
            async () => signIn.redeem(await code(), { scope: `api://${portal.appId}/access_as_user User.Read` }),
            "invalid_scope",
            28000,
        ],
    ];
    test.each(cases)("%s", async (_name, ask, error, number) => {
        const answer = await ask();
        expect([(answer.body as Tokens).error, (answer.body as Tokens).error_codes]).toEqual([error, [number]]);
    });

    test("the second time, and after ten minutes", async () => {
        const [first, second] = [await code(), await code()];
        expect((await signIn.redeem(first)).status).toBe(200);
        expect(aadsts(await signIn.redeem(first))).toBe(54005);
        tenant.emulator.control.advanceClock(10 * 60 * 1000);
        expect(aadsts(await signIn.redeem(second))).toBe(70008);
    });

    test("of the platform Web without a proof of the client", async () => {
        const web = { redirectUris: ["https://portal.contoso.com/signin"] };
        await tenant.patchApplication(portal.appId, { web });
        const { back } = await signIn.authorize({ redirect_uri: web.redirectUris[0] });
        const form = { redirect_uri: web.redirectUris[0] };
        expect(aadsts(await signIn.redeem(back?.get("code") ?? "", form, null))).toBe(7000218);
    });
});

describe("On-Behalf-Of is refused", () => {
    const page = async () => (await signIn.tokens()).access_token;
    const cases: [string, () => Promise<Answer>, number, string, number][] = [
        ["for no token", () => signIn.onBehalfOf("x.y.z", portal.certificate), 400, "invalid_grant", 50013],
        [
            "for a changed token",
            async () => signIn.onBehalfOf(`${(await page()).slice(0, -6)}AAAAAA`, portal.certificate),
            400,
            "invalid_grant",
            50013,
        ],
        [
            "for a token for somebody else",
            async () => {
                const scope = "https://graph.microsoft.com/User.Read";
                const { back } = await signIn.authorize({ scope });
                const { body } = await signIn.redeem(back?.get("code") ?? "", { scope });
                return signIn.onBehalfOf((body as Tokens).access_token, portal.certificate);
            },
            400,
            "invalid_grant",
            500131,
        ],
        [
            "for an application's token",
            async () => {
                const { url, tenantId } = tenant.emulator;
                const own = {
                    grant_type: "client_credentials",
                    client_id: portal.appId,
                    scope: `api://${portal.appId}/.default`,
                    client_assertion_type: ASSERTION_TYPE,
                    client_assertion: clientAssertion(url, tenantId, portal.appId, portal.certificate),
                };
                const { body } = await signIn.token(own, null);
                return signIn.onBehalfOf((body as Tokens).access_token, portal.certificate);
            },
            400,
            "invalid_grant",
            7000114,
        ],
        [
            "without saying what for",
            async () => signIn.onBehalfOf(await page(), portal.certificate, { requested_token_use: undefined }),
            400,
            "invalid_request",
            900144,
        ],
        [
            "without a proof",
            async () => signIn.onBehalfOf(await page(), portal.certificate, { client_assertion: undefined }),
            401,
            "invalid_client",
            7000218,
        ],
    ];
    test.each(cases)("%s", async (_name, ask, status, error, number) => {
        const { status: got, body } = await ask();
        expect([got, (body as Tokens).error, (body as Tokens).error_codes]).toEqual([status, error, [number]]);
    });

    test("for a token that has ended", async () => {
        const token = await page();
        tenant.emulator.control.advanceClock(3600 * 1000);
        const later = new Date(Date.now() + 3600 * 1000);
        const { url, tenantId } = tenant.emulator;
        const assertion = clientAssertion(url, tenantId, portal.appId, portal.certificate, later);
        const answer = await signIn.onBehalfOf(token, portal.certificate, { client_assertion: assertion });
        expect(aadsts(answer)).toBe(500133);
    });

    test("without consent, by which Microsoft's libraries tell that it is the user's turn", async () => {
        const token = await page();
        const [grant] = (await tenant.grants(portal.appId)).filter(({ scope }) => scope === "User.Read");
        await tenant.graph("DELETE", `/oauth2PermissionGrants/${grant?.id ?? ""}`);
        const { body } = await signIn.onBehalfOf(token, portal.certificate);
        expect(body).toMatchObject({ error: "invalid_grant", error_codes: [65001], suberror: "consent_required" });
    });
});

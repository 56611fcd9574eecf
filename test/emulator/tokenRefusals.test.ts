// Checks that the token endpoint refuses each misuse of a code or of On-Behalf-Of with Entra's error number for it.
import { portalByHand, type PortalByHand } from "../support/tenant/portalByHand";
import { aadsts, PlainSignIn, type Tokens } from "../support/signIn/plainSignIn";
import { ASSERTION_TYPE, clientAssertion } from "../support/signIn/signIn";
import { TestTenant, type Answer } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let tenant: TestTenant;
let portal: PortalByHand;
let signIn: PlainSignIn;
let working: ReturnType<TestTenant["emulator"]["control"]["snapshot"]>;

beforeAll(async () => {
    tenant = await TestTenant.start({ tenants: 2 });
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

describe("a code is refused", () => {
    const code = async () => (await signIn.authorize()).back?.get("code") ?? "";
    const cases: [string, () => Promise<Answer>, string, number][] = [
        ["that Entra did not issue", () => signIn.redeem("1.x"), "invalid_grant", 9002313],
        [
            "without the Origin header of a page",
            async () => signIn.redeem(await code(), {}, null),
            "invalid_request",
            9002327,
        ],
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
            "that was requested without a challenge",
            async () => {
                const { back } = await signIn.authorize({ code_challenge: undefined });
                return signIn.redeem(back?.get("code") ?? "");
            },
            "invalid_request",
            9002325,
        ],
        [
            "with another redirect URI, even by one slash",
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
            "for an unknown scope",
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
    test.each(cases)("%s", async (_name, redeem, error, number) => {
        const answer = await redeem();
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
            "for a token with another audience",
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
            "without requested_token_use",
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
    test.each(cases)("%s", async (_name, exchange, status, error, number) => {
        const { status: actual, body } = await exchange();
        expect([actual, (body as Tokens).error, (body as Tokens).error_codes]).toEqual([status, error, [number]]);
    });

    test("for a token that has expired", async () => {
        const token = await page();
        tenant.emulator.control.advanceClock(3600 * 1000);
        const later = new Date(Date.now() + 3600 * 1000);
        const { url, tenantId } = tenant.emulator;
        const assertion = clientAssertion(url, tenantId, portal.appId, portal.certificate, later);
        const answer = await signIn.onBehalfOf(token, portal.certificate, { client_assertion: assertion });
        expect(aadsts(answer)).toBe(500133);
    });

    test("without consent, with the suberror by which Microsoft's libraries know that the user has to interact", async () => {
        const token = await page();
        const [grant] = (await tenant.grants(portal.appId)).filter(({ scope }) => scope === "User.Read");
        await tenant.graph("DELETE", `/oauth2PermissionGrants/${grant?.id ?? ""}`);
        const { body } = await signIn.onBehalfOf(token, portal.certificate);
        expect(body).toMatchObject({ error: "invalid_grant", error_codes: [65001], suberror: "consent_required" });
    });
});

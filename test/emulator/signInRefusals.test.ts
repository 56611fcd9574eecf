// Checks that each misconfiguration and each wrong request gets Entra's error number for it. Entra shows the number on
// a page, sends it in a redirect to the application, or sends it in the answer to a token request.
import { randomUUID } from "node:crypto";

import { BROKEN_ROWS, HARMLESS_ROWS, type BrokenRow } from "../support/signIn/brokenRows";
import { portalByHand, type PortalByHand } from "../support/tenant/portalByHand";
import { aadsts, PlainSignIn, type Reply, type Tokens } from "../support/signIn/plainSignIn";
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

/** Sends the requests of a sign-in in order, and stops at the first refusal. */
async function attempt(parameters: BrokenRow["parameters"] = {}): Promise<{ at: string; answer: Reply | Answer }> {
    const client = new PlainSignIn(tenant, portal.appId, parameters.authority);
    const reply = await client.authorize({ prompt: parameters.prompt });
    const code = reply.back?.get("code");
    if (!code) return { at: "authorize", answer: reply };
    const redeemed = await client.redeem(code);
    if (redeemed.status !== 200) return { at: "code", answer: redeemed };
    // A service sends its On-Behalf-Of request to the tenant that issued the token. So `signIn` sends the request, and
    // not `client`, whose authority can be /organizations.
    const { access_token } = redeemed.body as Tokens;
    const exchanged = await signIn.onBehalfOf(access_token, portal.certificate);
    if (exchanged.status !== 200) return { at: "onBehalfOf", answer: exchanged };
    const me = await client.graph("/me", (exchanged.body as Tokens).access_token);
    return { at: me.status === 200 ? "signed in" : "me", answer: me };
}

describe("a portal that is broken by hand", () => {
    test.each(BROKEN_ROWS)("$name: $code at $at", async ({ breakIt, at, code, parameters }) => {
        expect((await attempt(parameters)).at).toBe("signed in");
        await breakIt(tenant, portal.appId);
        const { at: where, answer } = await attempt(parameters);
        expect([where, aadsts(answer)]).toEqual([at, code]);
    });

    test.each(HARMLESS_ROWS)("$name: users can still sign in", async ({ breakIt }) => {
        await breakIt(tenant, portal.appId);
        expect((await attempt()).at).toBe("signed in");
    });

    test("a service principal that is disabled, or requires assignment, ends existing sign-ins", async () => {
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

    test("an expired certificate leads to error 700027", async () => {
        tenant.emulator.control.advanceClock(31 * 24 * 3600 * 1000);
        const { at, answer } = await attempt();
        expect(at).toBe("onBehalfOf");
        expect((answer.body as Tokens).error_description).toMatch(/AADSTS700027: .*The key used is expired/);
    });
});

describe("an error is sent", () => {
    const pages: [string, () => Promise<Reply>, number][] = [
        ["an unknown application", () => new PlainSignIn(tenant, randomUUID()).authorize(), 700016],
        ["no application", () => signIn.authorize({ client_id: undefined }), 900144],
        ["an unknown tenant", () => new PlainSignIn(tenant, portal.appId, randomUUID()).authorize(), 90002],
        ["no redirect URI", () => signIn.authorize({ redirect_uri: undefined }), 900971],
        ["an unknown response mode", () => signIn.authorize({ response_mode: "web_message" }), 70007],
        ["a foreign redirect URI", () => signIn.authorize({ redirect_uri: "https://contoso.com" }), 50011],
    ];
    test.each(pages)("to the user, if Entra cannot trust the redirect URI: %s", async (_name, authorize, number) => {
        const reply = await authorize();
        expect([reply.status, reply.back, aadsts(reply)]).toEqual([400, undefined, number]);
    });

    test("to the application: a resource that is disabled", async () => {
        const { appId } = await portalByHand(tenant);
        await tenant.graph("PATCH", `/servicePrincipals(appId='${appId}')`, { accountEnabled: false });
        const reply = await signIn.authorize({ scope: `api://${appId}/access_as_user` });
        expect([reply.back?.get("error"), aadsts(reply)]).toEqual(["invalid_resource", 500014]);
    });

    test("to the user, and not to the application, if the user is of another tenant", async () => {
        const [, other = ""] = tenant.emulator.tenantIds;
        tenant.emulator.control.signInAs(tenant.emulator.users(other)[0]);
        const reply = await signIn.authorize();
        expect([reply.back, aadsts(reply)]).toEqual([undefined, 50020]);
        // The application has no service principal in the user's own tenant, because nobody has consented there.
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
        ["an unknown prompt", () => signIn.authorize({ prompt: "consent" }), "invalid_request", 90023],
        ["no scope", () => signIn.authorize({ scope: undefined }), "invalid_request", 900144],
        ["an unknown resource", () => signIn.authorize({ scope: "api://nobody/x" }), "invalid_resource", 500011],
        ["an unknown scope", () => signIn.authorize({ scope: `api://${portal.appId}/x` }), "invalid_client", 650053],
        [
            "an unknown challenge method",
            () => signIn.authorize({ code_challenge_method: "S512" }),
            "invalid_request",
            50149,
        ],
        ["a short challenge", () => signIn.authorize({ code_challenge: "x" }), "invalid_request", 501491],
    ];
    test.each(redirects)("to the application: %s", async (_name, authorize, error, number) => {
        const reply = await authorize();
        expect([reply.back?.get("error"), aadsts(reply), reply.back?.get("state")]).toEqual([error, number, "state-1"]);
    });
});

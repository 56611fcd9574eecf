// Checks the message of a failed token request. If Entra refused the request, the message contains Entra's own
// sentence, and advice if the AADSTS number has a known remedy.
import { publishedCloud } from "../../provider/entra/clouds";
import { environmentOf } from "../../provider/entra/credentialVariables";
import { signingIn, tokenAdvice, tokenError, type TokenRequest } from "../../provider/entra/tokenError";
import { PortalError } from "../../provider/portalError";

const TENANT = "11111111-1111-4111-8111-111111111111";
const CLIENT = "22222222-2222-4222-8222-222222222222";
const SECRET = "a-secret~value";
const env = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: SECRET };

function requestWith(variables: NodeJS.ProcessEnv): TokenRequest {
    return {
        environment: environmentOf(undefined, variables),
        cloud: publishedCloud("Worldwide"),
        tenantId: TENANT,
    };
}

function said(error: unknown, variables: NodeJS.ProcessEnv = env): PortalError {
    return tokenError(error, requestWith(variables));
}

test.each([
    ["a client id", env, CLIENT],
    ["a managed identity with a client id", { ARM_USE_MSI: "true", ARM_CLIENT_ID: CLIENT }, CLIENT],
    ["a managed identity without a client id", { ARM_USE_MSI: "true" }, "the managed identity of this machine"],
    ["az login", {}, "the account of az login"],
])("a sign-in with %s names the identity", (_name, variables, identity) => {
    expect(signingIn(requestWith(variables))).toBe(`signing in to tenant ${TENANT} as ${identity}`);
});

describe("advice for", () => {
    const rows: [number: number, advice: RegExp][] = [
        [
            50013,
            /does not accept the assertion; check the clock of this machine; if a pipeline or cluster issues the assertion, also check the assertion/,
        ],
        [53003, /Conditional Access policy/],
        [700016, /does not know the deploying identity; check the client id/],
        [7000112, /disabled; enable its service principal/],
        [7000215, /correct the client secret/],
        [7000222, /has expired; create a new one/],
        [7000229, /no service principal of the deploying identity/],
        [700024, /has expired or is not valid yet; check the clock of this machine; if a pipeline or cluster issues/],
        [700027, /register the certificate/],
        [70021, /no federated credential/],
        [700213, /compare issuer, subject and audience/],
        [90002, /does not know the tenant; check tenantId and region/],
        [90024, /run the command again/],
        [90033, /run the command again/],
        [90038, /another cloud; change the input region/],
        [900432, /another cloud; change the input region/],
    ];
    test.each(rows)("AADSTS%i", (number, advice) => {
        expect(tokenAdvice(`invalid_client: AADSTS${number}: Some text. Trace ID: x`)).toMatch(advice);
    });
});

// Most of these AADSTS numbers resemble a number that has advice, but have another cause. The test names give the
// meanings in Microsoft's reference.
describe("no advice, so that Entra's own sentence stands alone, for", () => {
    test.each([
        ["90020, a SAML assertion without ImmutableID", 90020],
        ["90022, a malformed principal name", 90022],
        ["90023, an invalid request", 90023],
        ["900236, an unsupported property of a SAML request", 900236],
        ["90027, a wrong version of the protocol", 90027],
        ["9002313, a malformed request", 9002313],
        ["9002325, a missing proof key", 9002325],
        ["9002326, a code redeemed from another origin", 9002326],
        ["9002327, a code of a page redeemed by a server", 9002327],
        ["9002332, an application for work accounts only", 9002332],
        ["70002, wrong client credentials", 70002],
        ["700229, a token that is not app-only", 700229],
        ["an unknown number", 12345],
    ])("%s", (_name, number) => {
        expect(tokenAdvice(`AADSTS${number}: Some text.`)).toBeUndefined();
    });
});

describe("an error", () => {
    test("is Entra's sentence with the advice, without the ids behind it", () => {
        const text = `invalid_client: AADSTS7000215: Invalid client secret provided. Trace ID: 1 Correlation ID: 2`;
        expect(said(new Error(text))).toMatchObject({
            code: "ERR_CREDENTIALS",
            message: `signing in to tenant ${TENANT} as ${CLIENT}: AADSTS7000215: Invalid client secret provided; correct the client secret; use its value, not its id`,
        });
    });

    test("is found in the causes and in the answer of the token service", () => {
        const cause = Object.assign(new Error("outer"), {
            errorResponse: { errorDescription: "AADSTS90002: TestTenant 'x' not found." },
        });
        expect(said(new Error("failed", { cause })).message).toMatch(
            /AADSTS90002: TestTenant 'x' not found; .*tenantId/,
        );
    });

    test("of the network names the host, and can be retried", () => {
        expect(said(new Error("network_error: connect ECONNREFUSED 127.0.0.1:1"))).toMatchObject({
            code: "ERR_GRAPH_UNAVAILABLE",
            message: expect.stringContaining("login.microsoftonline.com cannot be reached (network_error") as string,
        });
    });

    test("of the network names the endpoint of managed identities, which is on this machine", () => {
        expect(said(new Error("fetch failed"), { ARM_USE_MSI: "true" }).message).toMatch(
            /: the endpoint of managed identities cannot be reached \(fetch failed\); run the command on a machine that has a managed identity, or unset ARM_USE_MSI$/,
        );
    });

    test("of a missing Azure CLI says which variables to set", () => {
        expect(said(new Error("Azure CLI could not be found.")).message).toMatch(
            /set AZURE_TENANT_ID.*or sign in with az/,
        );
    });

    test("never repeats a secret", () => {
        expect(said(new Error(`AADSTS7000215: '${SECRET}' is wrong.`)).message).toContain("'***' is wrong");
    });

    test("that already has a clear message stays unchanged", () => {
        const worded = new PortalError("ERR_CREDENTIALS", "reading credentials from the environment: ...");
        expect(said(worded)).toBe(worded);
    });
});

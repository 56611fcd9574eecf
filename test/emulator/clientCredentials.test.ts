// Requests tokens for an application. Checks which secrets and assertions the token endpoint accepts, and which error
// it returns for other requests.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { issueCertificate } from "../../provider/certificate/issue";
import { ApplicationSignIn, type JsonAnswer } from "../support/signIn/applicationSignIn";

jest.setTimeout(60_000);

let signIn: ApplicationSignIn;
let adminToken: string;
beforeAll(async () => {
    signIn = await ApplicationSignIn.start();
    adminToken = await signIn.adminToken();
});
afterAll(() => signIn.emulator.close());
afterEach(() => signIn.emulator.control.reset());

describe("a token is issued", () => {
    test("for a secret in the form and in HTTP Basic, with the granted roles", async () => {
        const { status, body } = await signIn.token({ client_id: signIn.clientId, client_secret: signIn.clientSecret });
        expect([status, body["token_type"], body["expires_in"]]).toEqual([200, "Bearer", 3599]);
        const claims = JSON.parse(
            Buffer.from(String(body["access_token"]).split(".")[1] ?? "", "base64url").toString(),
        ) as object;
        expect(claims).toMatchObject({
            tid: signIn.emulator.tenantId,
            appid: signIn.clientId,
            roles: ["Application.Read.All"],
        });
        const basic = Buffer.from(`${signIn.clientId}:${encodeURIComponent(signIn.clientSecret)}`).toString("base64");
        const form = "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default";
        expect(
            (
                await signIn.send(
                    "POST",
                    `/${signIn.emulator.tenantId}/oauth2/v2.0/token`,
                    { Authorization: `Basic ${basic}` },
                    form,
                )
            ).status,
        ).toBe(200);
    });

    test.each([
        ["PS256 with SHA-256", { alg: "PS256" as const }],
        ["RS256 with SHA-1", { alg: "RS256" as const }],
        ["a padded thumbprint, as Python's library sends", { alg: "RS256" as const, padding: "=" }],
    ])("for an assertion by %s", async (_name, options) => {
        expect((await signIn.byAssertion(signIn.assertion({}, options))).status).toBe(200);
    });

    test("for an assertion whose time is some seconds in the future", async () => {
        expect((await signIn.byAssertion(signIn.assertion({ nbf: Math.floor(Date.now() / 1000) + 60 }))).status).toBe(
            200,
        );
    });
});

describe("a token is refused", () => {
    const cases: [string, () => Promise<JsonAnswer>, number, string, number][] = [
        [
            "for a wrong secret",
            () => signIn.token({ client_id: signIn.clientId, client_secret: "wrong" }),
            401,
            "invalid_client",
            7000215,
        ],
        ["without a proof", () => signIn.token({ client_id: signIn.clientId }), 401, "invalid_client", 7000218],
        [
            "to an unknown client",
            () => signIn.token({ client_id: randomUUID(), client_secret: "x" }),
            400,
            "unauthorized_client",
            700016,
        ],
        [
            "to an invalid client id",
            () => signIn.token({ client_id: "portal", client_secret: "x" }),
            400,
            "unauthorized_client",
            700038,
        ],
        [
            "by an unknown tenant",
            () => signIn.token({ client_id: signIn.clientId, client_secret: signIn.clientSecret }, randomUUID()),
            400,
            "invalid_request",
            90002,
        ],
        [
            "at /common",
            () => signIn.token({ client_id: signIn.clientId, client_secret: signIn.clientSecret }, "common"),
            400,
            "invalid_request",
            9001023,
        ],
        [
            "for a scope without /.default",
            () => signIn.token({ client_id: signIn.clientId, client_secret: signIn.clientSecret, scope: "User.Read" }),
            400,
            "invalid_scope",
            1002012,
        ],
        [
            "for an unknown resource",
            () =>
                signIn.token({
                    client_id: signIn.clientId,
                    client_secret: signIn.clientSecret,
                    scope: "api://nobody/.default",
                }),
            400,
            "invalid_resource",
            500011,
        ],
        [
            "without a scope",
            () => signIn.token({ client_id: signIn.clientId, client_secret: signIn.clientSecret, scope: "" }),
            400,
            "invalid_scope",
            70011,
        ],
        [
            "for another grant",
            () => signIn.token({ client_id: signIn.clientId, grant_type: "password" }),
            400,
            "unsupported_grant_type",
            70003,
        ],
        ["without a client", () => signIn.token({ client_secret: "x" }), 400, "invalid_request", 900144],
        [
            "for an assertion that has expired",
            () => signIn.byAssertion(signIn.assertion({ nbf: 1, exp: 600 })),
            401,
            "invalid_client",
            700024,
        ],
        [
            "for an assertion with another audience",
            () => signIn.byAssertion(signIn.assertion({ aud: "https://contoso.com" })),
            401,
            "invalid_client",
            700023,
        ],
        [
            "for an assertion of another client",
            () => signIn.byAssertion(signIn.assertion({ iss: randomUUID() })),
            401,
            "invalid_client",
            700023,
        ],
    ];
    test.each(cases)("%s", async (_name, attempt, status, error, number) => {
        const answer = await attempt();
        expect([answer.status, answer.body["error"], answer.body["error_codes"]]).toEqual([status, error, [number]]);
        expect(answer.body["error_description"]).toMatch(
            new RegExp(`^AADSTS${number}: .* Trace ID: .* Correlation ID: .* Timestamp: `),
        );
    });

    test("for a certificate that is not registered, and for a registered one with another key", async () => {
        const other = await issueCertificate({ name: "Other", keySize: 2048, validDays: 30, now: new Date() });
        const unknown = await signIn.byAssertion(
            signIn.assertion({}, { key: other.privateKey, pem: other.certificatePem }),
        );
        expect(unknown.body["error_description"]).toMatch(
            /AADSTS700027: .*The key was not found., Thumbprint of key used by client: '[0-9A-F]{64}'/,
        );
        const forged = await signIn.byAssertion(signIn.assertion({}, { key: other.privateKey }));
        expect(forged.body["error_codes"]).toEqual([700027]);
    });

    test("for a certificate and a secret that have expired", async () => {
        signIn.emulator.control.advanceClock(31 * 24 * 3600 * 1000);
        expect((await signIn.byAssertion(signIn.assertion())).body["error_description"]).toMatch(
            /The key used is expired/,
        );
        signIn.emulator.control.advanceClock(11 * 366 * 24 * 3600 * 1000);
        expect(
            (await signIn.token({ client_id: signIn.clientId, client_secret: signIn.clientSecret })).body[
                "error_codes"
            ],
        ).toEqual([7000222]);
    });

    test("without a service principal, and with a disabled one", async () => {
        const identity = signIn.emulator.addIdentity({ roles: [] });
        const attempt = () => signIn.token({ client_id: identity.clientId, client_secret: identity.clientSecret });
        await signIn.graph("PATCH", `/servicePrincipals/${identity.objectId}`, adminToken, { accountEnabled: false });
        expect((await attempt()).body["error_codes"]).toEqual([7000112]);
        await signIn.graph("DELETE", `/servicePrincipals/${identity.objectId}`, adminToken);
        expect((await attempt()).body["error_codes"]).toEqual([7000229]);
    });
});

test("the real @azure/identity signs in by secret and by certificate", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sign-in-"));
    const pem = join(folder, "client.pem");
    writeFileSync(
        pem,
        `${signIn.issued.privateKey.export({ type: "pkcs8", format: "pem" }).toString()}${signIn.issued.certificatePem}`,
        { mode: 0o600 },
    );
    const script = `
        const { ClientSecretCredential, ClientCertificateCredential } = require("@azure/identity");
        const { TENANT, CLIENT, SECRET, PEM, AUTHORITY } = process.env;
        const options = { authorityHost: AUTHORITY, disableInstanceDiscovery: true };
        const scope = "https://graph.microsoft.com/.default";
        Promise.all([
            new ClientSecretCredential(TENANT, CLIENT, SECRET, options).getToken(scope),
            new ClientCertificateCredential(TENANT, CLIENT, { certificatePath: PEM }, options).getToken(scope),
        ]).then((tokens) => console.log(tokens.filter(({ token }) => token.split(".").length === 3).length));`;
    const env = {
        ...process.env,
        NODE_EXTRA_CA_CERTS: signIn.emulator.caFile,
        TENANT: signIn.emulator.tenantId,
        CLIENT: signIn.clientId,
        SECRET: signIn.clientSecret,
        PEM: pem,
        AUTHORITY: signIn.emulator.url,
    };
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], {
        env,
        cwd: resolve(__dirname, "../.."),
    });
    expect(stdout.trim()).toBe("2");
    rmSync(folder, { recursive: true });
    expect(JSON.stringify(signIn.emulator.requests())).not.toContain(signIn.clientSecret);
});

// The token endpoint: who gets a token, what it allows, and how everybody else is refused.
import { execFile } from "node:child_process";
import { constants, createHash, randomUUID, sign, X509Certificate, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { startEmulator, type Emulator } from "../../emulator";
import { issueCertificate, type IssuedCertificate } from "../../provider/certificate/issue";

jest.setTimeout(60_000);

let emulator: Emulator;
let issued: IssuedCertificate;
let clientId: string;
let clientSecret: string;
let adminToken: string;

interface Answer {
    readonly status: number;
    readonly body: Record<string, unknown>;
}

function send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    return new Promise((done, fail) => {
        const outgoing = request(`${emulator.url}${path}`, { method, headers, ca: emulator.caPem }, (incoming) => {
            let text = "";
            incoming.on("data", (chunk: Buffer) => (text += chunk.toString()));
            incoming.on("end", () =>
                done({
                    status: incoming.statusCode ?? 0,
                    body: (text === "" ? {} : JSON.parse(text)) as Answer["body"],
                }),
            );
        });
        outgoing.on("error", fail);
        outgoing.end(body);
    });
}

function token(form: Record<string, string>, tenant = emulator.tenantId): Promise<Answer> {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const body = { grant_type: "client_credentials", scope: "https://graph.microsoft.com/.default", ...form };
    return send("POST", `/${tenant}/oauth2/v2.0/token`, headers, new URLSearchParams(body).toString());
}

const graph = (method: string, path: string, bearer: string, body?: unknown) =>
    send(
        method,
        `/v1.0${path}`,
        { Authorization: `Bearer ${bearer}` },
        body === undefined ? undefined : JSON.stringify(body),
    );

beforeAll(async () => {
    emulator = await startEmulator();
    const admin = emulator.identity("admin");
    adminToken = (await token({ client_id: admin.clientId, client_secret: admin.clientSecret })).body[
        "access_token"
    ] as string;
    issued = await issueCertificate({ name: "Client", keySize: 2048, validDays: 30, now: new Date() });
    ({ clientId, clientSecret } = emulator.addIdentity({ roles: ["Application.Read.All"] }));
    const key = new X509Certificate(issued.certificatePem).raw.toString("base64");
    const body = { keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key }] };
    expect((await graph("PATCH", `/applications(appId='${clientId}')`, adminToken, body)).status).toBe(204);
});
afterAll(() => emulator.close());
afterEach(() => emulator.control.reset());

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

function assertion(
    claims: object = {},
    options: { alg?: "PS256" | "RS256"; key?: KeyObject; padding?: string; pem?: string } = {},
): string {
    const { alg = "PS256", key = issued.privateKey, padding = "", pem = issued.certificatePem } = options;
    const der = new X509Certificate(pem).raw;
    const x5t =
        createHash(alg === "PS256" ? "sha256" : "sha1")
            .update(der)
            .digest("base64url") + padding;
    const now = Math.floor(Date.now() / 1000);
    const header = { alg, typ: "JWT", ...(alg === "PS256" ? { "x5t#S256": x5t } : { x5t }) };
    const payload = {
        aud: `${emulator.url}/${emulator.tenantId}/oauth2/v2.0/token`,
        iss: clientId,
        sub: clientId,
        jti: randomUUID(),
        nbf: now,
        exp: now + 600,
        ...claims,
    };
    const text = `${encode(header)}.${encode(payload)}`;
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const signature = sign("sha256", Buffer.from(text), alg === "PS256" ? { key, ...pss } : key);
    return `${text}.${signature.toString("base64url")}`;
}

function byAssertion(text: string): Promise<Answer> {
    return token({
        client_id: clientId,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: text,
    });
}

describe("a token is given", () => {
    test("for a secret in the form and in HTTP Basic, with the roles that were granted", async () => {
        const { status, body } = await token({ client_id: clientId, client_secret: clientSecret });
        expect([status, body["token_type"], body["expires_in"]]).toEqual([200, "Bearer", 3599]);
        const claims = JSON.parse(
            Buffer.from(String(body["access_token"]).split(".")[1] ?? "", "base64url").toString(),
        ) as object;
        expect(claims).toMatchObject({ tid: emulator.tenantId, appid: clientId, roles: ["Application.Read.All"] });
        const basic = Buffer.from(`${clientId}:${encodeURIComponent(clientSecret)}`).toString("base64");
        const form = "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default";
        expect(
            (await send("POST", `/${emulator.tenantId}/oauth2/v2.0/token`, { Authorization: `Basic ${basic}` }, form))
                .status,
        ).toBe(200);
    });

    test.each([
        ["PS256 with SHA-256", { alg: "PS256" as const }],
        ["RS256 with SHA-1", { alg: "RS256" as const }],
        ["a padded thumbprint, as Python's library sends", { alg: "RS256" as const, padding: "=" }],
    ])("for an assertion by %s", async (_name, options) => {
        expect((await byAssertion(assertion({}, options))).status).toBe(200);
    });

    test("for an assertion that is some seconds ahead of the clock", async () => {
        expect((await byAssertion(assertion({ nbf: Math.floor(Date.now() / 1000) + 60 }))).status).toBe(200);
    });
});

describe("a token is refused", () => {
    const cases: [string, () => Promise<Answer>, number, string, number][] = [
        [
            "for a wrong secret",
            () => token({ client_id: clientId, client_secret: "wrong" }),
            401,
            "invalid_client",
            7000215,
        ],
        ["without a proof", () => token({ client_id: clientId }), 401, "invalid_client", 7000218],
        [
            "to an unknown client",
            () => token({ client_id: randomUUID(), client_secret: "x" }),
            400,
            "unauthorized_client",
            700016,
        ],
        [
            "to something that is no client id",
            () => token({ client_id: "portal", client_secret: "x" }),
            400,
            "unauthorized_client",
            700038,
        ],
        [
            "by an unknown tenant",
            () => token({ client_id: clientId, client_secret: clientSecret }, randomUUID()),
            400,
            "invalid_request",
            90002,
        ],
        [
            "by no tenant in particular",
            () => token({ client_id: clientId, client_secret: clientSecret }, "common"),
            400,
            "invalid_request",
            9001023,
        ],
        [
            "for a scope without /.default",
            () => token({ client_id: clientId, client_secret: clientSecret, scope: "User.Read" }),
            400,
            "invalid_scope",
            1002012,
        ],
        [
            "for an unknown resource",
            () => token({ client_id: clientId, client_secret: clientSecret, scope: "api://nobody/.default" }),
            400,
            "invalid_resource",
            500011,
        ],
        [
            "without a scope",
            () => token({ client_id: clientId, client_secret: clientSecret, scope: "" }),
            400,
            "invalid_scope",
            70011,
        ],
        [
            "for another grant",
            () => token({ client_id: clientId, grant_type: "password" }),
            400,
            "unsupported_grant_type",
            70003,
        ],
        ["without a client", () => token({ client_secret: "x" }), 400, "invalid_request", 900144],
        [
            "for an assertion that has ended",
            () => byAssertion(assertion({ nbf: 1, exp: 600 })),
            401,
            "invalid_client",
            700024,
        ],
        [
            "for an assertion for somebody else",
            () => byAssertion(assertion({ aud: "https://contoso.com" })),
            401,
            "invalid_client",
            700023,
        ],
        [
            "for an assertion by another client",
            () => byAssertion(assertion({ iss: randomUUID() })),
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

    test("for a certificate that is not registered, and for the right one with another key", async () => {
        const other = await issueCertificate({ name: "Other", keySize: 2048, validDays: 30, now: new Date() });
        const unknown = await byAssertion(assertion({}, { key: other.privateKey, pem: other.certificatePem }));
        expect(unknown.body["error_description"]).toMatch(
            /AADSTS700027: .*The key was not found., Thumbprint of key used by client: '[0-9A-F]{64}'/,
        );
        const forged = await byAssertion(assertion({}, { key: other.privateKey }));
        expect(forged.body["error_codes"]).toEqual([700027]);
    });

    test("for a certificate and a secret that have ended", async () => {
        emulator.control.advanceClock(31 * 24 * 3600 * 1000);
        expect((await byAssertion(assertion())).body["error_description"]).toMatch(/The key used is expired/);
        emulator.control.advanceClock(11 * 366 * 24 * 3600 * 1000);
        expect((await token({ client_id: clientId, client_secret: clientSecret })).body["error_codes"]).toEqual([
            7000222,
        ]);
    });

    test("without a service principal, and to one that is disabled", async () => {
        const identity = emulator.addIdentity({ roles: [] });
        const attempt = () => token({ client_id: identity.clientId, client_secret: identity.clientSecret });
        await graph("PATCH", `/servicePrincipals/${identity.objectId}`, adminToken, { accountEnabled: false });
        expect((await attempt()).body["error_codes"]).toEqual([7000112]);
        await graph("DELETE", `/servicePrincipals/${identity.objectId}`, adminToken);
        expect((await attempt()).body["error_codes"]).toEqual([7000229]);
    });
});

describe("Graph", () => {
    const rolesFor: [string, string[], string, string, unknown, number][] = [
        ["lists applications", ["Application.Read.All"], "GET", "/applications", undefined, 200],
        ["registers", ["Application.Read.All"], "POST", "/applications", { displayName: "x" }, 403],
        ["registers", ["Application.ReadWrite.OwnedBy"], "POST", "/applications", { displayName: "x" }, 201],
        ["reads grants", ["Application.ReadWrite.All"], "GET", "/oauth2PermissionGrants", undefined, 403],
        ["reads grants", ["DelegatedPermissionGrant.ReadWrite.All"], "GET", "/oauth2PermissionGrants", undefined, 200],
        ["reads grants", ["Directory.Read.All"], "GET", "/oauth2PermissionGrants", undefined, 200],
        ["grants", ["Directory.Read.All"], "POST", "/oauth2PermissionGrants", {}, 403],
        ["lists applications", [], "GET", "/applications", undefined, 403],
    ];
    test.each(rolesFor)("%s with %p: %s %s", async (_name, roles, method, path, body, status) => {
        const identity = emulator.addIdentity({ roles });
        const answer = await token({ client_id: identity.clientId, client_secret: identity.clientSecret });
        expect((await graph(method, path, String(answer.body["access_token"]), body)).status).toBe(status);
    });

    test("OwnedBy writes what it owns, and nothing else", async () => {
        const owner = emulator.addIdentity({ roles: ["Application.ReadWrite.OwnedBy"] });
        const bearer = String(
            (await token({ client_id: owner.clientId, client_secret: owner.clientSecret })).body["access_token"],
        );
        const own = (await graph("POST", "/applications", bearer, { displayName: "Own" })).body as {
            id: string;
            appId: string;
        };
        const other = (await graph("POST", "/applications", adminToken, { displayName: "Other" })).body as {
            id: string;
            appId: string;
        };
        expect((await graph("PATCH", `/applications/${own.id}`, bearer, { notes: "x" })).status).toBe(204);
        expect((await graph("PATCH", `/applications/${other.id}`, bearer, { notes: "x" })).status).toBe(403);
        expect((await graph("POST", "/servicePrincipals", bearer, { appId: own.appId })).status).toBe(201);
        expect((await graph("POST", "/servicePrincipals", bearer, { appId: other.appId })).status).toBe(403);
        const unknown = await graph("POST", "/servicePrincipals", bearer, { appId: randomUUID() });
        expect([unknown.status, JSON.stringify(unknown.body)]).toEqual([
            403,
            expect.stringContaining("must in the local tenant") as string,
        ]);
    });

    test("answers 401 without a token, for a changed one, and for one that has ended", async () => {
        const changed = `${adminToken.slice(0, -6)}AAAAAA`;
        expect((await send("GET", "/v1.0/applications", {})).body).toMatchObject({
            error: { code: "InvalidAuthenticationToken" },
        });
        expect((await graph("GET", "/applications", changed)).status).toBe(401);
        emulator.control.advanceClock(3601 * 1000);
        expect((await graph("GET", "/applications", adminToken)).status).toBe(401);
    });
});

test("discovery and metadata tell the region by the marks of its cloud", async () => {
    for (const [region, instance, sub, name] of [
        ["Worldwide", "microsoftonline.com", null, "AzureCloud"],
        ["China", "partner.microsoftonline.cn", null, "AzureChinaCloud"],
        ["USGovernment", "microsoftonline.us", "DODCON", "AzureUSGovernment"],
        ["USDefence", "microsoftonline.us", "DOD", "AzureUSGovernment"],
    ] as const) {
        const first = emulator;
        emulator = await startEmulator({ region });
        const document = await send("GET", `/contoso.com/v2.0/.well-known/openid-configuration`, {});
        expect(document.body).toMatchObject({
            cloud_instance_name: instance,
            tenant_region_sub_scope: sub,
            issuer: `${emulator.url}/${emulator.tenantId}/v2.0`,
        });
        expect((await send("GET", "/metadata/endpoints?api-version=2022-09-01", {})).body).toMatchObject({
            name,
            microsoftGraphResourceId: `${emulator.url}/`,
        });
        expect((await send("GET", `/${randomUUID()}/v2.0/.well-known/openid-configuration`, {})).body).toMatchObject({
            error: "invalid_tenant",
            error_codes: [90002],
        });
        await emulator.close();
        emulator = first;
    }
});

test("the real @azure/identity signs in by secret and by certificate", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sign-in-"));
    const pem = join(folder, "client.pem");
    writeFileSync(
        pem,
        `${issued.privateKey.export({ type: "pkcs8", format: "pem" }).toString()}${issued.certificatePem}`,
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
        NODE_EXTRA_CA_CERTS: emulator.caFile,
        TENANT: emulator.tenantId,
        CLIENT: clientId,
        SECRET: clientSecret,
        PEM: pem,
        AUTHORITY: emulator.url,
    };
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], {
        env,
        cwd: resolve(__dirname, "../.."),
    });
    expect(stdout.trim()).toBe("2");
    rmSync(folder, { recursive: true });
    expect(JSON.stringify(emulator.requests())).not.toContain(clientSecret);
});

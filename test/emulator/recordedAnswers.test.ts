// Checks that the emulator answers as Graph does in public recordings: order of lists, properties, headers, texts and
// dates.
import { randomUUID, X509Certificate } from "node:crypto";

import { issueCertificate } from "../../provider/certificate/issue";
import { expectRefusal } from "../support/tenant/refusal";
import { TestTenant, type Application } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let tenant: TestTenant;
let app: Application;
beforeAll(async () => {
    tenant = await TestTenant.start();
});
beforeEach(async () => {
    app = await tenant.graph<Application>("POST", "/applications", { displayName: "Subject" });
});
afterAll(() => tenant.close());

const self = () => `/applications/${app.id}`;
const read = () => tenant.graph<Application>("GET", self());

test("a GET shows the last entry of each list first; the answer to the POST keeps the order", async () => {
    const body = {
        displayName: "Lists",
        tags: ["one", "two"],
        spa: { redirectUris: ["https://a.abc.com", "https://b.abc.com"] },
        requiredResourceAccess: [
            {
                resourceAppId: "00000003-0000-0000-c000-000000000000",
                resourceAccess: [{ id: randomUUID(), type: "Scope" }],
            },
            { resourceAppId: app.appId, resourceAccess: [{ id: randomUUID(), type: "Scope" }] },
        ],
    };
    const posted = await tenant.graph<Application>("POST", "/applications", body);
    expect(posted).toMatchObject(body);
    const shown = await tenant.application(posted.appId);
    expect(shown.tags).toEqual(["two", "one"]);
    expect(shown.spa.redirectUris).toEqual(["https://b.abc.com", "https://a.abc.com"]);
    expect(shown.requiredResourceAccess[0]?.resourceAppId).toBe(app.appId);
});

test("web has settings for each redirect URI; those of an earlier read are refused", async () => {
    await tenant.graph("PATCH", self(), { web: { redirectUris: ["https://a.abc.com"] } });
    const { web } = await read();
    expect(web).toMatchObject({ redirectUriSettings: [{ uri: "https://a.abc.com", index: null }] });
    await tenant.graph("PATCH", self(), { web });
    const body = { web: { ...web, redirectUris: ["https://b.abc.com"] } };
    await expectRefusal(tenant, "PATCH", self(), body, 400, "Request_BadRequest", /'web' of resource 'Application'/);
});

test("an application has every recorded property, and a PATCH may carry its own id", async () => {
    const shown = await read();
    for (const name of [
        "certification",
        "defaultRedirectUri",
        "disabledByMicrosoftStatus",
        "nativeAuthenticationApisEnabled",
        "requestSignatureVerification",
        "servicePrincipalLockConfiguration",
        "verifiedPublisher",
    ])
        expect(shown).toHaveProperty(name);
    expect(shown).not.toHaveProperty("authenticationBehaviors");
    await tenant.graph("PATCH", self(), { id: app.id, notes: "own id" });
    await expectRefusal(tenant, "PATCH", self(), { id: randomUUID() }, 400, "Request_BadRequest");
});

test("answers have the recorded headers: cost, location, content types", async () => {
    const made = await tenant.tryGraph("POST", "/applications", { displayName: "Headers" });
    const { id } = made.body as { id: string };
    expect(made.headers["location"]).toMatch(
        new RegExp(`/v2/${tenant.tenantId}/directoryObjects/${id}/Microsoft\\.DirectoryServices\\.Application$`),
    );
    const found = await tenant.tryGraph("GET", `/applications/${id}`);
    expect(found.headers).toMatchObject({ "x-ms-resource-unit": "1", vary: "Accept-Encoding", "odata-version": "4.0" });
    const missing = await tenant.tryGraph("GET", `/applications/${randomUUID()}`);
    expect(missing.headers).toMatchObject({ "x-ms-resource-unit": "1", "content-type": "application/json" });
    expect(missing.headers).not.toHaveProperty("odata-version");
});

test("the case of segments and of selected names does not matter", async () => {
    const { body } = await tenant.tryGraph("GET", `/Applications/${app.id}?$select=Id,DISPLAYNAME`);
    expect(body).toEqual({
        "@odata.context": `${tenant.emulator.url}/v1.0/$metadata#applications(Id,DISPLAYNAME)/$entity`,
        id: app.id,
        displayName: "Subject",
    });
    await tenant.graph("POST", `${self()}/microsoft.graph.addPassword`, {});
});

test("a secret keeps the client's keyId, has dates in UTC, lasts two years by default, and the newest comes first", async () => {
    const keyId = randomUUID();
    const own = { keyId, endDateTime: "2030-01-01T02:00:00+02:00" };
    const first = await tenant.graph("POST", `${self()}/addPassword`, { passwordCredential: own });
    expect(first).toMatchObject({ keyId, endDateTime: "2030-01-01T00:00:00Z" });
    const second = await tenant.graph<{ startDateTime: string; endDateTime: string }>("POST", `${self()}/addPassword`);
    const inTwoYears = `${Number(second.startDateTime.slice(0, 4)) + 2}${second.startDateTime.slice(4)}`;
    expect([second.endDateTime, second.endDateTime]).toEqual([inTwoYears, expect.stringMatching(/\.\d{7}Z$/)]);
    expect((await read()).passwordCredentials[1]?.keyId).toBe(keyId);
});

test("a certificate without a name gets its subject as the name, with the last part first", async () => {
    const { certificatePem } = await issueCertificate({ name: "Portal", keySize: 2048, validDays: 9, now: new Date() });
    const { raw, subject } = new X509Certificate(certificatePem);
    const key = { type: "AsymmetricX509Cert", usage: "Verify", key: raw.toString("base64") };
    await tenant.graph("PATCH", self(), { keyCredentials: [key] });
    const expected = subject.split("\n").reverse().join(", ");
    expect((await read()).keyCredentials[0]?.["displayName"]).toBe(expected);
});

test("an entry of optionalClaims is completed", async () => {
    await tenant.graph("PATCH", self(), { optionalClaims: { idToken: [{ name: "email" }] } });
    expect((await read())["optionalClaims"]).toEqual({
        idToken: [{ additionalProperties: [], essential: false, name: "email", source: null }],
        accessToken: [],
        saml2Token: [],
    });
});

test("errors have the service's own texts", async () => {
    const named = { displayName: "Named", uniqueName: randomUUID() };
    const { id } = await tenant.graph<{ id: string }>("POST", "/applications", named);
    const taken = (await tenant.tryGraph("POST", "/applications", named)).body;
    const message = "Another object with the same value for property uniqueName already exists.";
    expect(taken).toMatchObject({
        error: {
            details: [
                { code: "ObjectConflict", message, target: "uniqueName" },
                { code: "ConflictingObjects", target: `Application_${id}` },
            ],
        },
    });
    await expectRefusal(
        tenant,
        "POST",
        "/applications",
        "text",
        400,
        "BadRequest",
        /Unable to read JSON request payload/,
    );
    const url = `${tenant.emulator.url}/v1.0/applications`;
    const { status, body } = await tenant.send("GET", url, { Authorization: "Bearer nonsense" }, undefined);
    expect([status, JSON.stringify(body)]).toEqual([401, expect.stringContaining("IDX14100: JWT is not well formed")]);
});

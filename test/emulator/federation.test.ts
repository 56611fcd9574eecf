// Checks workload identity federation: the federated credentials of an application, and the exchange of an outside
// issuer's token.
import { generateKeyPairSync } from "node:crypto";

import { expectRefusal } from "../support/tenant/refusal";
import { AUDIENCE, OutsideIssuer, SUBJECT } from "../support/tenant/outsideIssuer";
import { ApplicationSignIn } from "../support/signIn/applicationSignIn";
import { ASSERTION_TYPE } from "../support/signIn/signIn";
import { TestTenant } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let tenant: TestTenant;
let issuer: OutsideIssuer;
let clientId: string;
const path = () => `/applications(appId='${clientId}')/federatedIdentityCredentials`;
const credential = (more: object = {}) => ({
    name: "main",
    issuer: issuer.url,
    subject: SUBJECT,
    audiences: [AUDIENCE],
    ...more,
});

beforeAll(async () => {
    tenant = await TestTenant.start();
    issuer = await OutsideIssuer.start();
});
beforeEach(() => {
    ({ clientId } = tenant.emulator.addIdentity({ roles: ["Application.Read.All"] }));
});
afterEach(() => tenant.emulator.control.reset());
afterAll(async () => {
    await issuer.close();
    await tenant.close();
});

async function exchange(assertion: string) {
    const form = {
        grant_type: "client_credentials",
        scope: "https://graph.microsoft.com/.default",
        client_id: clientId,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: assertion,
    };
    const url = `${tenant.emulator.url}/${tenant.tenantId}/oauth2/v2.0/token`;
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    return tenant.send("POST", url, headers, new URLSearchParams(form).toString());
}

const numberOf = async (assertion: string) => {
    const { body } = await exchange(assertion);
    return (body as { error_codes?: number[] }).error_codes?.[0];
};

test("a token of the issuer signs the application in", async () => {
    await tenant.graph("POST", path(), credential());
    const { status, body } = await exchange(issuer.token());
    expect(status).toBe(200);
    const [, payload = ""] = (body as { access_token: string }).access_token.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
    expect(claims).toMatchObject({ appid: clientId, roles: ["Application.Read.All"] });
});

test("each difference has its own error number", async () => {
    expect(await numberOf(issuer.token())).toBe(70025);
    await tenant.graph("POST", path(), credential());
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const numbers = {
        issuer: await numberOf(issuer.token({ iss: "https://token.actions.githubusercontent.com" })),
        subject: await numberOf(issuer.token({ sub: SUBJECT.toUpperCase() })),
        audience: await numberOf(issuer.token({ aud: "api://other" })),
        signature: await numberOf(issuer.token({}, other)),
        expired: await numberOf(issuer.token({ exp: Math.floor(Date.now() / 1000) - 3600 })),
    };
    expect(numbers).toEqual({
        issuer: 700211,
        subject: 700213,
        audience: 700212,
        signature: 5000811,
        expired: 700024,
    });
});

test("sign-in does not know a new credential while it propagates, and reports an issuer that cannot be reached", async () => {
    await tenant.graph("POST", path(), credential());
    tenant.emulator.control.setLag({ signIn: 60_000 });
    expect(await numberOf(issuer.token())).toBe(70021);
    tenant.emulator.control.reset();
    await tenant.graph("POST", path(), credential({ name: "gone", issuer: "http://127.0.0.1:1" }));
    expect(await numberOf(issuer.token({ iss: "http://127.0.0.1:1" }))).toBe(50166);
});

test("a client's own assertion is still checked against its certificate", async () => {
    const signIn = await ApplicationSignIn.start();
    const { status } = await signIn.byAssertion(signIn.assertion());
    await signIn.emulator.close();
    expect(status).toBe(200);
});

describe("a federated credential", () => {
    test("can be read by id and name, changed, and removed", async () => {
        const { id } = await tenant.graph<{ id: string }>("POST", path(), credential({ description: "branch" }));
        expect(await tenant.graph("GET", `${path()}/main`)).toMatchObject({ id, description: "branch" });
        await tenant.graph("PATCH", `${path()}/${id}`, { subject: "repo:contoso/portals:pull_request" });
        expect(await tenant.graph("GET", `${path()}(name='main')`)).toMatchObject({
            subject: "repo:contoso/portals:pull_request",
        });
        await tenant.graph("DELETE", `${path()}/${id}`);
        expect((await tenant.graph<{ value: unknown[] }>("GET", path())).value).toEqual([]);
    });

    test("has a unique name, and a unique pair of issuer and subject", async () => {
        await tenant.graph("POST", path(), credential());
        const code = "InvalidFederatedIdentityCredentialValue";
        const [name, pair] = [credential({ subject: "other" }), credential({ name: "other" })];
        await expectRefusal(tenant, "POST", path(), name, 409, "Request_MultipleObjectsWithSameKeyValue", /name main/);
        await expectRefusal(tenant, "POST", path(), pair, 400, code, /issuer and subject must be unique/);
        await expectRefusal(tenant, "PATCH", `${path()}/main`, { name: "renamed" }, 400, code);
    });

    test.each([
        ["two audiences", { audiences: ["a", "b"] }],
        ["no subject", { subject: "" }],
        ["an issuer that is not a URL", { issuer: "github" }],
        ["too short a name", { name: "ab" }],
        ["a subject of 601 characters", { subject: "s".repeat(601) }],
    ])("with %s is refused", async (_name, more) => {
        const body = credential(more);
        await expectRefusal(tenant, "POST", path(), body, 400, "InvalidFederatedIdentityCredentialValue");
    });

    test("can be created up to twenty times", async () => {
        for (let n = 0; n < 20; n++)
            await tenant.graph("POST", path(), credential({ name: `n-${n}`, subject: `s${n}` }));
        const body = credential({ name: "more" });
        await expectRefusal(
            tenant,
            "POST",
            path(),
            body,
            400,
            "InvalidFederatedIdentityCredentialValue",
            /limit of 20/,
        );
    });
});

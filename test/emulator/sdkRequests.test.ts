// Sends the requests of Microsoft's SDKs, the Azure CLI and azuread as plain HTTP, in the forms that each of them uses.
import { expectRefusal } from "../support/tenant/refusal";
import { TestTenant, type Answer, type Application, type Json } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let tenant: TestTenant;
let token: string;
let app: Application;
let servicePrincipal: Json & { id: string };

beforeAll(async () => {
    tenant = await TestTenant.start();
    token = await tokenOf(tenant.emulator.identity("admin"));
    app = await tenant.graph<Application>("POST", "/applications", { displayName: "Portal", tags: ["a", "b"] });
    servicePrincipal = await tenant.graph("POST", "/servicePrincipals", { appId: app.appId });
});
afterAll(() => tenant.close());

async function tokenOf({ clientId, clientSecret }: { clientId: string; clientSecret: string }): Promise<string> {
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    const text = new URLSearchParams({ ...form, scope: "https://graph.microsoft.com/.default" }).toString();
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const url = `${tenant.emulator.url}/${tenant.tenantId}/oauth2/v2.0/token`;
    return ((await tenant.send("POST", url, headers, text)).body as { access_token: string }).access_token;
}

interface Request {
    readonly version?: "v1.0" | "beta";
    readonly headers?: Record<string, string>;
    readonly body?: unknown;
}

function request(method: string, path: string, { version = "v1.0", headers = {}, body }: Request = {}) {
    const type: Record<string, string> = body === undefined ? {} : { "Content-Type": "application/json" };
    const all = { Authorization: `Bearer ${token}`, ...type, ...headers };
    const text = body === undefined ? undefined : JSON.stringify(body);
    return tenant.send(method, `${tenant.emulator.url}/${version}${encodeURI(path)}`, all, text);
}

const EVENTUAL = { headers: { ConsistencyLevel: "eventual" } };
const idsIn = ({ body }: Answer) => (body as { value: { id: string }[] }).value.map(({ id }) => id);
const codeOf = ({ status, body }: Answer) => [status, (body as { error?: { code: string } }).error?.code];

describe("a path", () => {
    test.each([
        ["an id in brackets", () => `/applications('${app.id}')`],
        ["a key with spaces", () => `/applications(appId = '${app.appId}')`],
        ["a key in upper case", () => `/applications(appId='${app.appId.toUpperCase()}')`],
        ["a slash at its end", () => `/applications/${app.id}/`],
    ])("may have %s", async (_what, path) => {
        expect((await request("GET", path())).body).toMatchObject({ id: app.id });
    });

    test("may have encoded brackets, and a doubled quote in a key", async () => {
        const uniqueName = "o'brien's portal";
        const key = `(uniqueName='${uniqueName.replaceAll("'", "''")}')`;
        const path = `${tenant.emulator.url}/v1.0/applications${encodeURIComponent(key).replaceAll("(", "%28")}`;
        const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
        const prefer = { ...headers, Prefer: "create-if-missing" };
        const made = await tenant.send("PATCH", path, prefer, JSON.stringify({ displayName: "O'Brien" }));
        expect([made.status, made.body]).toMatchObject([201, { uniqueName }]);
        expect((await tenant.send("PATCH", path, prefer, JSON.stringify({ notes: "n" }))).status).toBe(204);
        expect((await tenant.send("GET", path, headers, undefined)).body).toMatchObject({ uniqueName, notes: "n" });
    });
});

describe("query options", () => {
    test("do not depend on case, and need no $ in the beta version", async () => {
        const filter = `$FILTER=appId eq '${app.appId}'&$Select=id,displayName`;
        expect((await request("GET", `/applications?${filter}`)).body).toMatchObject({
            value: [{ id: app.id, displayName: "Portal" }],
        });
        const beta = await request("GET", `/applications?filter=appId eq '${app.appId}'`, { version: "beta" });
        expect(idsIn(beta)).toEqual([app.id]);
    });

    test("of the client's own are ignored, but Graph's unsupported ones are not", async () => {
        expect((await request("GET", "/applications?api-version=1.6&$format=json")).status).toBe(200);
        expect(codeOf(await request("GET", "/applications?$skip=1"))).toEqual([400, "Request_BadRequest"]);
    });

    test("$orderby of applications and service principals is an advanced query, of users and groups it is not", async () => {
        for (const path of ["/applications", "/servicePrincipals"]) {
            const sorted = `${path}?$orderby=displayName`;
            expect(codeOf(await request("GET", sorted))).toEqual([400, "Request_UnsupportedQuery"]);
            expect((await request("GET", `${sorted}&$count=true`, EVENTUAL)).status).toBe(200);
            const byDate = await request("GET", `${path}?$orderBy=createdDateTime desc&$count=true`, EVENTUAL);
            expect(byDate.status).toBe(200);
        }
        expect((await request("GET", "/users?$orderby=displayName")).status).toBe(200);
        expect((await request("GET", "/groups?$orderby=displayName")).status).toBe(200);
    });

    test("without the header, the error names the operator and what is missing", async () => {
        const text = /^Operator 'endsWith' is not supported because the required parameters might be missing/;
        const path = encodeURI("/users?$filter=endsWith(userPrincipalName,'contoso.com')");
        await expectRefusal(tenant, "GET", path, undefined, 400, "Request_UnsupportedQuery", text);
        const onlyHeader = await request("GET", "/applications?$filter=displayName ne 'x'", EVENTUAL);
        expect(codeOf(onlyHeader)).toEqual([400, "Request_UnsupportedQuery"]);
    });

    test("a filter has at most 15 alternatives, and more in an advanced query", async () => {
        const names = Array.from({ length: 16 }, (_, number) => `'${number}'`);
        const forms = [
            `displayName in (${names.join(",")})`,
            names.map((name) => `displayName eq ${name}`).join(" or "),
        ];
        for (const form of forms) {
            const path = `/applications?$filter=${encodeURIComponent(form)}`;
            const text = /'OR' operators: 16\. Max allowed: 15\./;
            await expectRefusal(tenant, "GET", path, undefined, 400, "Request_UnsupportedQuery", text);
            expect((await request("GET", `/applications?$count=true&$filter=${form}`, EVENTUAL)).status).toBe(200);
        }
    });

    test("pages have an opaque token, and only the first page has the count", async () => {
        const first = await request("GET", "/applications?$top=1&$count=true&$select=id", EVENTUAL);
        const { "@odata.nextLink": next = "", "@odata.count": count } = first.body as Record<string, string>;
        expect(Number(count)).toBeGreaterThan(2);
        expect(next).not.toMatch(/skiptoken=\d+$/);
        const headers = { Authorization: `Bearer ${token}`, ...EVENTUAL.headers };
        const second = await tenant.send("GET", next, headers, undefined);
        expect(second.body).not.toHaveProperty("@odata.count");
        expect(idsIn(second)).not.toEqual(idsIn(first));
        const wrong = await request("GET", "/applications?$skiptoken=wrong");
        expect(codeOf(wrong)).toEqual([400, "Directory_ExpiredPageToken"]);
    });

    test.each([
        ["applications", "owners/$count eq 0"],
        ["applications", "tags/$count ne 0"],
        ["applications", "keyCredentials/any(k:k/endDateTime le 2100-01-01T00:00:00Z)"],
        ["servicePrincipals", "owners/$count eq 0"],
        ["servicePrincipals", "startsWith(appId,'0')"],
        ["servicePrincipals", "appRoleAssignmentRequired eq false"],
        ["directory/deletedItems/graph.application", "deletedDateTime ge 2020-01-01T00:00:00Z"],
        ["users", "otherMails/any(m:m eq 'a@contoso.com')"],
        ["users", "companyName ne null"],
    ])("%s are filtered by %s, and do not show the relationships", async (list, filter) => {
        const answer = await request("GET", `/${list}?$count=true&$filter=${filter}`, EVENTUAL);
        expect(answer.status).toBe(200);
        for (const one of (answer.body as { value: object[] }).value) expect(one).not.toHaveProperty("owners");
    });

    test("$select may name a relationship, which appears with $expand only", async () => {
        const plain = await request("GET", `/applications/${app.id}?$select=id,owners`);
        expect(Object.keys(plain.body as object).sort()).toEqual(["@odata.context", "id"]);
        const expanded = await request("GET", `/applications/${app.id}?$select=id,owners&$expand=owners`);
        expect(expanded.body).toMatchObject({ id: app.id, owners: [] });
    });
});

describe("headers", () => {
    test("a request without an id gets the one of Graph in both headers, and in an error", async () => {
        const { headers } = await request("GET", "/applications");
        expect(headers["client-request-id"]).toBe(headers["request-id"]);
        const missing = await request("GET", "/applications/00000000-0000-0000-0000-000000000000");
        const { innerError } = (missing.body as { error: { innerError: Record<string, string> } }).error;
        expect(innerError["request-id"]).toBe(missing.headers["request-id"]);
        expect(innerError["client-request-id"]).toBe(missing.headers["client-request-id"]);
        const named = await request("GET", "/applications", { headers: { "client-request-id": "mine" } });
        expect(named.headers["client-request-id"]).toBe("mine");
    });

    test("a request without a token learns where to sign in", async () => {
        const answer = await tenant.send("GET", `${tenant.emulator.url}/v1.0/me`, {}, undefined);
        expect(codeOf(answer)).toEqual([401, "InvalidAuthenticationToken"]);
        expect(answer.headers["www-authenticate"]).toBe(
            `Bearer realm="", authorization_uri="${tenant.emulator.url}/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`,
        );
    });

    test("a page of another host may read answers", async () => {
        const origin = { Origin: "https://portal.abc.com:4443" };
        const preflight = await tenant.send("OPTIONS", `${tenant.emulator.url}/v1.0/me`, origin, undefined);
        expect([preflight.status, preflight.headers["access-control-allow-origin"]]).toEqual([200, "*"]);
        const answer = await request("GET", "/applications", { headers: origin });
        expect(answer.headers["access-control-allow-origin"]).toBe("*");
        expect((await request("GET", "/applications")).headers).not.toHaveProperty("access-control-allow-origin");
    });
});

describe("a batch", () => {
    const batch = (requests: object[]) => request("POST", "/$batch", { body: { requests } });
    const statuses = ({ body }: Answer) =>
        Object.fromEntries(
            (body as { responses: { id: string; status: number }[] }).responses.map(({ id, status }) => [id, status]),
        );

    test("accepts an address without a slash in front, and a null body", async () => {
        const url = "applications?$count=true&$filter=displayName ne 'x'";
        const items = [{ id: "1", method: "GET", url, headers: EVENTUAL.headers, body: null }];
        expect(statuses(await batch(items))).toEqual({ "1": 200 });
    });

    test("runs an item after those that it depends on, also if they come later in the list", async () => {
        const body = { displayName: "Ordered", uniqueName: "ordered" };
        const headers = { "Content-Type": "application/json" };
        const items = [
            { id: "read", method: "GET", url: "/applications(uniqueName='ordered')", dependsOn: ["MAKE"] },
            { id: "make", method: "POST", url: "/applications", headers, body },
        ];
        expect(statuses(await batch(items))).toEqual({ make: 201, read: 200 });
    });

    test.each([
        ["an unknown id", [{ id: "1", method: "GET", url: "/applications", dependsOn: ["2"] }]],
        [
            "each other",
            [
                { id: "1", method: "GET", url: "/applications", dependsOn: ["2"] },
                { id: "2", method: "GET", url: "/applications", dependsOn: ["1"] },
            ],
        ],
    ])("whose items depend on %s is refused whole", async (_what, items) => {
        expect(codeOf(await batch(items))).toEqual([400, "BadRequest"]);
    });
});

describe("a body", () => {
    test("may name the types of nested objects and lists", async () => {
        const id = "5f6a2b6e-0d0f-4bb2-9d55-6a4fd1c1c001";
        const body = {
            "@odata.type": "#microsoft.graph.application",
            web: {
                "@odata.type": "#microsoft.graph.webApplication",
                "redirectUris@odata.type": "#Collection(String)",
                redirectUris: ["https://a.abc.com"],
            },
            requiredResourceAccess: [
                {
                    "@odata.type": "#microsoft.graph.requiredResourceAccess",
                    resourceAppId: "00000003-0000-0000-c000-000000000000",
                    resourceAccess: [{ "@odata.type": "#microsoft.graph.resourceAccess", id, type: "Scope" }],
                },
            ],
        };
        expect((await request("PATCH", `/applications/${app.id}`, { body })).status).toBe(204);
        const { body: stored } = await request("GET", `/applications/${app.id}?$select=requiredResourceAccess`);
        expect(JSON.stringify(stored)).not.toContain("odata.type");
    });

    test("may have null for each property that Graph's metadata allows it for", async () => {
        const { id } = await tenant.graph<Application>("POST", "/applications", { displayName: "Null" });
        const texts = ["description", "notes", "groupMembershipClaims", "serviceManagementReference", "optionalClaims"];
        const objects = ["api", "info", "parentalControlSettings", "publicClient", "spa", "web"];
        const flags = ["isDeviceOnlyAuthSupported", "isFallbackPublicClient", "tokenEncryptionKeyId"];
        for (const name of [...texts, ...objects, ...flags]) {
            expect([name, (await request("PATCH", `/applications/${id}`, { body: { [name]: null } })).status]).toEqual([
                name,
                204,
            ]);
        }
        const web = { homePageUrl: null, logoutUrl: null, implicitGrantSettings: null };
        expect((await request("PATCH", `/applications/${id}`, { body: { web } })).status).toBe(204);
        const partly = { web: { implicitGrantSettings: { enableIdTokenIssuance: true } } };
        await request("PATCH", `/applications/${id}`, { body: partly });
        expect((await request("GET", `/applications/${id}`)).body).toMatchObject({
            web: { implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true } },
            api: { oauth2PermissionScopes: [] },
        });
    });

    test.each([
        ["PATCH", () => `/applications/${app.id}`, { isFallbackPublicClient: "yes" }],
        ["PATCH", () => `/applications/${app.id}`, { api: { oauth2PermissionScopes: [null] } }],
        [
            "PATCH",
            () => `/applications/${app.id}`,
            { requiredResourceAccess: [{ resourceAppId: "x", resourceAccess: [null] }] },
        ],
        ["PATCH", () => `/applications/${app.id}`, { keyCredentials: [null] }],
        ["PATCH", () => `/applications/${app.id}`, { web: { redirectUris: "https://a.abc.com" } }],
        ["POST", () => "/applications", { displayName: "x", passwordCredentials: [null] }],
        ["POST", () => "/applications", { displayName: "x", "owners@odata.bind": "x" }],
    ])("%s with a value of a wrong type is refused", async (method, path, body) => {
        expect((await request(method, path(), { body })).status).toBe(400);
    });

    test("of a grant for a user names the user by id", async () => {
        const grant = { clientId: servicePrincipal.id, resourceId: servicePrincipal.id, consentType: "Principal" };
        const body = { ...grant, principalId: "somebody", scope: "x" };
        expect(codeOf(await request("POST", "/oauth2PermissionGrants", { body }))).toEqual([400, "Request_BadRequest"]);
    });
});

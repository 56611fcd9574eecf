// Sends plain requests with the query options and casts that Microsoft's libraries use, and reads discovery documents.
import { expectRefusal } from "../support/tenant/refusal";
import { TestTenant, type Application } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

let tenant: TestTenant;
let token: string;
beforeAll(async () => {
    tenant = await TestTenant.start();
    for (const displayName of ["Beta portal", "Alpha portal", "Gamma"]) {
        await tenant.graph("POST", "/applications", { displayName, tags: ["queried"] });
    }
    const { clientId, clientSecret } = tenant.emulator.identity("admin");
    const answer = await post("/oauth2/v2.0/token", {
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: "https://graph.microsoft.com/.default",
    });
    token = (answer.body as { access_token: string }).access_token;
});
afterAll(() => tenant.close());

function post(path: string, form: Record<string, string>) {
    const url = `${tenant.emulator.url}/${tenant.tenantId}${path}`;
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    return tenant.send("POST", url, headers, new URLSearchParams(form).toString());
}

const eventual = (path: string, version = "v1.0", more: Record<string, string> = { ConsistencyLevel: "eventual" }) =>
    tenant.send(
        "GET",
        `${tenant.emulator.url}/${version}${path}`,
        { Authorization: `Bearer ${token}`, ...more },
        undefined,
    );
const namesIn = ({ body }: { body: unknown }) =>
    (body as { value: { displayName: string }[] }).value.map(({ displayName }) => displayName);

const QUERIED = "$filter=tags/any(t:t eq 'queried')";

test("$orderby sorts applications in an advanced query only, and with a filter too", async () => {
    const path = `/applications?${QUERIED}&$orderby=displayName desc`;
    await expectRefusal(
        tenant,
        "GET",
        encodeURI(path),
        undefined,
        400,
        "Request_UnsupportedQuery",
        /Sorting not supported/,
    );
    const found = await eventual(encodeURI(`${path}&$count=true`));
    expect(namesIn(found)).toEqual(["Gamma", "Beta portal", "Alpha portal"]);
    expect(found.body).toMatchObject({ "@odata.count": 3 });
    const all = "/applications?$orderby=displayName";
    await expectRefusal(tenant, "GET", all, undefined, 400, "Request_UnsupportedQuery", /Sorting not supported/);
    expect(namesIn(await eventual(`${all}&$count=true`))[0]).toBe("Administrator");
});

test("$search selects by words, and requires the header", async () => {
    const path = encodeURI('/applications?$search="displayName:portal"');
    await expectRefusal(tenant, "GET", path, undefined, 400, "Request_UnsupportedQuery", /ConsistencyLevel: eventual/);
    expect(namesIn(await eventual(path)).sort()).toEqual(["Alpha portal", "Beta portal"]);
});

test("$count=true counts only with the header, and /$count returns text", async () => {
    expect(await tenant.graph("GET", "/applications?$count=true")).not.toHaveProperty("@odata.count");
    await expectRefusal(tenant, "GET", "/applications/$count", undefined, 400, "Request_BadRequest");
    const url = encodeURI(`/applications/$count?${QUERIED}`);
    const answer = await eventual(url);
    expect([answer.status, answer.headers["content-type"], String(answer.body)]).toEqual([200, "text/plain", "3"]);
});

test.each([
    ["displayName ne 'Gamma' and tags/any(t:t eq 'queried')", ["Beta portal", "Alpha portal"]],
    ["endsWith(displayName,'portal')", ["Beta portal", "Alpha portal"]],
    ["not(startsWith(displayName,'Alpha')) and tags/any(t:t eq 'queried')", ["Beta portal", "Gamma"]],
    ["displayName in ('Gamma','Alpha portal')", ["Alpha portal", "Gamma"]],
    ["displayName eq 'Gamma' or displayName eq 'Beta portal'", ["Beta portal", "Gamma"]],
])("an advanced query accepts %s", async (filter, names) => {
    const found = await eventual(`/applications?$count=true&$filter=${encodeURIComponent(filter)}`);
    expect(namesIn(found).sort()).toEqual([...names].sort());
});

test("applications are found by redirect URI, required permission and federated credential, with the header alone", async () => {
    const graph = "00000003-0000-0000-c000-000000000000";
    const access = [{ id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" }];
    const { id } = await tenant.graph<Application>("POST", "/applications", {
        displayName: "Found",
        notes: "Restore Portal",
        spa: { redirectUris: ["https://portal.abc.com:4443"] },
        requiredResourceAccess: [{ resourceAppId: graph, resourceAccess: access }],
    });
    const credential = { name: "main", issuer: "https://issuer.contoso.com", subject: "s", audiences: ["a"] };
    await tenant.graph("POST", `/applications/${id}/federatedIdentityCredentials`, credential);
    for (const filter of [
        "spa/redirectUris/any(p:p eq 'https://portal.abc.com:4443')",
        "spa/redirectUris/any(p:startsWith(p,'https://portal.abc'))",
        `requiredResourceAccess/any(r:r/resourceAppId eq ${graph})`,
        "federatedIdentityCredentials/any(f:f/issuer eq 'https://issuer.contoso.com')",
        "startsWith(notes,'Restore')",
    ]) {
        const path = `/applications?$filter=${encodeURIComponent(filter)}&$count=true&$select=displayName`;
        expect(namesIn(await eventual(path))).toEqual(["Found"]);
        await expectRefusal(tenant, "GET", path, undefined, 400, "Request_UnsupportedQuery");
    }
    const unknown = encodeURIComponent("requiredResourceAccess/any(r:r/resourceAccess eq 'x')");
    expect((await eventual(`/applications?$filter=${unknown}&$count=true`)).status).toBe(400);
});

test.each(["displayName ne 'Gamma'", "endsWith(displayName,'portal')", "not(startsWith(displayName,'A'))"])(
    "without the header, %s is refused",
    async (filter) => {
        const path = `/applications?$filter=${encodeURIComponent(filter)}`;
        await expectRefusal(tenant, "GET", path, undefined, 400, "Request_UnsupportedQuery");
    },
);

test("$expand=owners shows the owners of applications and service principals", async () => {
    const { objectId, clientId } = tenant.emulator.addIdentity({ roles: [], displayName: "Owner" });
    const reference = { "@odata.id": `${tenant.emulator.url}/v1.0/directoryObjects/${objectId}` };
    await tenant.graph("POST", `/applications(appId='${clientId}')/owners/$ref`, reference);
    await tenant.graph("POST", `/servicePrincipals/${objectId}/owners/$ref`, reference);
    const application = await eventual(`/applications(appId='${clientId}')?$expand=owners($select=id)`);
    expect(application.body).toMatchObject({
        owners: [{ "@odata.type": "#microsoft.graph.servicePrincipal", id: objectId }],
    });
    const path = `/servicePrincipals?$expand=owners&$count=true&$filter=appId eq '${clientId}'`;
    expect((await eventual(encodeURI(path))).body).toMatchObject({ value: [{ owners: [{ displayName: "Owner" }] }] });
    await tenant.graph("DELETE", `/servicePrincipals/${objectId}/owners/${objectId}/$ref`);
    expect(await tenant.graph("GET", `/servicePrincipals/${objectId}/owners`)).toMatchObject({ value: [] });
});

test("a cast may have the short form, and the beta version answers too", async () => {
    const { id } = await tenant.graph<Application>("POST", "/applications", { displayName: "Deleted" });
    await tenant.graph("DELETE", `/applications/${id}`);
    for (const cast of ["graph.application", "microsoft.graph.application"]) {
        expect(namesIn(await eventual(`/directory/deletedItems/${cast}`))).toEqual(["Deleted"]);
    }
    const { body } = await eventual("/servicePrincipals?$top=1", "beta");
    expect(body).toMatchObject({ "@odata.context": `${tenant.emulator.url}/beta/$metadata#servicePrincipals` });
    const onlyInBeta = "/servicePrincipals?$top=1&$select=samlMetadataUrl";
    expect((await eventual(onlyInBeta, "beta")).body).toMatchObject({ value: [{ samlMetadataUrl: null }] });
    expect((await eventual(onlyInBeta)).status).toBe(400);
});

test("a service principal accepts Graph's writable properties, including null, and can have its own secrets", async () => {
    const { objectId } = tenant.emulator.addIdentity({ roles: [] });
    const path = `/servicePrincipals/${objectId}`;
    const values = {
        alternativeNames: ["other"],
        loginUrl: "https://portal.abc.com",
        notes: "n",
        homepage: "https://abc.com",
    };
    await tenant.graph("PATCH", path, values);
    expect(await tenant.graph("GET", path)).toMatchObject(values);
    await tenant.graph("PATCH", path, { loginUrl: null, notes: null, accountEnabled: null });
    expect(await tenant.graph("GET", path)).toMatchObject({ loginUrl: null, notes: null, accountEnabled: true });
    await expectRefusal(tenant, "PATCH", path, { alternativeNames: null }, 400, "Request_BadRequest");
    const { keyId } = await tenant.graph<{ keyId: string }>("POST", `${path}/addPassword`, {});
    await tenant.graph("POST", `${path}/removePassword`, { keyId });
    for (const name of ["startDateTime", "endDateTime"]) {
        const body = { passwordCredential: { [name]: "soon" } };
        const text = new RegExp(`'${name}' of resource 'PasswordCredential'`);
        await expectRefusal(tenant, "POST", `${path}/addPassword`, body, 400, "Request_BadRequest", text);
    }
});

test("users and groups can be created, read and removed", async () => {
    const user = {
        accountEnabled: true,
        displayName: "Diego Siciliani",
        mailNickname: "diego",
        userPrincipalName: "diego@contoso.com",
        passwordProfile: { password: "not kept" },
    };
    const { id } = await tenant.graph<{ id: string }>("POST", "/users", user);
    expect(await tenant.graph("GET", "/users/diego@contoso.com?$select=id,accountEnabled")).toMatchObject({ id });
    await tenant.graph("PATCH", `/users/${id}`, { displayName: "Diego" });
    const again = { ...user, mailNickname: "other" };
    await expectRefusal(tenant, "POST", "/users", again, 400, "Request_BadRequest", /userPrincipalName already exists/);
    const group = { displayName: "Operators", mailEnabled: false, mailNickname: "operators", securityEnabled: true };
    const made = await tenant.graph<{ id: string }>("POST", "/groups", {
        ...group,
        "members@odata.bind": [`${tenant.emulator.url}/v1.0/users/${id}`],
    });
    expect(await tenant.graph("GET", `/groups/${made.id}/members`)).toMatchObject({
        value: [{ displayName: "Diego" }],
    });
    expect(await tenant.graph("GET", `/users/${id}/memberOf`)).toMatchObject({ value: [{ id: made.id }] });
    const member = { "@odata.id": `${tenant.emulator.url}/v1.0/directoryObjects/${id}` };
    await expectRefusal(
        tenant,
        "POST",
        `/groups/${made.id}/members/$ref`,
        member,
        400,
        "Request_BadRequest",
        /already exist/,
    );
    await tenant.graph("DELETE", `/groups/${made.id}`);
    await tenant.graph("DELETE", `/users/${id}`);
    expect((await tenant.tryGraph("GET", `/users/${id}`)).status).toBe(404);
    expect(await tenant.graph("GET", "/domains/contoso.com")).toMatchObject({ id: "contoso.com", isVerified: true });
});

test("a group has all of Graph's properties, and the options of its creation", async () => {
    const group = { displayName: "g", mailEnabled: false, mailNickname: "g", securityEnabled: true };
    const options = { resourceBehaviorOptions: [], resourceProvisioningOptions: [], theme: "Blue" };
    const { id } = await tenant.graph<{ id: string }>("POST", "/groups", { ...group, ...options });
    expect(await tenant.graph("GET", `/groups/${id}`)).toMatchObject({
        ...options,
        proxyAddresses: [],
        uniqueName: null,
    });
    const beta = await eventual(`/groups/${id}?$select=writebackConfiguration`, "beta");
    expect(beta.body).toMatchObject({ writebackConfiguration: { isEnabled: null, onPremisesGroupType: null } });
    expect((await eventual(`/groups/${id}?$select=writebackConfiguration`)).status).toBe(400);
});

describe("the sign-in host", () => {
    test("has the document of version 1 tokens with its keys, also under Microsoft's own name", async () => {
        const { url } = tenant.emulator;
        const path = `${url}/${tenant.tenantId}/.well-known/openid-configuration`;
        const own = await tenant.send("GET", path, {}, undefined);
        expect(own.body).toMatchObject({
            issuer: `${url}/${tenant.tenantId}/`,
            jwks_uri: `${url}/common/discovery/keys`,
        });
        const keys = await tenant.send("GET", `${url}/common/discovery/keys`, {}, undefined);
        expect(keys.body).toMatchObject({ keys: [{ use: "sig" }] });
        const named = await tenant.send("GET", path, { Host: "login.microsoftonline.com" }, undefined);
        expect(named.body).toMatchObject({ issuer: `https://sts.windows.net/${tenant.tenantId}/` });
    });

    test("shows its URL without a slash in 2022-09-01, and accepts a path with two slashes", async () => {
        const { url } = tenant.emulator;
        const document = await tenant.send("GET", `${url}/metadata/endpoints?api-version=2022-09-01`, {}, undefined);
        expect(document.body).toMatchObject({ authentication: { loginEndpoint: url } });
        const old = await tenant.send("GET", `${url}/metadata/endpoints?api-version=2020-06-01`, {}, undefined);
        expect(old.body).toMatchObject([{ authentication: { loginEndpoint: `${url}/` } }]);
    });

    test("signs in to Azure's management API, which has no subscriptions", async () => {
        const { clientId, clientSecret } = tenant.emulator.identity("deployer");
        const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
        const scope = "https://management.core.windows.net//.default";
        const { body } = await post("/oauth2/v2.0/token", { ...form, scope });
        const headers = { Authorization: `Bearer ${(body as { access_token: string }).access_token}` };
        const url = `${tenant.emulator.url}/subscriptions?api-version=2022-12-01`;
        expect((await tenant.send("GET", url, headers, undefined)).body).toMatchObject({ value: [] });
        const graph = await tenant.send("GET", `${tenant.emulator.url}/v1.0/applications`, headers, undefined);
        expect(graph.status).toBe(401);
    });
});

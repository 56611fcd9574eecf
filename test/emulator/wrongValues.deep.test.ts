// Sends values of wrong types in many places of bodies, queries and token requests. The tenant may accept or refuse
// each value, but must never answer with a status of 500 or more.
import { TestTenant, type Answer, type Application } from "../support/tenant/testTenant";

jest.setTimeout(300_000);

const VALUES = [null, 5, "x", true, [], [null], [5], ["x"], {}, { a: 1 }, [{}], [{ id: null }], [[]]];

let tenant: TestTenant;
let app: Application;
let servicePrincipal: { id: string };
let group: { id: string };
let user: string;

const GROUP = { displayName: "g", mailEnabled: false, mailNickname: "g", securityEnabled: true };
beforeAll(async () => {
    tenant = await TestTenant.start();
    tenant.emulator.control.setLimits({ units: Infinity, writes: Infinity, keyReads: Infinity });
    app = await tenant.graph<Application>("POST", "/applications", { displayName: "Wrong values" });
    servicePrincipal = await tenant.graph("POST", "/servicePrincipals", { appId: app.appId });
    group = await tenant.graph("POST", "/groups", GROUP);
    user = tenant.emulator.users()[0]?.id ?? "";
});
afterAll(() => tenant.close());

async function expectNoFault(what: string, answer: Promise<Answer>): Promise<void> {
    const { status, body } = await answer;
    if (status >= 500) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
}

const once = (method: string, path: string, body: object) =>
    expectNoFault(`${method} ${path} ${JSON.stringify(body)}`, tenant.tryGraph(method, path, body));

/** Sends the body with each wrong value at each property. */
async function each(method: string, path: string, body: object, names = Object.keys(body)): Promise<void> {
    for (const name of names) for (const value of VALUES) await once(method, path, { ...body, [name]: value });
}

test("in applications", async () => {
    const path = `/applications/${app.id}`;
    const names = Object.keys(await tenant.graph("GET", path)).filter((name) => !name.startsWith("@"));
    await each("PATCH", path, {}, names);
    await each("POST", "/applications", { displayName: "x" }, [...names, "owners@odata.bind"]);
    const nested: Record<string, readonly string[]> = {
        api: ["acceptMappedClaims", "oauth2PermissionScopes", "preAuthorizedApplications", "knownClientApplications"],
        web: ["redirectUris", "homePageUrl", "implicitGrantSettings", "redirectUriSettings"],
        spa: ["redirectUris"],
        optionalClaims: ["idToken"],
    };
    const entries: Record<string, object> = {
        appRoles: { id: user, allowedMemberTypes: ["User"], displayName: "x", description: "x", value: "v" },
        requiredResourceAccess: { resourceAppId: user, resourceAccess: [{ id: user, type: "Scope" }] },
        keyCredentials: { type: "AsymmetricX509Cert", usage: "Verify", key: "x", keyId: user, endDateTime: "x" },
    };
    for (const value of VALUES) {
        for (const [outer, inner] of Object.entries(nested))
            for (const name of inner) await once("PATCH", path, { [outer]: { [name]: value } });
        for (const [list, entry] of Object.entries(entries))
            for (const name of Object.keys(entry)) await once("PATCH", path, { [list]: [{ ...entry, [name]: value }] });
    }
    await each("POST", `${path}/addPassword`, { passwordCredential: {} });
    await each("POST", `${path}/removePassword`, { keyId: "" });
    await each("POST", `${path}/addKey`, { keyCredential: {}, proof: "a.b.c", passwordCredential: null });
    await each("POST", `${path}/owners/$ref`, { "@odata.id": "" });
    const credential = {
        name: "main",
        issuer: "https://i.contoso.com",
        subject: "s",
        audiences: ["a"],
        description: "",
    };
    await each("POST", `${path}/federatedIdentityCredentials`, credential);
});

test("in service principals, grants, assignments, groups and users", async () => {
    const path = `/servicePrincipals/${servicePrincipal.id}`;
    const names = Object.keys(await tenant.graph("GET", path)).filter((name) => !name.startsWith("@"));
    await each("PATCH", path, {}, names);
    await each("POST", "/servicePrincipals", { appId: app.appId, "owners@odata.bind": [] });
    const { id } = servicePrincipal;
    const grant = { clientId: id, resourceId: id, consentType: "AllPrincipals", principalId: null, scope: "x" };
    await each("POST", "/oauth2PermissionGrants", grant);
    await each("POST", "/oauth2PermissionGrants", { ...grant, consentType: "Principal" }, ["principalId"]);
    await each("POST", `${path}/appRoleAssignedTo`, { appRoleId: user, principalId: user, resourceId: id });
    await each("PATCH", `/groups/${group.id}`, group);
    await each("POST", "/groups", { ...GROUP, "members@odata.bind": [] });
    const account = {
        accountEnabled: true,
        mailNickname: "n",
        userPrincipalName: "n@contoso.com",
        passwordProfile: {},
    };
    await each("POST", "/users", { ...account, displayName: "n", jobTitle: "x", otherMails: [] });
    await each("POST", "/directoryObjects/getByIds", { ids: [], types: [] });
    for (const action of ["checkMemberGroups", "checkMemberObjects", "getMemberGroups"])
        await each("POST", `/users/${user}/${action}`, { ids: [], groupIds: [], securityEnabledOnly: false });
});

test("in policies and batches", async () => {
    const conditions = { applications: { includeApplications: ["All"] }, users: { includeUsers: ["All"] } };
    const policy = { displayName: "p", state: "disabled", conditions, grantControls: null, sessionControls: {} };
    const policies = "/identity/conditionalAccess/policies";
    await each("POST", policies, policy);
    for (const name of ["applications", "users", "clientAppTypes", "locations", "platforms"])
        for (const value of VALUES)
            await once("POST", policies, { ...policy, conditions: { ...conditions, [name]: value } });
    const location = {
        "@odata.type": "#microsoft.graph.ipNamedLocation",
        displayName: "l",
        ipRanges: [],
        isTrusted: false,
    };
    await each("POST", "/identity/conditionalAccess/namedLocations", location);
    await each("PATCH", "/policies/defaultAppManagementPolicy", { isEnabled: false, applicationRestrictions: {} });
    const item = { id: "1", method: "GET", url: "/applications", headers: {}, body: null, dependsOn: [] };
    for (const value of VALUES)
        for (const name of Object.keys(item)) await once("POST", "/$batch", { requests: [{ ...item, [name]: value }] });
    await each("POST", "/$batch", { requests: [] });
});

test("in queries", async () => {
    const lists = [
        "applications",
        "servicePrincipals",
        "oauth2PermissionGrants",
        "groups",
        "users",
        "applications/delta",
    ];
    const options = ["$filter", "$select", "$orderby", "$top", "$skiptoken", "$deltatoken", "$search", "$expand"];
    const values = ["", "null", "(((", "a eq", "not", "tags/any(t:t eq", "displayName in ()", "id in ('a'", "e30", "%"];
    for (const list of lists)
        for (const option of options)
            for (const value of values) {
                const path = `/${list}?${option}=${encodeURIComponent(value)}`;
                await expectNoFault(path, tenant.tryGraph("GET", path));
            }
});

test("in requests for tokens", async () => {
    const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const jwt = (head: unknown, claims: unknown) => `${encode(head)}.${encode(claims)}.x`;
    const { clientId } = tenant.emulator.identity("admin");
    const claims = { iss: clientId, sub: clientId };
    const values = [
        ...["", "x", "..", "a.b", "%", encode(null), jwt(null, {}), jwt({ alg: "RS256" }, null), jwt(5, [])],
        ...[jwt({ alg: "none" }, { ...claims, aud: 5 }), jwt({ alg: "RS256", x5t: 5 }, claims)],
        ...[jwt({ alg: "RS256", "x5t#S256": {}, x5c: ["a"] }, { iss: 5, sub: 5 })],
    ];
    const grants = ["client_credentials", "authorization_code", "refresh_token", "device_code", "password", "toString"];
    const onBehalfOf = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    for (const grant_type of [...grants, onBehalfOf])
        for (const value of values) {
            const names = ["client_assertion", "assertion", "code", "refresh_token", "device_code", "redirect_uri"];
            const form = {
                ...Object.fromEntries(names.map((name) => [name, value])),
                ...{ grant_type, client_id: clientId, requested_token_use: "on_behalf_of", scope: "x/.default" },
                client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            };
            await expectNoFault(JSON.stringify(form), post(`/${tenant.tenantId}/oauth2/v2.0/token`, form));
        }
    const basic = { Authorization: `Basic ${Buffer.from("a%:b").toString("base64")}` };
    await expectNoFault("Basic", post(`/${tenant.tenantId}/oauth2/token`, { grant_type: "client_credentials" }, basic));
    await expectNoFault("tenant", post("/%E0%A4%A/oauth2/token", {}));
    const instance = "/common/discovery/instance?api-version=1.1&authorization_endpoint=%2F%2F";
    await expectNoFault("instance", tenant.send("GET", `${tenant.emulator.url}${instance}`, {}, undefined));
});

function post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    const type = { "Content-Type": "application/x-www-form-urlencoded", ...headers };
    return tenant.send("POST", `${tenant.emulator.url}${path}`, type, new URLSearchParams(form).toString());
}

// Checks the rules for a PATCH of an application. A plain client breaks each rule and gets Graph's status and code.
import { randomUUID } from "node:crypto";

import { expectRefusal as refused, type RefusedRequest } from "../support/tenant/refusal";
import { TestTenant, type Application } from "../support/tenant/testTenant";

jest.setTimeout(60_000);

const GRAPH = "00000003-0000-0000-c000-000000000000";

let tenant: TestTenant;
let app: Application;

beforeAll(async () => {
    tenant = await TestTenant.start();
});
afterAll(() => tenant.close());
beforeEach(async () => {
    const { appId } = await tenant.graph<Application>("POST", "/applications", { displayName: "Subject" });
    app = await tenant.application(appId);
});

const self = () => `/applications/${app.id}`;

function scopeOf(value: string, id: string = randomUUID()) {
    return {
        id,
        value,
        type: "User",
        isEnabled: true,
        adminConsentDisplayName: value,
        adminConsentDescription: value,
        userConsentDisplayName: null,
        userConsentDescription: null,
    };
}

const expectRefusal = (...request: RefusedRequest) => refused(tenant, ...request);

describe("a PATCH of an application is refused if", () => {
    const long = "a".repeat(257);
    const rows: [string, Record<string, unknown>, string, RegExp][] = [
        ["a property is unknown", { nonsense: 1 }, "Request_BadRequest", /nonsense/],
        ["a property is read-only", { appId: randomUUID() }, "Request_BadRequest", /read-only/],
        [
            "a nested property is unknown",
            { web: { redirectUriSettings: [], nonsense: 1 } },
            "Request_BadRequest",
            /'web'/,
        ],
        ["a collection is null", { tags: null }, "Request_BadRequest", /'tags'/],
        ["the name is empty", { displayName: "" }, "Request_BadRequest", /displayName/],
        ["the name is too long", { displayName: long }, "Request_BadRequest", /displayName/],
        ["the audience is unknown", { signInAudience: "Everybody" }, "Request_BadRequest", /signInAudience/],
        [
            "personal accounts are allowed with tokens of version 1",
            { signInAudience: "AzureADandPersonalMicrosoftAccount" },
            "Request_BadRequest",
            /requestedAccessTokenVersion/,
        ],
        ["a tag has white space", { tags: ["a b"] }, "Request_BadRequest", /'tags'/],
        ["a tag is too long", { tags: [long] }, "Request_BadRequest", /'tags'/],
        ["a tag is duplicated", { tags: ["a", "a"] }, "Request_BadRequest", /'tags'/],
        ["a redirect URI is http", { spa: { redirectUris: ["http://portal.abc.com"] } }, "Request_BadRequest", /'spa'/],
        ["a redirect URI is IPv6", { spa: { redirectUris: ["https://[::1]:4443"] } }, "Request_BadRequest", /'spa'/],
        [
            "a redirect URI is too long",
            { web: { redirectUris: [`https://${long}.com`] } },
            "Request_BadRequest",
            /'web'/,
        ],
        [
            "a redirect URI has a forbidden character",
            { web: { redirectUris: ["https://a.abc.com/(x)"] } },
            "Request_BadRequest",
            /'web'/,
        ],
        [
            "a redirect URI has a fragment",
            { web: { redirectUris: ["https://a.abc.com/#x"] } },
            "Request_BadRequest",
            /'web'/,
        ],
        [
            "a redirect URI has an international name",
            { web: { redirectUris: ["https://pörtal.abc.com"] } },
            "Request_BadRequest",
            /'web'/,
        ],
        [
            "a wildcard is not a whole label",
            { web: { redirectUris: ["https://*abc.com"] } },
            "Request_BadRequest",
            /'web'/,
        ],
        [
            "a custom scheme is not on the platform of native clients",
            { web: { redirectUris: ["msal123://auth"] } },
            "Request_BadRequest",
            /'web'/,
        ],
        [
            "one URI is on two platforms",
            { web: { redirectUris: ["https://a.abc.com"] }, spa: { redirectUris: ["https://a.abc.com"] } },
            "Request_BadRequest",
            /distinct values/,
        ],
        [
            "there are more than 256 redirect URIs",
            { web: { redirectUris: Array.from({ length: 257 }, (_, n) => `https://h${n}.abc.com`) } },
            "Request_BadRequest",
            /limit of 256/,
        ],
        [
            "an Application ID URI has an unverified domain",
            { identifierUris: ["https://unverified.example/x"] },
            "HostNameNotOnVerifiedDomain",
            /verified domain/,
        ],
        [
            "an Application ID URI contains no id or domain of the tenant",
            { identifierUris: ["api://something"] },
            "Request_BadRequest",
            /default tenant policy/,
        ],
        [
            "an Application ID URI begins with a foreign GUID",
            { identifierUris: [`api://${randomUUID()}`] },
            "Request_BadRequest",
            /identifierUris/,
        ],
        [
            "an Application ID URI ends with a slash",
            { identifierUris: ["https://contoso.com/"] },
            "Request_BadRequest",
            /identifierUris/,
        ],
        [
            "a scope has no GUID",
            { api: { oauth2PermissionScopes: [scopeOf("a", "no-guid")] } },
            "Request_BadRequest",
            /'id'/,
        ],
        [
            "a scope's value has a space",
            { api: { oauth2PermissionScopes: [scopeOf("a b")] } },
            "Request_BadRequest",
            /'value'/,
        ],
        [
            "a scope's type is unknown",
            { api: { oauth2PermissionScopes: [{ ...scopeOf("a"), type: "Both" }] } },
            "Request_BadRequest",
            /'type' of resource 'PermissionScope'/,
        ],
        [
            "a scope lacks its consent text",
            { api: { oauth2PermissionScopes: [{ ...scopeOf("a"), adminConsentDescription: null }] } },
            "Request_BadRequest",
            /PermissionScope/,
        ],
        [
            "two scopes have the same value",
            { api: { oauth2PermissionScopes: [scopeOf("a"), scopeOf("a")] } },
            "Request_BadRequest",
            /'value'/,
        ],
        [
            "clients are pre-authorized for a scope that is not stored yet",
            { api: { preAuthorizedApplications: [{ appId: randomUUID(), delegatedPermissionIds: [randomUUID()] }] } },
            "Request_BadRequest",
            /cannot be found/,
        ],
        [
            "a required permission is neither scope nor role",
            {
                requiredResourceAccess: [
                    { resourceAppId: GRAPH, resourceAccess: [{ id: randomUUID(), type: "Both" }] },
                ],
            },
            "Request_BadRequest",
            /requiredResourceAccess/,
        ],
        [
            "a resource is duplicated",
            {
                requiredResourceAccess: [1, 2].map(() => ({
                    resourceAppId: GRAPH,
                    resourceAccess: [{ id: randomUUID(), type: "Scope" }],
                })),
            },
            "Request_BadRequest",
            /requiredResourceAccess/,
        ],
        [
            "a secret is sent",
            { passwordCredentials: [{ displayName: "mine" }] },
            "Request_BadRequest",
            /service actions/,
        ],
        [
            "a new key has no certificate",
            { keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify" }] },
            "KeyCredentialsInvalidValue",
            /needs a key/,
        ],
        [
            "a new key is not a certificate",
            { keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key: "AAAA" }] },
            "KeyCredentialsInvalidValue",
            /not an X.509/,
        ],
        [
            "the manifest grows beyond 1,200 entries",
            { tags: Array.from({ length: 1201 }, (_, n) => `t${n}`) },
            "Request_BadRequest",
            /exceeded its limit/,
        ],
    ];
    test.each(rows)("%s", async (_name, body, code, message) => {
        await expectRefusal("PATCH", self(), body, 400, code, message);
        expect(await tenant.application(app.appId)).toEqual({ ...app, "@odata.context": expect.any(String) as string });
    });
});

describe("a PATCH", () => {
    test("merges nested objects one level deep, and replaces lists", async () => {
        await tenant.graph("PATCH", self(), {
            web: { redirectUris: ["https://a.abc.com"], logoutUrl: "https://a.abc.com/out" },
        });
        await tenant.graph("PATCH", self(), { web: { redirectUris: ["https://b.abc.com"] } });
        const { web } = await tenant.application(app.appId);
        expect(web).toMatchObject({ redirectUris: ["https://b.abc.com"], logoutUrl: "https://a.abc.com/out" });
    });

    test("of an enabled scope is refused, unless it was disabled in an earlier call", async () => {
        const scope = scopeOf("read");
        const patch = (scopes: object[]) => ({ api: { oauth2PermissionScopes: scopes } });
        await tenant.graph("PATCH", self(), patch([scope]));
        await tenant.graph("PATCH", self(), { ...patch([scope]), displayName: "Sent again unchanged" });
        const code = "CannotDeleteOrUpdateEnabledEntitlement";
        await expectRefusal("PATCH", self(), patch([{ ...scope, value: "other" }]), 400, code);
        await expectRefusal("PATCH", self(), patch([]), 400, code);
        await tenant.graph("PATCH", self(), patch([{ ...scope, isEnabled: false }]));
        await tenant.graph("PATCH", self(), patch([]));
        expect((await tenant.application(app.appId)).api.oauth2PermissionScopes).toEqual([]);
    });
});

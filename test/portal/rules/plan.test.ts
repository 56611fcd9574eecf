import { drift, liveInputs } from "../../../provider/portal/rules/drift";
import { type Live, GRAPH_APP_ID } from "../../../provider/entra/live";
import { keyIdOf } from "../../../provider/sync/keyCredentials";
import { currentOwnership, isNeededByOthers } from "../../../provider/sync/ownership";
import { encodeOwned } from "../../../provider/sync/ownershipCodes";
import { formatTags } from "../../../provider/sync/tags";
import { plan } from "../../../provider/portal/rules/plan";
import { planRelease } from "../../../provider/portal/rules/releasePlan";
import {
    APP_ID,
    SCOPE_ID,
    THUMBPRINT,
    observed,
    portalInputs,
    wizardLive,
    withApplication,
    made,
    managedWith,
} from "../../support/rules/observation";

const FOREIGN_URI = "https://other.abc.com/signin";
const FOREIGN_KEY = {
    keyId: "f1",
    customKeyIdentifier: "B".repeat(40),
    endDateTime: "2028-01-01T00:00:00.1234567Z",
    key: null,
};
const FOREIGN_SCOPE = { id: "99999999-0000-4000-8000-000000000001", value: "Files.Read", isEnabled: true };

/** Returns the wizard's application with an entry of others in each of these five lists. */
function sharedLive(): Live {
    const live = wizardLive();
    const { application } = live;
    return withApplication(live, {
        tags: ["team:a"],
        identifierUris: ["api://contoso.com/other", ...application.identifierUris],
        spa: { redirectUris: [FOREIGN_URI, ...application.spa.redirectUris] },
        api: { oauth2PermissionScopes: [FOREIGN_SCOPE, ...application.api.oauth2PermissionScopes] },
        keyCredentials: [FOREIGN_KEY, ...application.keyCredentials],
    });
}

describe("drift", () => {
    test("is empty for an application as the wizard makes it", () => {
        expect(drift(portalInputs(), observed(wizardLive()))).toEqual([]);
    });

    test("ignores entries of others and their order", () => {
        expect(drift(portalInputs(), observed(sharedLive()))).toEqual([]);
    });

    const rows: [string, (live: Live) => Live, string, unknown][] = [
        [
            "the redirect URI is removed",
            (live) => withApplication(live, { spa: { redirectUris: [] } }),
            "portalUrl",
            "not registered",
        ],
        [
            "the Application ID URI is removed",
            (live) => withApplication(live, { identifierUris: [] }),
            "applicationIdUri",
            "missing",
        ],
        [
            "the scope is removed",
            (live) => withApplication(live, { api: { oauth2PermissionScopes: [] } }),
            "accessAsUserScope",
            "missing",
        ],
        [
            "the service principal is removed",
            (live) => ({ ...live, servicePrincipal: undefined, grants: [] }),
            "servicePrincipal",
            "missing",
        ],
        [
            "a grant is removed",
            (live) => ({ ...live, grants: live.grants?.slice(0, 1) }),
            "grantedPermissions",
            ["User.Read"],
        ],
        [
            "a permission is removed",
            (live) =>
                withApplication(live, { requiredResourceAccess: live.application.requiredResourceAccess.slice(1) }),
            "requiredPermissions",
            ["access_as_user"],
        ],
    ];
    test.each(rows)("names one input when %s", (_case, change, property, value) => {
        const inputs = portalInputs();
        const observation = observed(change(wizardLive()), inputs);
        expect(drift(inputs, observation)).toEqual([property]);
        expect(liveInputs(inputs, observation)[property as "portalUrl"]).toEqual(value);
    });

    test("names the certificate by its thumbprint when it is removed", () => {
        const inputs = portalInputs();
        const live = liveInputs(inputs, observed(withApplication(wizardLive(), { keyCredentials: [] }), inputs));
        expect(live.certificate).toEqual({ ...inputs.certificate, thumbprint: "not registered" });
    });

    test("does not count grants that the caller may not read", () => {
        expect(drift(portalInputs(), observed({ ...wizardLive(), grants: undefined }))).toEqual([]);
    });

    test("a URI registered with a trailing slash is registered", () => {
        const live = withApplication(wizardLive(), { spa: { redirectUris: ["https://portal.abc.com:4443/"] } });
        expect(drift(portalInputs(), observed(live))).toEqual([]);
    });
});

describe("plan", () => {
    test("writes only our tag for an application as the wizard makes it", () => {
        const { application, servicePrincipal, grants, changes } = plan(portalInputs(), observed(wizardLive()));
        expect(changes).toEqual([expect.stringMatching(/^tags\/restore-portal:/)]);
        expect(Object.keys(application?.body ?? {})).toEqual(["tags"]);
        expect([servicePrincipal, grants]).toEqual([undefined, []]);
    });

    test("keeps entries of others unchanged when it adds a certificate", () => {
        const live = withApplication(sharedLive(), { keyCredentials: [FOREIGN_KEY] });
        const body = plan(portalInputs(), observed(live)).application?.body as { keyCredentials: unknown[] };
        expect(body.keyCredentials).toHaveLength(2);
        expect(body.keyCredentials[0]).toBe(live.application.keyCredentials[0]);
    });

    test("adds a scope to the scopes of others, and never changes those", () => {
        const live = withApplication(sharedLive(), { api: { oauth2PermissionScopes: [FOREIGN_SCOPE] } });
        const body = plan(portalInputs(), observed(live)).application?.body as {
            api: { oauth2PermissionScopes: unknown[] };
        };
        expect(body.api.oauth2PermissionScopes[0]).toBe(FOREIGN_SCOPE);
        expect(body.api.oauth2PermissionScopes[1]).toMatchObject({
            id: SCOPE_ID,
            value: "access_as_user",
            isEnabled: true,
        });
    });

    test("removes only its own URI when the program names another", () => {
        const inputs = portalInputs({ portalUrl: "https://new.abc.com:4443" });
        const managed = managedWith(observed(sharedLive()).managed, made("redirectUris/https://portal.abc.com:4443"));
        const body = plan(inputs, observed(sharedLive(), inputs, { managed })).application?.body as { spa: unknown };
        expect(body.spa).toEqual({ redirectUris: [FOREIGN_URI, "https://new.abc.com:4443"] });
    });

    test("keeps a URI that existed before when the program names another", () => {
        const inputs = portalInputs({ portalUrl: "https://new.abc.com:4443" });
        const body = plan(inputs, observed(sharedLive(), inputs)).application?.body as { spa: unknown };
        expect(body.spa).toEqual({
            redirectUris: [FOREIGN_URI, "https://portal.abc.com:4443", "https://new.abc.com:4443"],
        });
    });

    test("moves its own URI back from the platform Web", () => {
        const live = withApplication(wizardLive(), {
            spa: { redirectUris: [] },
            web: { ...wizardLive().application.web, redirectUris: ["https://portal.abc.com:4443", FOREIGN_URI] },
        });
        const managed = managedWith(observed(live).managed, made("redirectUris/https://portal.abc.com:4443"));
        const body = plan(portalInputs(), observed(live, portalInputs(), { managed })).application?.body;
        expect(body).toMatchObject({
            spa: { redirectUris: ["https://portal.abc.com:4443"] },
            web: { redirectUris: [FOREIGN_URI] },
        });
    });

    test("adds scopes to a grant that has scopes of others", () => {
        const [graph, self] = wizardLive().grants ?? [];
        const live = { ...wizardLive(), grants: [{ ...graph!, scope: "openid profile" }, self!] };
        expect(plan(portalInputs(), observed(live)).grants).toEqual([
            { resource: "graph", permissions: ["User.Read"], id: "g1", scope: "openid profile User.Read" },
        ]);
    });

    test("merges a missing permission into the entry of the same resource", () => {
        const foreign = { resourceAppId: GRAPH_APP_ID, resourceAccess: [{ id: "m1", type: "Role" }] };
        const live = withApplication(wizardLive(), { requiredResourceAccess: [foreign] });
        const body = plan(portalInputs(), observed(live)).application?.body as { requiredResourceAccess: unknown[] };
        expect(body.requiredResourceAccess).toEqual([
            {
                resourceAppId: GRAPH_APP_ID,
                resourceAccess: [
                    { id: "m1", type: "Role" },
                    { id: expect.any(String) as string, type: "Scope" },
                ],
            },
            { resourceAppId: APP_ID, resourceAccess: [{ id: SCOPE_ID, type: "Scope" }] },
        ]);
    });

    test("keeps a replaced certificate until a read shows the new one, and until its overlap ends", () => {
        const inputs = portalInputs();
        const old = {
            keyId: keyIdOf("C".repeat(40)),
            customKeyIdentifier: "C".repeat(40),
            endDateTime: "2026-09-01T00:00:00Z",
            key: null,
        };
        const managed = managedWith(observed(wizardLive()).managed, made(`certificates/${"C".repeat(40)}`));
        const retiring = [
            { thumbprint: "C".repeat(40), replacedOn: "2026-05-01T00:00:00Z", retiresOn: "2026-05-31T00:00:00Z" },
        ];
        const bodyFor = (keys: (typeof old)[]) =>
            plan(
                inputs,
                observed(withApplication(wizardLive(), { keyCredentials: keys }), inputs, { managed, retiring }),
            ).application?.body as { keyCredentials?: { keyId?: string }[] };
        const registered = { ...old, keyId: "k1", customKeyIdentifier: THUMBPRINT };
        expect(bodyFor([old]).keyCredentials?.map(({ keyId }) => keyId)).toEqual([
            old.keyId,
            expect.stringMatching(/^[0-9a-f-]{36}$/),
        ]);
        expect(bodyFor([old, registered]).keyCredentials?.map(({ keyId }) => keyId)).toEqual(["k1"]);
        const verifying = { ...inputs, registerCertificate: false };
        const live = withApplication(wizardLive(), { keyCredentials: [old] });
        expect(plan(verifying, observed(live, inputs, { managed, retiring })).changes.join()).not.toContain("cert");
    });
});

describe("tags", () => {
    const HOLDER = "0123456789abcdef";
    const OTHER = "fedcba9876543210";
    const uri = made("redirectUris/https://portal.abc.com:4443");

    test("record what the resource owns, so that it is known after a kill", () => {
        const key = { ...wizardLive().application.keyCredentials[0]!, keyId: keyIdOf(THUMBPRINT) };
        const live = withApplication(wizardLive(), { keyCredentials: [key] });
        const owned = [made("applicationIdUri"), uri, made(`certificates/${THUMBPRINT}`, key.keyId)];
        const tags = formatTags(
            "restore-portal",
            HOLDER,
            owned.map((entry) => encodeOwned(entry)!),
        );
        expect(tags).toHaveLength(1);
        const found = currentOwnership({ holder: HOLDER, owned: [], tags: [] }, withApplication(live, { tags })).owned;
        expect(found.map(({ item }) => item).sort()).toEqual(owned.map(({ item }) => item).sort());
    });

    test("of many URIs are split into tags of at most 256 characters", () => {
        const codes = Array.from({ length: 60 }, (_, index) =>
            encodeOwned(made(`redirectUris/https://p${index}.abc.com:4443`))!,
        );
        const tags = formatTags("restore-portal", HOLDER, codes);
        expect(tags.length).toBeGreaterThan(1);
        expect(tags.every((tag) => tag.length <= 256 && !/\s/.test(tag))).toBe(true);
    });

    test("of another stack protect what it needs", () => {
        const live = withApplication(wizardLive(), {
            tags: formatTags("restore-portal", OTHER, [`~${encodeOwned(uri)!}`]),
        });
        expect(isNeededByOthers(uri, HOLDER, live)).toBe(true);
        expect(isNeededByOthers(made("redirectUris/https://else.abc.com:4443"), HOLDER, live)).toBe(false);
        expect(isNeededByOthers(made("applicationIdUri"), HOLDER, live)).toBe(true);
        expect(isNeededByOthers(made("applicationIdUri"), HOLDER, wizardLive())).toBe(false);
    });
});

describe("planRelease", () => {
    test("removes exactly what was added, and the scope in a second step", () => {
        const { managed } = observed(sharedLive());
        const foreign = { ...sharedLive().application.keyCredentials[1]!, keyId: keyIdOf(THUMBPRINT) };
        const live = withApplication(sharedLive(), { keyCredentials: [FOREIGN_KEY, foreign] });
        const owned = [
            made("applicationIdUri"),
            made("accessAsUserScope", SCOPE_ID),
            made("redirectUris/https://portal.abc.com:4443"),
            made("requiredPermissions/access_as_user", SCOPE_ID),
            made(`certificates/${THUMBPRINT}`, foreign.keyId),
            made("grantedPermissions/User.Read", "g1"),
        ];
        const release = planRelease(live, managedWith(managed, ...owned));
        expect(release.application).toMatchObject({
            identifierUris: ["api://contoso.com/other"],
            spa: { redirectUris: [FOREIGN_URI] },
            keyCredentials: [FOREIGN_KEY],
            requiredResourceAccess: [{ resourceAppId: GRAPH_APP_ID }],
        });
        expect(release.grants).toEqual([{ id: "g1", scope: "" }]);
        expect(release.servicePrincipal).toBeUndefined();
        const rest = { ...withApplication(live, release.application ?? {}), grants: [] };
        expect(planRelease(rest, managedWith(managed, ...owned)).application).toEqual({
            api: { oauth2PermissionScopes: [FOREIGN_SCOPE] },
        });
    });

    test("hands over to another stack what that stack still needs", () => {
        const { managed } = observed(wizardLive());
        const other = formatTags("restore-portal", "fedcba9876543210", []);
        const own = formatTags("restore-portal", managed.holder, ["i"]);
        const live = withApplication(wizardLive(), { tags: [...other, ...own] });
        const release = planRelease(live, managedWith(managed, made("applicationIdUri")));
        expect(release.application).toEqual({ tags: ["restore-portal:fedcba9876543210:i"] });
    });

    test("plans nothing the second time", () => {
        const { managed } = observed(wizardLive());
        expect(planRelease(wizardLive(), managed)).toMatchObject({
            application: undefined,
            servicePrincipal: undefined,
            grants: [],
            changes: [],
        });
    });
});

// Prepares the body of a POST or PATCH of an application: refuses values of a wrong type, removes values that change
// nothing, and adds Entra's default values.
import { invalidValue } from "./graphError";
import { assertTypes, withDefaults } from "./applicationTypes";
import type { Application, AppRole, PermissionScope } from "./graphTypes";

type Body = Readonly<Record<string, unknown>>;

/**
 * A client may send back an application that it has read. Graph accepts unchanged ids, and `redirectUriSettings` that
 * name exactly the redirect URIs. They change nothing, so this function removes them.
 */
export function acceptedBody(base: Application, body: Body): Body {
    const own = ([name, value]: [string, unknown]) => (name === "id" || name === "appId") && value === base[name];
    const sent = Object.entries(withoutAnnotations(body) as Body).filter((entry) => !own(entry));
    assertTypes(Object.fromEntries(sent));
    const rest = Object.fromEntries(sent.map(([name, value]) => [name, withDefaults(name, value)]));
    const { web } = rest;
    if (typeof web !== "object" || web === null || !("redirectUriSettings" in web)) return rest;
    const { redirectUriSettings, ...others } = web as Body;
    assertSettings(redirectUriSettings, (others["redirectUris"] ?? base.web.redirectUris) as readonly unknown[]);
    return { ...rest, web: others };
}

/**
 * Microsoft's SDKs send the type of nested objects and lists, such as `"@odata.type":
 * "#microsoft.graph.spaApplication"`. These annotations are not properties, so this function removes them. It keeps the
 * annotations of the application itself, such as `owners@odata.bind`.
 */
function withoutAnnotations(value: unknown, isNested = false): unknown {
    if (Array.isArray(value)) return value.map((one) => withoutAnnotations(one, true));
    if (typeof value !== "object" || value === null) return value;
    const kept = Object.entries(value).filter(([name]) => !isNested || !name.includes("@odata"));
    return Object.fromEntries(kept.map(([name, one]) => [name, withoutAnnotations(one, true)]));
}

/** The settings must name exactly the redirect URIs that the application has after the change. */
function assertSettings(settings: unknown, redirectUris: readonly unknown[]): void {
    const isList = Array.isArray(settings) && Array.isArray(redirectUris);
    const uris = isList ? settings.map((one: unknown) => (one as { uri?: unknown } | null)?.uri) : [];
    const known = new Set(isList ? redirectUris : []);
    if (!isList || uris.length !== known.size || !uris.every((uri) => known.has(uri))) throw invalidValue("web");
}

export function withScopeDefaults(scope: Partial<PermissionScope>): PermissionScope {
    return {
        adminConsentDescription: scope.adminConsentDescription ?? null,
        adminConsentDisplayName: scope.adminConsentDisplayName ?? null,
        id: scope.id ?? "",
        isEnabled: scope.isEnabled ?? true,
        type: scope.type ?? "User",
        userConsentDescription: scope.userConsentDescription ?? null,
        userConsentDisplayName: scope.userConsentDisplayName ?? null,
        value: scope.value ?? null,
    };
}

export function withRoleDefaults(role: Partial<AppRole>): AppRole {
    return {
        allowedMemberTypes: role.allowedMemberTypes ?? [],
        description: role.description ?? null,
        displayName: role.displayName ?? null,
        id: role.id ?? "",
        isEnabled: role.isEnabled ?? true,
        origin: "Application",
        value: role.value ?? null,
    };
}

const TOKENS = ["idToken", "accessToken", "saml2Token"] as const;

export function withClaimDefaults(claims: unknown): unknown {
    if (claims === null || claims === undefined) return null;
    if (typeof claims !== "object" || Object.keys(claims).some((name) => !TOKENS.includes(name as "idToken"))) {
        throw invalidValue("optionalClaims");
    }
    return Object.fromEntries(TOKENS.map((token) => [token, claimsOf((claims as Body)[token])]));
}

function claimsOf(list: unknown): object[] {
    if (list === undefined || list === null) return [];
    if (!Array.isArray(list)) throw invalidValue("optionalClaims");
    return list.map((one: unknown) => {
        const claim = (one ?? {}) as Body;
        if (typeof claim["name"] !== "string") throw invalidValue("optionalClaims");
        return {
            additionalProperties: claim["additionalProperties"] ?? [],
            essential: claim["essential"] ?? false,
            name: claim["name"],
            source: claim["source"] ?? null,
        };
    });
}

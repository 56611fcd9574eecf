// What a token is asked for: the resources behind a request's `scope`, and which of their scopes.
// https://learn.microsoft.com/entra/identity-platform/scopes-oidc
import { backingApplication, type Viewpoint } from "../foreignApplications";
import type { Application, PermissionScope, ServicePrincipal } from "../graphTypes";
import { GRAPH_APP_ID, GRAPH_NAMES, graphScopes } from "../seed";
import { SignInFault } from "./signInError";

export interface Resource {
    /** As it was asked for. */
    readonly name: string;
    readonly appId: string;
    readonly principal: ServicePrincipal;
    /** `undefined`: Microsoft Graph. */
    readonly application: Application | undefined;
    /** What it publishes, less what is disabled. */
    readonly published: readonly PermissionScope[];
}

export interface RequestedScopes {
    /** OpenID Connect's own, which belong to no resource. */
    readonly identity: readonly string[];
    readonly resources: readonly { readonly resource: Resource; readonly scopes: readonly string[] }[];
}

type ResourceViewpoint = Viewpoint & { readonly url: string };

const IDENTITY_SCOPES = ["openid", "profile", "email", "offline_access"];

/** A scope without a resource before it is Graph's. */
export function requestedScopes(viewpoint: ResourceViewpoint, text: string): RequestedScopes {
    const words = text.split(/\s+/).filter(Boolean);
    const isIdentity = (word: string) => IDENTITY_SCOPES.includes(word);
    const byName = new Map<string, string[]>();
    for (const word of words.filter((one) => !isIdentity(one))) {
        const at = word.lastIndexOf("/");
        const name = at < 0 ? "https://graph.microsoft.com" : word.slice(0, at).replace(/\/$/, "");
        byName.set(name, [...(byName.get(name) ?? []), word.slice(at + 1)]);
    }
    const resources = [...byName].map(([name, scopes]) => ({ resource: resourceNamed(viewpoint, name), scopes }));
    return { identity: words.filter(isIdentity), resources };
}

/** By application ID URI or appId. Only what has a service principal in the tenant is there. */
export function resourceNamed(viewpoint: ResourceViewpoint, name: string): Resource {
    const { tenant, url } = viewpoint;
    if (name === url || GRAPH_NAMES.includes(name)) {
        const principal = tenant.servicePrincipalOf(GRAPH_APP_ID);
        if (principal)
            return { name, appId: GRAPH_APP_ID, principal, application: undefined, published: graphScopes() };
    }
    for (const principal of tenant.servicePrincipals.all()) {
        const application = backingApplication(viewpoint, principal.appId)?.application;
        if (!application || !(application.appId === name || application.identifierUris.includes(name))) continue;
        const published = application.api.oauth2PermissionScopes.filter(({ isEnabled }) => isEnabled);
        return { name, appId: application.appId, principal, application, published };
    }
    const text = `The resource principal named ${name} was not found in the tenant named ${tenant.tenantId}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`;
    throw new SignInFault(400, "invalid_resource", 500011, text);
}

/** The first that the resource does not publish, or has disabled. `.default` stands for all that was consented to. */
export function unknownScope({ resources }: RequestedScopes): { scope: string; resource: Resource } | undefined {
    for (const { resource, scopes } of resources) {
        const isKnown = (scope: string) =>
            scope === ".default" || resource.published.some(({ value }) => value === scope);
        const scope = scopes.find((one) => !isKnown(one));
        if (scope !== undefined) return { scope, resource };
    }
    return undefined;
}

// Finds the resources in a request's `scope`, and the requested scopes of each resource.
// https://learn.microsoft.com/entra/identity-platform/scopes-oidc
import { backingApplication, type Viewpoint } from "../foreignApplications";
import type { Application, PermissionScope, ServicePrincipal } from "../graphTypes";
import { GRAPH_APP_ID, GRAPH_NAMES, graphScopes } from "../microsoftGraph";
import type { Tenant } from "../tenant";
import { SignInFault } from "./signInError";

export interface Resource {
    /** The resource's name in the request, or Graph's URL if the request names no resource. */
    readonly name: string;
    readonly appId: string;
    readonly principal: ServicePrincipal;
    /** `undefined` for Microsoft Graph, whose application is not in the emulator. */
    readonly application: Application | undefined;
    /** The enabled scopes of the resource. */
    readonly published: readonly PermissionScope[];
}

export interface RequestedScopes {
    /** OpenID Connect's own scopes, which belong to no resource. */
    readonly identity: readonly string[];
    readonly resources: readonly { readonly resource: Resource; readonly scopes: readonly string[] }[];
}

type ResourceViewpoint = Viewpoint & { readonly url: string };

const IDENTITY_SCOPES = ["openid", "profile", "email", "offline_access"];

/** A scope without the name of a resource in front belongs to Graph, except for OpenID Connect's own scopes. */
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

/**
 * Finds a resource by Application ID URI or appId. The resource must have an enabled service principal in the tenant.
 */
export function resourceNamed(viewpoint: ResourceViewpoint, name: string): Resource {
    const { tenant, url } = viewpoint;
    const resource = name === url || GRAPH_NAMES.includes(name) ? graph(tenant, name) : published(viewpoint, name);
    if (!resource) {
        const text = `The resource principal named ${name} was not found in the tenant named ${tenant.tenantId}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`;
        throw new SignInFault(400, "invalid_resource", 500011, text);
    }
    if (resource.principal.accountEnabled) return resource;
    const text = `The service principal for resource '${name}' is disabled. This indicate that a subscription within the tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens from being issued for it.`;
    throw new SignInFault(400, "invalid_resource", 500014, text);
}

function graph(tenant: Tenant, name: string): Resource | undefined {
    const principal = tenant.servicePrincipalOf(GRAPH_APP_ID);
    return principal && { name, appId: GRAPH_APP_ID, principal, application: undefined, published: graphScopes() };
}

function published(viewpoint: ResourceViewpoint, name: string): Resource | undefined {
    for (const principal of viewpoint.tenant.servicePrincipals.all()) {
        const application = backingApplication(viewpoint, principal.appId)?.application;
        if (!application || !(application.appId === name || application.identifierUris.includes(name))) continue;
        const scopes = application.api.oauth2PermissionScopes.filter(({ isEnabled }) => isEnabled);
        return { name, appId: application.appId, principal, application, published: scopes };
    }
    return undefined;
}

/** Returns the first scope that is unknown or disabled. `.default` means all scopes with consent. */
export function unknownScope({ resources }: RequestedScopes): { scope: string; resource: Resource } | undefined {
    for (const { resource, scopes } of resources) {
        const isKnown = (scope: string) =>
            scope === ".default" || resource.published.some(({ value }) => value === scope);
        const scope = scopes.find((one) => !isKnown(one));
        if (scope !== undefined) return { scope, resource };
    }
    return undefined;
}

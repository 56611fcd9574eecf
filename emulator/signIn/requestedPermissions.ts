// Finds the permissions for the admin consent page: the delegated permissions in the request, or the permissions that
// the application requires.
import { usableApplication, type Viewpoint } from "../foreignApplications";
import type { Application, PermissionScope } from "../graphTypes";
import { GRAPH_APP_ID, GRAPH_NAMES, graphScopes } from "../microsoftGraph";
import { GRAPH_ROLES } from "../microsoftGraph/roles";
import { SignInFault } from "./signInError";

export interface RequestedPermissions {
    readonly resourceAppId: string;
    readonly scopes: readonly string[];
    /** Application permissions of Microsoft Graph. Only an administrator can consent to them. */
    readonly roles?: readonly string[];
}

/**
 * `scope` lists `<resource>/<permission>` or `<resource>/.default`, separated by spaces. An entry without a resource
 * belongs to Microsoft Graph. `null` means the permissions that the application requires: the delegated permissions of
 * all resources, and Graph's application permissions.
 */
export function requestedPermissions(
    viewpoint: Viewpoint & { readonly url: string },
    application: Application,
    scope: string | null,
): RequestedPermissions[] {
    const required = requiredOf(viewpoint, application);
    if (scope === null) return required;
    return scope
        .split(/\s+/)
        .filter(Boolean)
        .map((word) => {
            const at = word.lastIndexOf("/");
            const name = at < 0 ? GRAPH_APP_ID : word.slice(0, at).replace(/\/$/, "");
            const value = word.slice(at + 1);
            const resourceAppId = appIdOf(viewpoint, application, name);
            if (value === ".default") {
                const scopes = required
                    .filter((one) => one.resourceAppId === resourceAppId)
                    .flatMap((one) => one.scopes);
                return { resourceAppId, scopes };
            }
            if (publishedBy(viewpoint, resourceAppId).some((one) => one.value === value))
                return { resourceAppId, scopes: [value] };
            const text = `The application '${application.displayName}' asked for scope '${value}' that doesn't exist on the resource '${resourceAppId}'. Contact the app vendor.`;
            throw new SignInFault(400, "invalid_client", 650053, text);
        });
}

function requiredOf(viewpoint: Viewpoint, { requiredResourceAccess }: Application): RequestedPermissions[] {
    return requiredResourceAccess.map(({ resourceAppId, resourceAccess }) => {
        const ids = new Set(resourceAccess.filter(({ type }) => type === "Scope").map(({ id }) => id));
        const scopes = publishedBy(viewpoint, resourceAppId).flatMap(({ id, value }) =>
            ids.has(id) && value !== null ? [value] : [],
        );
        return { resourceAppId, scopes, roles: resourceAppId === GRAPH_APP_ID ? graphRolesOf(resourceAccess) : [] };
    });
}

function graphRolesOf(access: readonly { readonly id: string; readonly type: string }[]): string[] {
    const ids = access.filter(({ type }) => type === "Role").map(({ id }) => id);
    return GRAPH_ROLES.filter(([, id]) => ids.includes(id)).map(([value]) => value);
}

function publishedBy(viewpoint: Viewpoint, appId: string): readonly PermissionScope[] {
    if (appId === GRAPH_APP_ID) return graphScopes();
    const scopes = usableApplication(viewpoint, appId)?.application.api.oauth2PermissionScopes ?? [];
    return scopes.filter(({ isEnabled }) => isEnabled);
}

function appIdOf(viewpoint: Viewpoint & { readonly url: string }, client: Application, name: string): string {
    if (name === viewpoint.url || GRAPH_NAMES.includes(name)) return GRAPH_APP_ID;
    // The client can be its own resource. A multi-tenant client of another tenant is not in `tenant.applications`.
    if (client.appId === name || client.identifierUris.includes(name)) return client.appId;
    const own = viewpoint.tenant.applications.find((one) => one.appId === name || one.identifierUris.includes(name));
    if (own) return own.appId;
    const text = `The resource principal named ${name} was not found in the tenant named ${viewpoint.tenant.tenantId}.`;
    throw new SignInFault(400, "invalid_resource", 500011, text);
}

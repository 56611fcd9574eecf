// Reads and adds consent: the grants that allow an application to act for a user.
// https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview
import { grantId } from "../grants";
import type { Application, OAuth2PermissionGrant, ServicePrincipal } from "../graphTypes";
import type { Tenant } from "../tenant";
import type { TenantUser } from "../graphTypes";
import type { RequestedScopes, Resource } from "./resources";
import { SignInFault } from "./signInError";

export interface Consenting {
    readonly tenant: Tenant;
    readonly user: TenantUser;
    /** The client's service principal. */
    readonly principal: ServicePrincipal;
}

/**
 * Returns the scopes from a tenant-wide grant and from the user's own grant, and those for which the resource
 * pre-authorizes the client.
 */
export function consentedScopes({ tenant, user, principal }: Consenting, resource: Resource): ReadonlySet<string> {
    const grants = tenant.grants.all().filter((grant) => {
        const isFor = grant.consentType === "AllPrincipals" || grant.principalId === user.id;
        return isFor && grant.clientId === principal.id && grant.resourceId === resource.principal.id;
    });
    return new Set([
        ...grants.flatMap(({ scope }) => scope.split(" ").filter(Boolean)),
        ...preAuthorized(resource, principal.appId),
    ]);
}

function preAuthorized({ application, published }: Resource, clientAppId: string): string[] {
    const entries = application?.api.preAuthorizedApplications.filter(({ appId }) => appId === clientAppId) ?? [];
    const ids = new Set(entries.flatMap(({ delegatedPermissionIds }) => delegatedPermissionIds));
    return published.flatMap(({ id, value }) => (ids.has(id) && value !== null ? [value] : []));
}

export interface Missing {
    readonly resource: Resource;
    readonly scopes: readonly string[];
}

export function missingConsent(consenting: Consenting, { resources }: RequestedScopes): readonly Missing[] {
    return resources.flatMap(({ resource, scopes }) => {
        const consented = consentedScopes(consenting, resource);
        const missing = scopes.filter((scope) => (scope === ".default" ? consented.size === 0 : !consented.has(scope)));
        return missing.length > 0 ? [{ resource, scopes: missing }] : [];
    });
}

export function noConsent(error: "invalid_grant" | "interaction_required", application: Application): SignInFault {
    const text = `The user or administrator has not consented to use the application with ID '${application.appId}' named '${application.displayName}'. Send an interactive authorization request for this user and resource.`;
    return new SignInFault(400, error, 65001, text, "consent_required");
}

/**
 * Adds scopes to a grant, and creates the grant if it does not exist. If `principalId` is null, the grant applies to
 * the whole organization.
 */
export function grantConsent(
    tenant: Tenant,
    grant: Pick<OAuth2PermissionGrant, "clientId" | "resourceId" | "principalId">,
    scopes: readonly string[],
): void {
    const consentType = grant.principalId === null ? "AllPrincipals" : "Principal";
    const id = grantId({ ...grant, consentType, scope: "" });
    const before = tenant.grants.current(id)?.scope.split(" ").filter(Boolean) ?? [];
    tenant.grants.put({ ...grant, id, consentType, scope: [...new Set([...before, ...scopes])].join(" ") });
}

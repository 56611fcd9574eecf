// Finds the application that requests a token, and applies the tenant's rules for it.
import { usableApplication, type VisibleApplication, type Viewpoint } from "../foreignApplications";
import type { Application, ServicePrincipal } from "../graphTypes";
import { ORGANIZATION_NAME } from "../organization";
import type { Tenant } from "../tenant";
import { SignInFault } from "./signInError";

/** Finds an application of the tenant, or a multi-tenant application of another tenant. */
export function clientOf(viewpoint: Viewpoint, clientId: string): VisibleApplication {
    assertIdentifier(clientId);
    const visible = usableApplication(viewpoint, clientId.toLowerCase());
    if (visible) return visible;
    throw notFound(clientId, ORGANIZATION_NAME);
}

export function assertIdentifier(clientId: string): void {
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(clientId)) return;
    throw new SignInFault(400, "unauthorized_client", 700038, `${clientId} is not a valid application identifier.`);
}

/** `directory` names the tenant in the message: its display name, its id, or `organizations`. */
export function notFound(clientId: string, directory: string): SignInFault {
    const text = `Application with identifier '${clientId}' was not found in the directory '${directory}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`;
    return new SignInFault(400, "unauthorized_client", 700016, text);
}

/** At a user's sign-in, Entra treats an application without a service principal in the tenant as unknown. */
export function principalOf(tenant: Tenant, { appId }: Application): ServicePrincipal {
    const principal = tenant.servicePrincipalOf(appId);
    if (principal) return principal;
    throw notFound(appId, ORGANIZATION_NAME);
}

export function assertEnabled(application: Application, principal: ServicePrincipal): void {
    if (principal.accountEnabled && application.isDisabled !== true) return;
    const text = `Application '${application.appId}'(${application.displayName}) is disabled.`;
    throw new SignInFault(400, "unauthorized_client", 7000112, text);
}

// Makes the consent page, which a user gets if an application requests permissions that lack consent.
// https://learn.microsoft.com/entra/identity-platform/application-consent-experience
import { recordConsent } from "../auditLog/recording";
import type { Answer } from "../context";
import type { Viewpoint } from "../foreignApplications";
import type { Application, ServicePrincipal } from "../graphTypes";
import { grantConsent, missingConsent, noConsent, type Missing } from "./consent";
import type { RequestedScopes } from "./resources";
import { SignInFault } from "./signInError";
import { consentPage, DECISION } from "./signInPages";
import type { Visitor } from "./signInRequest";

export interface ConsentPrompt {
    readonly params: URLSearchParams;
    readonly visitor: Visitor;
    /** All tenants of the cloud, by tenant id. */
    readonly tenants: Viewpoint["tenants"];
    readonly application: Application;
    readonly principal: ServicePrincipal;
    readonly requested: RequestedScopes;
}

/**
 * Returns the consent page, or `undefined` if consent exists or the user has just accepted. The consent applies to this
 * user only.
 */
export function promptForConsent({
    params,
    visitor,
    tenants,
    application,
    principal,
    requested,
}: ConsentPrompt): Answer | undefined {
    const { tenant, user } = visitor;
    const missing = missingConsent({ tenant, user, principal }, requested);
    if (missing.length === 0) return undefined;
    if (params.get("prompt") === "none") throw noConsent("interaction_required", application);
    if (!user.isAdministrator && missing.some(needsAdministrator)) throw needAdminApproval();
    const decision = params.get(DECISION);
    if (decision === null) {
        const permissions = missing.flatMap(described);
        const applicationName = application.displayName;
        return consentPage({ params, user, applicationName, permissions, isForOrganization: false });
    }
    assertAccepted(decision);
    recordConsent({ viewpoint: { tenant, tenants }, user, isForOrganization: false }, () => {
        for (const { resource, scopes } of missing) {
            const grant = { clientId: principal.id, resourceId: resource.principal.id, principalId: user.id };
            grantConsent(tenant, grant, scopes);
        }
        return principal.id;
    });
    return undefined;
}

export function assertAccepted(decision: string): void {
    if (decision === "accept") return;
    throw new SignInFault(400, "access_denied", 65004, "User declined to consent to access the app.");
}

export const NEEDS_ADMINISTRATOR = 90094;

export function needAdminApproval(): SignInFault {
    return new SignInFault(400, "access_denied", NEEDS_ADMINISTRATOR, "The grant requires administrator permission.");
}

/** Users may consent to scopes of type `User`. The emulated tenant's settings allow that. */
function needsAdministrator({ resource, scopes }: Missing): boolean {
    return scopes.some((scope) => resource.published.find(({ value }) => value === scope)?.type !== "User");
}

function described({ resource, scopes }: Missing): string[] {
    return scopes.map((scope) => {
        const published = resource.published.find(({ value }) => value === scope);
        return published?.userConsentDisplayName ?? published?.adminConsentDisplayName ?? scope;
    });
}

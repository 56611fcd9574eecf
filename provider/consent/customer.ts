// Finds a customer's tenant and signs in to it. If that fails, the error says what to do.
import { consentUrlOf } from "../sync/grants";
import { callerOf, missingConsentPermissions, neededForConsent, WHO_GRANTS_THERE } from "../entra/callerPermissions";
import { cloudOf, type Cloud } from "../entra/clouds";
import type { Region } from "../inputs/regions";
import { readCredentials } from "../entra/credentials";
import { discoverTenant } from "../entra/discovery";
import { environmentOf } from "../entra/credentialVariables";
import { isDenied } from "../entra/graphErrors";
import { openSession, type Session } from "../entra/session";
import { PortalError } from "../portalError";
import type { ConsentInputs } from "./rules/inputs";

export interface Customer {
    /** The tenant's GUID. */
    readonly tenantId: string;
    readonly cloud: Cloud;
    readonly loginUrl: string;
}

interface Where {
    readonly region: string;
    readonly credentials?: string | undefined;
    readonly mode?: string | undefined;
}

/** A destroy uses the mode in state, so a changed mode has no effect before the next `pulumi up`. */
const VERIFY_INSTEAD = 'set mode to "verify" and run pulumi up';

/**
 * Resolves the input `tenantId`, which may be a domain, to the GUID of the tenant. Throws if the tenant is unknown or
 * belongs to another cloud.
 */
export async function locate({ region, credentials, tenantId }: ConsentInputs): Promise<Customer> {
    const discovered = await discoverTenant(tenantId, region as Region, { credentials });
    return customerAt({ region, credentials }, discovered.tenantId);
}

/**
 * Returns the customer with this tenant GUID. `locate` resolved the GUID, either now or when the resource was created
 * or imported.
 */
export async function customerAt({ region, credentials }: Where, tenantId: string): Promise<Customer> {
    const cloud = await cloudOf(region as Region, environmentOf(credentials));
    return { tenantId, cloud, loginUrl: cloud.loginUrl };
}

export async function openCustomer({ region, credentials, mode }: Where, customer: Customer): Promise<Session> {
    try {
        return await openSession({ region, credentials, tenantId: customer.tenantId, acrossTenants: true });
    } catch (error) {
        throw withConsentAdvice(error, customer, { credentials, mode });
    }
}

/**
 * The deploying identity is unknown in a tenant until an administrator there consents to it. So the error advises how
 * to consent.
 */
function withConsentAdvice(error: unknown, customer: Customer, { credentials, mode }: Omit<Where, "region">): unknown {
    if (!(error instanceof PortalError) || !/AADSTS(700016|7000229)\b/.test(error.message)) return error;
    const { clientId = "" } = readCredentials(environmentOf(credentials));
    const link = consentUrlOf(customer.loginUrl, customer.tenantId, clientId);
    // Mode "verify" signs in to the tenant only if the program sets credentials.
    const otherwise = mode === "verify" ? "remove the argument credentials" : VERIFY_INSTEAD;
    return error.withAdvice(
        `if the deploying identity is the service provider's own multi-tenant identity, let an administrator of the tenant consent to it at ${link}; or give credentials of that tenant, or ${otherwise}`,
    );
}

/**
 * Runs before the first write, because Entra's refusal of a write does not show the reason: if the caller's only
 * permission is Application.ReadWrite.OwnedBy, the error is the same as during a replication lag.
 */
export function assertMayConsent(session: Session): void {
    const missing = missingConsentPermissions(session);
    if (missing.length === 0) return;
    const permissions = missing.length === 1 ? "permission" : "permissions";
    throw new PortalError(
        "ERR_GRAPH_DENIED",
        `consenting in tenant ${session.tenantId}: ${callerOf(session)} lacks the Microsoft Graph application ${permissions} ${missing.join(" and ")} there; in that tenant, ${WHO_GRANTS_THERE}; or set mode to "verify"`,
    );
}

/**
 * If Graph denied access, adds to the error the permissions or the role that the identity needs. `alternative`: what
 * the user can do instead. If it is empty, the error names nothing else.
 */
export function withCustomerAdvice(error: unknown, session: Session, alternative = `; or ${VERIFY_INSTEAD}`): unknown {
    if (!(error instanceof PortalError) || !isDenied(error)) return error;
    return error.withAdvice(`in tenant ${session.tenantId}, ${neededForConsent(session)}${alternative}`);
}

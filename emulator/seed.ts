// Makes the objects that every tenant starts with: Microsoft Graph's service principal, users, and identities that may
// sign in.
import { randomBytes, randomUUID } from "node:crypto";

import { blankApplication, blankServicePrincipal } from "./blankObjects";
import { GRAPH_APP_ID, graphRoleId } from "./microsoftGraph";
import { hashSecret, Tenant } from "./tenant";
import { seedUsers } from "./users";

export interface Identity {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    /** The object id of the identity's service principal. */
    readonly objectId: string;
}

/** A deployment needs these permissions. With `adminConsent: false`, the first permission is enough. */
export const DEPLOYER_ROLES = ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All"];
export const ADMIN_ROLES = [
    "Application.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.Read.All",
    "AppRoleAssignment.ReadWrite.All",
    "Policy.ReadWrite.ApplicationConfiguration",
    "Policy.ReadWrite.ConditionalAccess",
    "Policy.Read.All",
    "Group.ReadWrite.All",
    "User.ReadWrite.All",
    "Domain.Read.All",
];

export function newTenant(tenantId: string, verifiedDomains: readonly string[], now: () => number): Tenant {
    const tenant = new Tenant(tenantId, verifiedDomains, now);
    tenant.servicePrincipals.put(blankServicePrincipal(tenant.graphServicePrincipalId, GRAPH_APP_ID, undefined));
    seedUsers(tenant);
    return tenant;
}

/** Adds an application with a service principal, a client secret and Graph permissions, for clients that sign in. */
export function addIdentity(tenant: Tenant, displayName: string, roles: readonly string[]): Identity {
    const now = new Date(tenant.now());
    const application = blankApplication(randomUUID(), randomUUID(), now, tenant.verifiedDomains[0] ?? "");
    const clientSecret = `${randomBytes(2).toString("hex")}~${randomBytes(24).toString("base64url")}`;
    const keyId = randomUUID();
    const end = new Date(now);
    // The secret is valid for many years, because tests move the clock forward by years.
    end.setUTCFullYear(end.getUTCFullYear() + 10);
    const secret = {
        customKeyIdentifier: null,
        displayName: "pipeline",
        endDateTime: end.toISOString(),
        hint: clientSecret.slice(0, 3),
        keyId,
        secretText: null,
        startDateTime: now.toISOString(),
    };
    tenant.secrets.set(keyId, hashSecret(clientSecret));
    tenant.applications.put({ ...application, displayName, passwordCredentials: [secret] });
    const objectId = addServicePrincipal(tenant, application.appId, roles);
    return { tenantId: tenant.tenantId, clientId: application.appId, clientSecret, objectId };
}

/** Adds a service principal with Graph application permissions, as admin consent does. Returns its object id. */
export function addServicePrincipal(tenant: Tenant, appId: string, roles: readonly string[]): string {
    const servicePrincipal = blankServicePrincipal(randomUUID(), appId, new Date(tenant.now()));
    tenant.servicePrincipals.put(servicePrincipal);
    tenant.grantRoles(servicePrincipal.id, roles);
    return servicePrincipal.id;
}

/** A service provider's deployment needs these permissions in the tenants of customers. */
const CUSTOMER_ROLES = ["Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];

/**
 * Makes an identity multi-tenant. The administrators of other tenants can then consent to its application permissions.
 */
export function openToCustomers(tenant: Tenant, { clientId }: Identity): void {
    const application = tenant.applicationOf(clientId);
    if (!application) return;
    const resourceAccess = CUSTOMER_ROLES.map((role) => ({ id: graphRoleId(role), type: "Role" }));
    tenant.applications.put({
        ...application,
        signInAudience: "AzureADMultipleOrgs",
        // Entra sends the administrator to this URI after the consent.
        web: { ...application.web, redirectUris: ["https://localhost/"] },
        requiredResourceAccess: [{ resourceAppId: GRAPH_APP_ID, resourceAccess }],
    });
}

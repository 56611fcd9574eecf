// Makes the objects that every tenant starts with: Microsoft Graph's service principal, users, and identities that may
// sign in.
import { randomBytes, randomUUID } from "node:crypto";

import { blankApplication } from "./applicationRules";
import type { PermissionScope } from "./graphTypes";
import { hashSecret, Tenant } from "./tenant";
import { seedUsers } from "./users";

export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
/** The names by which a client can request a token for Graph. The emulator's own URL is another name. */
export const GRAPH_NAMES: readonly string[] = ["https://graph.microsoft.com", GRAPH_APP_ID];

/** Delegated permissions of Microsoft Graph. Their ids are the same in every tenant (Graph permissions reference). */
export function graphScopes(): PermissionScope[] {
    const scopes: [string, string][] = [
        ["e1fe6dd8-ba31-4d61-89e7-88639da4683d", "User.Read"],
        ["37f7f235-527c-4136-accd-4a02d197296e", "openid"],
        ["14dad69e-099b-42c9-810b-d002981feec1", "profile"],
        ["64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", "email"],
        ["7427e0e9-2fba-42fe-b0c0-848c9e6a8182", "offline_access"],
    ];
    return scopes.map(([id, value]) => ({
        adminConsentDescription: value,
        adminConsentDisplayName: value,
        id,
        isEnabled: true,
        type: "User",
        userConsentDescription: value,
        userConsentDisplayName: value,
        value,
    }));
}

export interface Identity {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    /** The object id of its service principal. */
    readonly objectId: string;
}

/** A deployment needs at least these permissions. */
export const DEPLOYER_ROLES = ["Application.ReadWrite.OwnedBy", "DelegatedPermissionGrant.ReadWrite.All"];
export const ADMIN_ROLES = [
    "Application.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.Read.All",
    "AppRoleAssignment.ReadWrite.All",
    "Policy.ReadWrite.ApplicationConfiguration",
];

export function newTenant(tenantId: string, verifiedDomains: readonly string[], now: () => number): Tenant {
    const tenant = new Tenant(tenantId, verifiedDomains, now);
    tenant.servicePrincipals.put({
        id: tenant.graphServicePrincipalId,
        deletedDateTime: null,
        accountEnabled: true,
        appId: GRAPH_APP_ID,
        appRoleAssignmentRequired: false,
        createdDateTime: new Date(now()).toISOString(),
        description: null,
        notes: null,
        servicePrincipalType: "Application",
        tags: [],
    });
    seedUsers(tenant);
    return tenant;
}

/** Adds an application with a service principal, a secret and Graph permissions. A pipeline can sign in as it. */
export function addIdentity(tenant: Tenant, displayName: string, roles: readonly string[]): Identity {
    const now = new Date(tenant.now());
    const application = blankApplication(randomUUID(), randomUUID(), now, tenant.verifiedDomains[0] ?? "");
    const clientSecret = `${randomBytes(2).toString("hex")}~${randomBytes(24).toString("base64url")}`;
    const keyId = randomUUID();
    const end = new Date(now);
    // The secret stays valid for long, because tests move the clock forward by years.
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
    const servicePrincipal = {
        ...tenant.servicePrincipals.current(tenant.graphServicePrincipalId),
        id: randomUUID(),
        appId,
    };
    tenant.servicePrincipals.put(servicePrincipal as never);
    tenant.roles.set(servicePrincipal.id, [...roles]);
    return servicePrincipal.id;
}

// Makes the inputs of a portal and an observation of Entra, for tests that run without a tenant.
import { completeInputs } from "../../../provider/portal/rules/checkInputs";
import type { Observation } from "../../../provider/portal/rules/live";
import type { RestorePortalAppInputs } from "../../../provider/portal/rules/inputs";
import { type Live, GRAPH_APP_ID } from "../../../provider/entra/live";
import type { Owned } from "../../../provider/sync/owned";
import { initialManaged } from "../../../provider/portal/rules/registration";
import { ENTERPRISE_APPLICATION_TAG, USER_READ_SCOPE_ID, accessAsUserScope } from "../../../provider/sync/permissions";

export const APP_ID = "58a0f8e1-97bd-4804-ba69-bf1ed293e017";
export const SCOPE_ID = "11111111-2222-4333-8444-555555555555";
export const THUMBPRINT = "A".repeat(40);
const SP_ID = "77777777-0000-4000-8000-000000000001";
const GRAPH_SP_ID = "77777777-0000-4000-8000-000000000002";

export function portalInputs(overrides: Record<string, unknown> = {}): RestorePortalAppInputs {
    const given = {
        identity: "organization/portals/dev/portal",
        applicationId: APP_ID,
        portalUrl: "https://portal.abc.com:4443",
        certificate: {
            certificatePem: "pem",
            thumbprint: THUMBPRINT,
            notBefore: "2026-01-01T00:00:00Z",
            notAfter: "2027-01-01T00:00:00Z",
        },
        ...overrides,
    };
    return completeInputs(given, {});
}

/**
 * Returns the observation after VB365's wizard ran: it contains everything that a portal needs. Source: Veeam's scripts
 * and help pages.
 */
export function wizardLive(): Live {
    return {
        application: {
            id: "66666666-0000-4000-8000-000000000001",
            appId: APP_ID,
            displayName: "Restore Portal",
            signInAudience: "AzureADMyOrg",
            identifierUris: [`api://${APP_ID}`],
            tags: [],
            api: { oauth2PermissionScopes: [accessAsUserScope(SCOPE_ID)] },
            spa: { redirectUris: ["https://portal.abc.com:4443"] },
            publicClient: { redirectUris: [] },
            web: {
                redirectUris: [],
                implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false },
            },
            requiredResourceAccess: [
                { resourceAppId: GRAPH_APP_ID, resourceAccess: [{ id: USER_READ_SCOPE_ID, type: "Scope" }] },
                { resourceAppId: APP_ID, resourceAccess: [{ id: SCOPE_ID, type: "Scope" }] },
            ],
            keyCredentials: [
                {
                    keyId: "k1",
                    customKeyIdentifier: THUMBPRINT,
                    endDateTime: "2027-01-01T00:00:00Z",
                    key: null,
                    type: "AsymmetricX509Cert",
                },
            ],
        },
        servicePrincipal: {
            id: SP_ID,
            appId: APP_ID,
            accountEnabled: true,
            appRoleAssignmentRequired: false,
            tags: [ENTERPRISE_APPLICATION_TAG],
        },
        grants: [
            { id: "g1", clientId: SP_ID, consentType: "AllPrincipals", resourceId: GRAPH_SP_ID, scope: "User.Read" },
            { id: "g2", clientId: SP_ID, consentType: "AllPrincipals", resourceId: SP_ID, scope: "access_as_user" },
        ],
        owners: undefined,
        graphServicePrincipalId: GRAPH_SP_ID,
    };
}

export function observed(live: Live, inputs = portalInputs(), overrides: Partial<Observation> = {}): Observation {
    const managed = initialManaged(inputs, SCOPE_ID);
    return { live, managed, before: undefined, retiring: [], now: new Date("2026-06-01T00:00:00Z"), ...overrides };
}

/** Returns the observation with other values in some fields of the application. */
export function withApplication(live: Live, fields: Partial<Live["application"]>): Live {
    return { ...live, application: { ...live.application, ...fields } };
}

/** Returns the record of a resource that owns these entries. */
export function managedWith(managed: Observation["managed"], ...owned: readonly Owned[]): Observation["managed"] {
    return { ...managed, owned };
}

export function made(item: string, id?: string): Owned {
    return { item, ...(id === undefined ? {} : { id }), how: "answered" };
}

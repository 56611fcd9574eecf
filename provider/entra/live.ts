// Defines the types of live objects in Entra, with Graph's own names and only the fields that the provider uses.

/** The Application ID of Microsoft Graph. It is the same in every tenant and cloud. */
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";

/** One delegated permission that an application publishes (Graph: permissionScope). */
export interface PermissionScope {
    readonly id: string;
    readonly value: string | null;
    readonly isEnabled: boolean;
    readonly [field: string]: unknown;
}

export interface KeyCredential {
    readonly keyId: string;
    /** SHA-1 thumbprint of the certificate, upper-case hex, unless somebody set another value. */
    readonly customKeyIdentifier: string | null;
    readonly startDateTime?: string;
    readonly endDateTime: string;
    readonly [field: string]: unknown;
}

export interface RequiredResourceAccess {
    readonly resourceAppId: string;
    readonly resourceAccess: readonly { readonly id: string; readonly type: string }[];
}

export interface LiveApplication {
    readonly id: string;
    readonly appId: string;
    readonly displayName: string;
    readonly signInAudience: string;
    readonly identifierUris: readonly string[];
    readonly tags: readonly string[];
    readonly isDisabled?: boolean | null;
    readonly serviceManagementReference?: string | null;
    readonly uniqueName?: string | null;
    readonly api: { readonly oauth2PermissionScopes: readonly PermissionScope[] };
    readonly spa: { readonly redirectUris: readonly string[] };
    readonly publicClient: { readonly redirectUris: readonly string[] };
    readonly web: {
        readonly redirectUris: readonly string[];
        readonly implicitGrantSettings: {
            readonly enableIdTokenIssuance: boolean;
            readonly enableAccessTokenIssuance: boolean;
        };
    };
    readonly requiredResourceAccess: readonly RequiredResourceAccess[];
    readonly keyCredentials: readonly KeyCredential[];
    readonly passwordCredentials?: readonly { readonly keyId: string; readonly displayName?: string | null }[];
    readonly appRoles?: readonly { readonly id: string; readonly value?: string | null }[];
}

export interface LiveServicePrincipal {
    readonly id: string;
    readonly appId: string;
    readonly accountEnabled: boolean;
    readonly appRoleAssignmentRequired: boolean;
    /** Entra copies this value from the application. */
    readonly signInAudience?: string | null;
    readonly tags: readonly string[];
}

/** Graph calls this object oAuth2PermissionGrant. */
export interface LiveGrant {
    readonly id: string;
    readonly clientId: string;
    readonly consentType: string;
    readonly resourceId: string;
    readonly scope: string;
}

/** One observation of a portal's application, with its service principal, grants and owners. */
export interface Live {
    readonly application: LiveApplication;
    readonly servicePrincipal: LiveServicePrincipal | undefined;
    /** `undefined`: the grants were not read, or the caller is not allowed to read them. */
    readonly grants: readonly LiveGrant[] | undefined;
    /**
     * The object ids of the owners. `undefined`: the owners were not read, or the caller is not allowed to read them.
     */
    readonly owners: readonly string[] | undefined;
    /** The object id of Microsoft Graph's service principal in this tenant. */
    readonly graphServicePrincipalId: string;
}

/** One observation of the objects on which consent in a tenant depends. */
export type LiveConsent = Pick<Live, "servicePrincipal" | "grants" | "graphServicePrincipalId">;

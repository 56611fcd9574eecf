// Defines the directory objects of a tenant. Except in `TenantUser`, the properties have Graph's names. The compiler
// compares most of these names with Microsoft's types.
import type * as Graph from "@microsoft/microsoft-graph-types";

export interface KeyCredential {
    customKeyIdentifier: string;
    displayName: string | null;
    endDateTime: string;
    /** The DER certificate in base64. Graph returns it only if a GET of one object selects `keyCredentials`. */
    key: string | null;
    keyId: string;
    startDateTime: string;
    type: string;
    usage: string;
}

export interface PasswordCredential {
    customKeyIdentifier: null;
    displayName: string | null;
    endDateTime: string;
    hint: string;
    keyId: string;
    secretText: string | null;
    startDateTime: string;
}

export interface PermissionScope {
    adminConsentDescription: string | null;
    adminConsentDisplayName: string | null;
    id: string;
    isEnabled: boolean;
    type: string;
    userConsentDescription: string | null;
    userConsentDisplayName: string | null;
    value: string | null;
}

export interface AppRole {
    allowedMemberTypes: string[];
    description: string | null;
    displayName: string | null;
    id: string;
    isEnabled: boolean;
    origin: string;
    value: string | null;
}

export interface RequiredResourceAccess {
    resourceAppId: string;
    resourceAccess: { id: string; type: string }[];
}

export interface PreAuthorizedApplication {
    appId: string;
    delegatedPermissionIds: string[];
}

export interface Application {
    id: string;
    deletedDateTime: string | null;
    appId: string;
    applicationTemplateId: string | null;
    createdDateTime: string;
    description: string | null;
    displayName: string;
    groupMembershipClaims: string | null;
    identifierUris: string[];
    isDeviceOnlyAuthSupported: boolean | null;
    isDisabled: boolean | null;
    isFallbackPublicClient: boolean | null;
    notes: string | null;
    optionalClaims: unknown;
    publisherDomain: string;
    serviceManagementReference: string | null;
    signInAudience: string;
    tags: string[];
    tokenEncryptionKeyId: string | null;
    uniqueName: string | null;
    samlMetadataUrl: string | null;
    disabledByMicrosoftStatus: string | null;
    defaultRedirectUri: string | null;
    certification: null;
    requestSignatureVerification: unknown;
    servicePrincipalLockConfiguration: unknown;
    nativeAuthenticationApisEnabled: string | null;
    verifiedPublisher: Record<string, string | null>;
    /** Graph returns this property and `oauth2RequirePostResponse` only if `$select` names them. */
    authenticationBehaviors: unknown;
    oauth2RequirePostResponse: boolean | null;
    addIns: unknown[];
    api: {
        acceptMappedClaims: boolean | null;
        knownClientApplications: string[];
        oauth2PermissionScopes: PermissionScope[];
        preAuthorizedApplications: PreAuthorizedApplication[];
        requestedAccessTokenVersion: number | null;
    };
    appRoles: AppRole[];
    info: Record<string, string | null>;
    keyCredentials: KeyCredential[];
    parentalControlSettings: { countriesBlockedForMinors: string[]; legalAgeGroupRule: string };
    passwordCredentials: PasswordCredential[];
    publicClient: { redirectUris: string[] };
    requiredResourceAccess: RequiredResourceAccess[];
    spa: { redirectUris: string[] };
    web: {
        homePageUrl: string | null;
        logoutUrl: string | null;
        redirectUris: string[];
        implicitGrantSettings: { enableAccessTokenIssuance: boolean; enableIdTokenIssuance: boolean };
    };
}

/** Contains only the service principal's own properties. Entra copies the other ones from the application. */
export interface ServicePrincipal {
    id: string;
    deletedDateTime: string | null;
    accountEnabled: boolean;
    addIns: unknown[];
    alternativeNames: string[];
    appId: string;
    appRoleAssignmentRequired: boolean;
    applicationTemplateId: string | null;
    /** `null` for Microsoft's own service principals. */
    createdDateTime: string | null;
    description: string | null;
    disabledByMicrosoftStatus: string | null;
    /** `null` means that Graph shows the application's display name. */
    displayName: string | null;
    homepage: string | null;
    keyCredentials: KeyCredential[];
    loginUrl: string | null;
    logoutUrl: string | null;
    notes: string | null;
    notificationEmailAddresses: string[];
    passwordCredentials: PasswordCredential[];
    preferredSingleSignOnMode: string | null;
    preferredTokenSigningKeyThumbprint: string | null;
    resourceSpecificApplicationPermissions: unknown[];
    samlSingleSignOnSettings: unknown;
    servicePrincipalType: string;
    tags: string[];
    tokenEncryptionKeyId: string | null;
}

export interface AppRoleAssignment {
    appRoleId: string;
    createdDateTime: string;
    deletedDateTime: null;
    id: string;
    principalId: string;
    principalType: string;
    resourceId: string;
}

export interface FederatedIdentityCredential {
    audiences: string[];
    description: string | null;
    id: string;
    issuer: string;
    name: string;
    subject: string;
}

export interface Group {
    classification?: string | null;
    createdDateTime: string;
    deletedDateTime: null;
    description: string | null;
    displayName: string;
    groupTypes: string[];
    id: string;
    isAssignableToRole: boolean | null;
    mail: string | null;
    mailEnabled: boolean;
    mailNickname: string;
    membershipRule: string | null;
    membershipRuleProcessingState: string | null;
    preferredDataLocation?: string | null;
    preferredLanguage?: string | null;
    resourceBehaviorOptions?: string[];
    resourceProvisioningOptions?: string[];
    securityEnabled: boolean;
    theme?: string | null;
    visibility: string | null;
    /** Only the beta version has this property. */
    writebackConfiguration?: object | null;
}

export interface OAuth2PermissionGrant {
    clientId: string;
    consentType: string;
    id: string;
    principalId: string | null;
    resourceId: string;
    scope: string;
}

// Checks at compile time that Graph has the property names of these interfaces. Does not compare the types of the
// properties, because some of our types, such as `unknown`, are wider than Microsoft's types.
type Unknown<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs>;
type None<Names> = [Names] extends [never] ? true : Names;
export const namesAreGraphs: [
    // Graph's v1.0 metadata (2026) has `isDisabled`, but the published types do not have it yet.
    None<Unknown<Application, Graph.Application & { isDisabled: boolean }>>,
    None<Unknown<ServicePrincipal, Graph.ServicePrincipal & { createdDateTime: string }>>,
    None<Unknown<AppRoleAssignment, Graph.AppRoleAssignment>>,
    None<Unknown<FederatedIdentityCredential, Graph.FederatedIdentityCredential>>,
    // The published types lack the `resource...` options for creating a group, and a property of the beta version.
    None<Unknown<Omit<Group, `resource${string}` | "writebackConfiguration">, Graph.Group>>,
    None<Unknown<OAuth2PermissionGrant, Graph.OAuth2PermissionGrant>>,
    None<Unknown<KeyCredential, Graph.KeyCredential>>,
    None<Unknown<PasswordCredential, Graph.PasswordCredential>>,
    None<Unknown<PermissionScope, Graph.PermissionScope>>,
    None<Unknown<AppRole, Graph.AppRole>>,
    None<Unknown<RequiredResourceAccess, Graph.RequiredResourceAccess>>,
    None<Unknown<PreAuthorizedApplication, Graph.PreAuthorizedApplication>>,
    None<Unknown<Application["api"], Graph.ApiApplication>>,
    None<Unknown<Application["web"], Graph.WebApplication>>,
] = [true, true, true, true, true, true, true, true, true, true, true, true, true, true];

export interface KeyRestriction {
    readonly restrictionType: string;
    readonly state: "enabled" | "disabled";
    /** An ISO 8601 duration such as `P365D`. */
    readonly maxLifetime: string;
    readonly restrictForAppsCreatedAfterDateTime: string | null;
}

export interface AppManagementPolicy {
    readonly id: string;
    readonly displayName: string;
    readonly description: string;
    readonly isEnabled: boolean;
    readonly applicationRestrictions: { readonly keyCredentials: readonly KeyRestriction[] };
}

export interface TenantUser {
    readonly id: string;
    readonly displayName: string;
    readonly userPrincipalName: string;
    /** An administrator may consent for the whole organization, as a Global Administrator may. */
    readonly isAdministrator: boolean;
    /** Default: `true`. */
    readonly accountEnabled?: boolean;
    readonly mailNickname?: string;
    /** Further properties that a client has written. */
    readonly profile?: Readonly<Record<string, unknown>>;
}

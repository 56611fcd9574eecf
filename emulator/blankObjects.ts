// Makes new applications and service principals with Graph's default values. They lack the properties that Graph
// derives from others, such as `redirectUriSettings`: applicationView.ts and servicePrincipalView.ts add these.
import type { Application, ServicePrincipal } from "./graphTypes";

const NO_INFO = {
    termsOfServiceUrl: null,
    supportUrl: null,
    privacyStatementUrl: null,
    marketingUrl: null,
    logoUrl: null,
};
const NO_PUBLISHER = { displayName: null, verifiedPublisherId: null, addedDateTime: null };

export function blankApplication(id: string, appId: string, now: Date, publisherDomain: string): Application {
    return {
        id,
        deletedDateTime: null,
        appId,
        applicationTemplateId: null,
        createdDateTime: isoSeconds(now),
        description: null,
        displayName: "",
        groupMembershipClaims: null,
        identifierUris: [],
        isDeviceOnlyAuthSupported: null,
        isDisabled: null,
        isFallbackPublicClient: null,
        nativeAuthenticationApisEnabled: null,
        notes: null,
        optionalClaims: null,
        publisherDomain,
        serviceManagementReference: null,
        signInAudience: "AzureADMyOrg",
        tags: [],
        tokenEncryptionKeyId: null,
        uniqueName: null,
        samlMetadataUrl: null,
        disabledByMicrosoftStatus: null,
        defaultRedirectUri: null,
        certification: null,
        requestSignatureVerification: null,
        servicePrincipalLockConfiguration: null,
        verifiedPublisher: NO_PUBLISHER,
        authenticationBehaviors: null,
        oauth2RequirePostResponse: false,
        addIns: [],
        api: {
            acceptMappedClaims: null,
            knownClientApplications: [],
            oauth2PermissionScopes: [],
            preAuthorizedApplications: [],
            requestedAccessTokenVersion: null,
        },
        appRoles: [],
        info: { ...NO_INFO },
        keyCredentials: [],
        parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
        passwordCredentials: [],
        publicClient: { redirectUris: [] },
        requiredResourceAccess: [],
        spa: { redirectUris: [] },
        web: {
            homePageUrl: null,
            logoutUrl: null,
            redirectUris: [],
            implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
        },
    };
}

export function blankServicePrincipal(id: string, appId: string, now: Date | undefined): ServicePrincipal {
    return {
        id,
        deletedDateTime: null,
        accountEnabled: true,
        addIns: [],
        alternativeNames: [],
        appId,
        appRoleAssignmentRequired: false,
        applicationTemplateId: null,
        createdDateTime: now ? isoSeconds(now) : null,
        description: null,
        disabledByMicrosoftStatus: null,
        displayName: null,
        homepage: null,
        keyCredentials: [],
        loginUrl: null,
        logoutUrl: null,
        notes: null,
        notificationEmailAddresses: [],
        passwordCredentials: [],
        preferredSingleSignOnMode: null,
        preferredTokenSigningKeyThumbprint: null,
        resourceSpecificApplicationPermissions: [],
        samlSingleSignOnSettings: null,
        servicePrincipalType: "Application",
        tags: [],
        tokenEncryptionKeyId: null,
    };
}

/** Graph shows most dates without a fraction of a second. */
export function isoSeconds(date: Date): string {
    return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** Graph shows some dates with seven decimal places, which is .NET's precision. */
export function isoTicks(date: Date): string {
    return date.toISOString().replace(/Z$/, "0000Z");
}

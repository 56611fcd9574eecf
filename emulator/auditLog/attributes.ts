// Converts properties of applications and service principals to the directory's attribute names and values, as entries
// of the audit log show them. PARITY.md lists the names that no published entry shows.
import type {
    Application,
    AppRole,
    KeyCredential,
    PasswordCredential,
    PermissionScope,
    ServicePrincipal,
} from "../graphTypes";
import { attribute, type ModifiedProperty } from "./record";

type Attributes<T> = Readonly<Record<string, (object: T) => readonly unknown[]>>;

const one = (value: unknown): readonly unknown[] => (value === null || value === undefined ? [] : [value]);

const APPLICATION: Attributes<Application> = {
    AppAddress: (application) => addressesOf(application),
    AppIdentifierUri: ({ identifierUris }) => identifierUris,
    AvailableToOtherTenants: ({ signInAudience }) => [signInAudience !== "AzureADMyOrg"],
    DisplayName: ({ displayName }) => [displayName],
    Entitlement: ({ api, appRoles }) => [...api.oauth2PermissionScopes.map(ofScope), ...appRoles.map(ofRole)],
    GroupMembershipClaims: ({ groupMembershipClaims }) => one(groupMembershipClaims),
    IsDisabled: ({ isDisabled }) => one(isDisabled),
    Oauth2AllowIdTokenImplicitFlow: ({ web }) => [web.implicitGrantSettings.enableIdTokenIssuance],
    Oauth2AllowImplicitFlow: ({ web }) => [web.implicitGrantSettings.enableAccessTokenIssuance],
    PublicClient: ({ isFallbackPublicClient }) => one(isFallbackPublicClient),
    RequiredResourceAccess: ({ requiredResourceAccess }) => requiredResourceAccess.map(ofAccess),
    ServiceManagementReference: ({ serviceManagementReference }) => one(serviceManagementReference),
    SignInAudience: ({ signInAudience }) => [signInAudience],
    Tags: ({ tags }) => tags,
    WwwHomepage: ({ web }) => one(web.homePageUrl),
};

const SERVICE_PRINCIPAL: Attributes<ServicePrincipal> = {
    AccountEnabled: ({ accountEnabled }) => [accountEnabled],
    AppRoleAssignmentRequired: ({ appRoleAssignmentRequired }) => [appRoleAssignmentRequired],
    DisplayName: ({ displayName }) => one(displayName),
    Tags: ({ tags }) => tags,
};

/** No published entry contains these names. The real service may leave out a change of these attributes. */
const ASSUMED = [
    "AppRoleAssignmentRequired",
    "IsDisabled",
    "Oauth2AllowIdTokenImplicitFlow",
    "Oauth2AllowImplicitFlow",
    "ServiceManagementReference",
    "Tags",
];

/** If `withAssumed` is false, entries leave out the attributes in `ASSUMED`. */
interface Naming {
    readonly withAssumed: boolean;
}

export function applicationAttributes(before: Application | undefined, after: Application, naming: Naming) {
    return changed(APPLICATION, before, after, naming);
}

export function servicePrincipalAttributes(
    before: ServicePrincipal | undefined,
    after: ServicePrincipal,
    naming: Naming,
) {
    return changed(SERVICE_PRINCIPAL, before, after, naming);
}

function changed<T>(attributes: Attributes<T>, before: T | undefined, after: T, naming: Naming): ModifiedProperty[] {
    const named = Object.entries(attributes).filter(([name]) => naming.withAssumed || !ASSUMED.includes(name));
    return named.flatMap(([name, valueOf]) => attribute(name, before ? valueOf(before) : [], valueOf(after)));
}

/**
 * `AddressType` is 0 for a redirect URI, and 4 for the logout URL. `ReplyAddressClientType` is 1 for Web, 2 for public
 * client, 3 for SPA, and 0 for the logout URL.
 */
export function addressesOf({ web, spa, publicClient }: Application): object[] {
    const address = (type: number, client: number) => (uri: string) => ({
        AddressType: type,
        Address: uri,
        ReplyAddressClientType: client,
        ReplyAddressIndex: null,
        IsReplyAddressDefault: false,
    });
    return [
        ...web.redirectUris.map(address(0, 1)),
        ...publicClient.redirectUris.map(address(0, 2)),
        ...spa.redirectUris.map(address(0, 3)),
        ...(web.logoutUrl === null ? [] : [address(4, 0)(web.logoutUrl)]),
    ];
}

const USER = 20;
const APPLICATION_MEMBER = 29;

function entitlement(of: PermissionScope | AppRole, more: object): object {
    return {
        EntitlementEncodingVersion: 2,
        EntitlementId: of.id,
        IsDisabled: !of.isEnabled,
        Origin: 0,
        ClaimValue: of.value,
        Definition: null,
        IsPrivate: false,
        ...more,
    };
}

function ofScope(scope: PermissionScope): object {
    return entitlement(scope, {
        Name: scope.adminConsentDisplayName,
        Description: scope.adminConsentDescription,
        ResourceScopeType: scope.type === "User" ? 1 : 0,
        UserConsentDisplayName: scope.userConsentDisplayName,
        UserConsentDescription: scope.userConsentDescription,
        DirectAccessGrantTypes: [],
        ImpersonationAccessGrantTypes: [{ Impersonator: APPLICATION_MEMBER, Impersonated: USER }],
    });
}

function ofRole(role: AppRole): object {
    return entitlement(role, {
        Name: role.displayName,
        Description: role.description,
        ResourceScopeType: 0,
        UserConsentDisplayName: null,
        UserConsentDescription: null,
        DirectAccessGrantTypes: role.allowedMemberTypes.map((type) => (type === "User" ? USER : APPLICATION_MEMBER)),
        ImpersonationAccessGrantTypes: [],
    });
}

function ofAccess({ resourceAppId, resourceAccess }: Application["requiredResourceAccess"][number]): object {
    return {
        ResourceAppId: resourceAppId,
        RequiredAppPermissions: resourceAccess.map(({ id, type }) => ({
            EntitlementId: id,
            DirectAccessGrant: type === "Role",
            ImpersonationAccessGrants: type === "Role" ? [] : [USER],
        })),
        EncodingVersion: 1,
    };
}

interface HasKeys {
    readonly keyCredentials: readonly KeyCredential[];
    readonly passwordCredentials: readonly PasswordCredential[];
}

/** The log shows certificates and secrets as texts in brackets, never their values. */
export function keyDescriptions({ keyCredentials, passwordCredentials }: HasKeys): string[] {
    const described = (keyId: string, type: string, name: string | null) =>
        `[KeyIdentifier=${keyId},KeyType=${type},KeyUsage=Verify,DisplayName=${name ?? ""}]`;
    return [
        ...keyCredentials.map(({ keyId, displayName }) => described(keyId, "AsymmetricX509Cert", displayName)),
        ...passwordCredentials.map(({ keyId, displayName }) => described(keyId, "Password", displayName)),
    ];
}

// Shows the properties of a user, and defines which of them a client may write.
// https://learn.microsoft.com/graph/api/resources/user
import { badRequest } from "./graphError";
import type { TenantUser } from "./graphTypes";

type IsRight = (value: unknown) => boolean;

const isText: IsRight = (value) => value === null || typeof value === "string";
const isFlag: IsRight = (value) => value === null || typeof value === "boolean";
const isTexts: IsRight = (value) => Array.isArray(value) && value.every((one) => typeof one === "string");
const isObject: IsRight = (value) => value === null || (typeof value === "object" && !Array.isArray(value));

/** Properties that a client may write. The emulator stores and returns them, but no rule depends on them. */
const PROFILE: Readonly<Record<string, IsRight>> = {
    ageGroup: isText,
    businessPhones: isTexts,
    city: isText,
    companyName: isText,
    consentProvidedForMinor: isText,
    country: isText,
    department: isText,
    employeeHireDate: isText,
    employeeId: isText,
    employeeLeaveDateTime: isText,
    employeeOrgData: isObject,
    employeeType: isText,
    faxNumber: isText,
    givenName: isText,
    jobTitle: isText,
    mail: isText,
    mobilePhone: isText,
    officeLocation: isText,
    onPremisesExtensionAttributes: isObject,
    onPremisesImmutableId: isText,
    otherMails: isTexts,
    passwordPolicies: isText,
    postalCode: isText,
    preferredDataLocation: isText,
    preferredLanguage: isText,
    showInAddressList: isFlag,
    state: isText,
    streetAddress: isText,
    surname: isText,
    usageLocation: isText,
    userType: isText,
};

/** Throws if a client may not write one of the properties, or if a value is wrong. */
export function profileOf(sent: Readonly<Record<string, unknown>>): NonNullable<TenantUser["profile"]> {
    for (const [name, value] of Object.entries(sent)) {
        const isRight = PROFILE[name];
        if (!isRight) throw badRequest(`Invalid property '${name}'.`);
        if (!isRight(value)) throw badRequest(`Invalid value specified for property '${name}' of resource 'User'.`);
    }
    return sent;
}

/** Shows the properties that Graph returns without `$select`. */
export function shownUser(user: TenantUser): object {
    const [givenName = null, ...others] = user.displayName.split(" ");
    const shown = {
        businessPhones: [],
        displayName: user.displayName,
        givenName,
        jobTitle: null,
        mail: user.userPrincipalName,
        mobilePhone: null,
        officeLocation: null,
        preferredLanguage: null,
        surname: others.length > 0 ? others.join(" ") : null,
        userPrincipalName: user.userPrincipalName,
        id: user.id,
    };
    const own = Object.entries(user.profile ?? {}).filter(([name]) => name in shown);
    return { ...shown, ...Object.fromEntries(own) };
}

/**
 * The values of properties that the emulator does not keep. Entra itself, other services or an on-premises directory
 * set most of them.
 */
const UNSET = {
    assignedLicenses: [],
    assignedPlans: [],
    authorizationInfo: { certificateUserIds: [] },
    createdDateTime: null,
    creationType: null,
    deletedDateTime: null,
    externalUserState: null,
    externalUserStateChangeDateTime: null,
    identities: [],
    imAddresses: [],
    isManagementRestricted: null,
    isResourceAccount: null,
    lastPasswordChangeDateTime: null,
    legalAgeGroupClassification: null,
    licenseAssignmentStates: [],
    onPremisesDistinguishedName: null,
    onPremisesDomainName: null,
    onPremisesLastSyncDateTime: null,
    onPremisesProvisioningErrors: [],
    onPremisesSamAccountName: null,
    onPremisesSecurityIdentifier: null,
    onPremisesSyncEnabled: null,
    onPremisesUserPrincipalName: null,
    passwordProfile: null,
    provisionedPlans: [],
    proxyAddresses: [],
    securityIdentifier: null,
    serviceProvisioningErrors: [],
    signInSessionsValidFromDateTime: null,
};

/**
 * Shows the properties that Entra's directory keeps for a user. Other services keep further properties, such as
 * `aboutMe`.
 */
export function completeUser(user: TenantUser): object {
    const { accountEnabled = true, mailNickname, userPrincipalName, profile } = user;
    const blank = Object.keys(PROFILE).map((name) => [name, name === "otherMails" ? [] : null] as const);
    return {
        ...UNSET,
        ...Object.fromEntries(blank),
        userType: "Member",
        ...profile,
        ...shownUser(user),
        accountEnabled,
        mailNickname: mailNickname ?? userPrincipalName.split("@")[0],
    };
}

const DEFAULTS = Object.keys(shownUser({ id: "", displayName: "", userPrincipalName: "", isAdministrator: false }));

/** Graph returns these properties only if `$select` names them. */
export const HIDDEN_OF_USER = Object.keys(
    completeUser({ id: "", displayName: "", userPrincipalName: "", isAdministrator: false }),
).filter((name) => !DEFAULTS.includes(name));

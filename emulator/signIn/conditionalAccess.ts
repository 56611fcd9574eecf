// Decides whether the enforced conditional access policies of a tenant allow a user to get a token for a resource. A
// policy in report-only mode does not affect the decision.
// https://learn.microsoft.com/entra/identity/conditional-access/overview
import { BlockList, isIP } from "node:net";

import type {
    ConditionalAccessPolicy,
    Conditions,
    GrantControls,
    NamedLocation,
    Users,
} from "../conditionalAccess/types";
import type { TenantUser } from "../graphTypes";
import type { Tenant } from "../tenant";
import { principalsOf } from "./assignments";
import { SignInFault } from "./signInError";

export interface Access {
    readonly tenant: Tenant;
    readonly user: TenantUser;
    /** The resources for which the user requests tokens, or the client itself if the request contains no resource. */
    readonly appIds: readonly string[];
    readonly clientAddress: string;
    readonly isMfaDone: boolean;
    /**
     * The time of the sign-in, in milliseconds since the epoch. `undefined` means that no refresh token is redeemed.
     * Then the sign-in frequency of the policies is not checked.
     */
    readonly signedInAt?: number | undefined;
}

export const NEEDS_MFA = 50076;
export const BLOCKED = 53003;

/** A policy that blocks takes precedence over policies with other controls. */
export function assertAccess(access: Access): void {
    const { conditionalAccessPolicies } = access.tenant;
    const applying = [...conditionalAccessPolicies.values()].filter((policy) => applies(policy, access));
    const faults = applying.flatMap((policy) => faultOf(policy, access) ?? []);
    const worst = faults.find(({ number }) => number === BLOCKED) ?? faults[0];
    if (worst) throw worst;
}

function applies({ state, conditions }: ConditionalAccessPolicy, access: Access): boolean {
    const { signInRiskLevels = [], userRiskLevels = [], clientAppTypes, platforms } = conditions;
    // The emulator has neither risks nor device platforms, so a policy for risks or for certain platforms does not
    // apply. Every client counts as a client with modern authentication.
    const isRisky = signInRiskLevels.length + userRiskLevels.length > 0;
    const isOtherPlatform = platforms?.includePlatforms !== undefined && !platforms.includePlatforms.includes("all");
    const isModern = ["all", "browser", "mobileAppsAndDesktopClients"].some((type) => clientAppTypes.includes(type));
    if (state !== "enabled" || isRisky || isOtherPlatform || !isModern) return false;
    const isForApplication = access.appIds.some((appId) => isForApp(conditions, appId));
    return isForApplication && isForUser(conditions.users, access) && isForPlace(conditions, access);
}

function isForApp({ applications }: Conditions, appId: string): boolean {
    const { includeApplications = [], excludeApplications = [] } = applications;
    if (excludeApplications.includes(appId)) return false;
    return includeApplications.includes("All") || includeApplications.includes(appId);
}

/** The role template id of Global Administrator, the only directory role that users of the emulator can have. */
const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";

function isForUser(users: Users | null, { tenant, user }: Access): boolean {
    const principals = principalsOf(tenant, user);
    const names = (
        listed: readonly string[] | undefined,
        groups: readonly string[] | undefined,
        roles: readonly string[] | undefined,
    ) =>
        listed?.some((one) => one === "All" || one === user.id) === true ||
        groups?.some((group) => principals.includes(group)) === true ||
        (user.isAdministrator && roles?.includes(GLOBAL_ADMINISTRATOR) === true);
    if (names(users?.excludeUsers, users?.excludeGroups, users?.excludeRoles)) return false;
    return names(users?.includeUsers, users?.includeGroups, users?.includeRoles);
}

function isForPlace({ locations }: Conditions, { tenant, clientAddress }: Access): boolean {
    if (!locations) return true;
    const isAt = (name: string): boolean => {
        if (name === "All") return true;
        const named = [...tenant.namedLocations.values()];
        const candidates = named.filter((one) => (name === "AllTrusted" ? one.isTrusted === true : one.id === name));
        return candidates.some((one) => contains(one, clientAddress));
    };
    return locations.includeLocations?.some(isAt) !== false && locations.excludeLocations?.some(isAt) !== true;
}

/** The emulator does not know the country of an address, so a named location by country contains no address. */
function contains({ ipRanges = [] }: NamedLocation, address: string): boolean {
    const familyOf = (text: string) => (isIP(text) === 6 ? "ipv6" : "ipv4");
    return ipRanges.some(({ cidrAddress }) => {
        const [network = "", bits = "0"] = cidrAddress.split("/");
        const list = new BlockList();
        list.addSubnet(network, Number(bits), familyOf(network));
        return list.check(address, familyOf(address));
    });
}

function faultOf(policy: ConditionalAccessPolicy, access: Access): SignInFault | undefined {
    return controlFault(policy, access) ?? frequencyFault(policy, access);
}

function controlFault({ id, grantControls }: ConditionalAccessPolicy, access: Access): SignInFault | undefined {
    if (!grantControls) return undefined;
    const unmet = controlsOf(grantControls).filter((control) => control !== "mfa" || !access.isMfaDone);
    const isMet = grantControls.operator === "OR" && unmet.length < controlsOf(grantControls).length;
    if (unmet.length === 0 || isMet) return undefined;
    const claims = JSON.stringify({ access_token: { capolids: { essential: true, values: [id] } } });
    // If the operator is OR, one control is enough. The error then names multifactor authentication if the policy has
    // this control, because the user can complete it.
    const control = grantControls.operator === "OR" && unmet.includes("mfa") ? "mfa" : (unmet[0] ?? "");
    return faultFor(control, access.appIds[0] ?? "", claims);
}

/** The emulator treats every authentication strength as multifactor authentication. */
function controlsOf({ builtInControls, authenticationStrength }: GrantControls): readonly string[] {
    return [...builtInControls, ...(authenticationStrength ? ["mfa"] : [])];
}

function faultFor(control: string, appId: string, claims: string): SignInFault {
    if (control === "mfa") {
        const text = `Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '${appId}'.`;
        return new SignInFault(400, "interaction_required", NEEDS_MFA, text, "basic_action", claims);
    }
    if (control === "compliantDevice") {
        const text =
            "Device is not in required device state: compliant. Conditional Access policy requires a compliant device, and the device is not compliant. The user must enroll their device with an approved MDM provider like Intune.";
        return new SignInFault(400, "interaction_required", 53000, text, "message_only", claims);
    }
    if (control === "domainJoinedDevice") {
        const text =
            "Device is not in required device state: domain_joined. Conditional Access policy requires a domain joined device, and the device is not domain joined.";
        return new SignInFault(400, "interaction_required", 53001, text, "message_only", claims);
    }
    if (control === "approvedApplication" || control === "compliantApplication") {
        const text = "Application needs to enforce Intune protection policies.";
        return new SignInFault(400, "interaction_required", 53009, text, "message_only", claims);
    }
    const text =
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.";
    return new SignInFault(400, "invalid_grant", BLOCKED, text, "message_only", claims);
}

const UNITS_MS = { hours: 60 * 60 * 1000, days: 24 * 60 * 60 * 1000 } as const;

function frequencyFault({ sessionControls }: ConditionalAccessPolicy, access: Access): SignInFault | undefined {
    const { tenant, signedInAt } = access;
    const frequency = sessionControls?.signInFrequency;
    if (frequency?.isEnabled !== true || signedInAt === undefined) return undefined;
    const isEveryTime = frequency.frequencyInterval === "everyTime";
    const lifetimeMs = isEveryTime ? 0 : (frequency.value ?? 0) * UNITS_MS[frequency.type ?? "hours"];
    if (signedInAt + lifetimeMs > tenant.now()) return undefined;
    const issuedOn = new Date(signedInAt).toISOString();
    const text = `The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token was issued on ${issuedOn} and the maximum allowed lifetime for this request is ${lifetimeMs / 1000}.`;
    return new SignInFault(400, "invalid_grant", 70043, text, "bad_token");
}

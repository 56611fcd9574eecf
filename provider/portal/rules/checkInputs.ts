// Checks the inputs of a portal and fills in their defaults. Reports all failures together. Pure.
import { ALL_USERS, APPLICATION_ID_URI, ASSIGNMENT_REQUIRED, ENABLED, PRESENT } from "../../inputs/statusTexts";
import { CERTIFICATE_NAMES, PORTAL_INPUT_NAMES, PORTAL_INPUTS, type RestorePortalAppInputs } from "./inputs";
import { PERMISSIONS } from "../../sync/permissions";
import { examineUrls } from "./checkUrls";
import { leaveAloneFailures } from "./leaveAlone";
import {
    applicationIdFailures,
    credentialsFailures,
    fixed,
    isUnchanged,
    lowerCase,
    oneOf,
    quoted,
    regionFailures,
    tenantIdFailures,
    typeFailures,
    withoutUndefined,
} from "../../inputs/inputRules";
import {
    isGuid,
    isUnknown,
    UNKNOWN,
    type InputFailure,
    type InputFindings,
    type RawInputs,
} from "../../inputs/rawInputs";
import { isEqual, keepingSpelling } from "../../inputs/sameMeaning";
import { isSameRedirectUri } from "../../inputs/portalUrl";
import { unknownNames } from "../../inputs/unknownNames";

const AUDIENCES = ["AzureADMyOrg", "AzureADMultipleOrgs"];
const MAX_OWNERS = 100;

/**
 * Fills in every default, so that the checked inputs are the whole desired state and a preview can name each drift.
 * `ignored`: the inputs in the option `ignoreChanges`. For these the engine passes the values in state, which may be
 * live values.
 */
export function completeInputs(
    program: RawInputs,
    olds: RawInputs,
    ignored: readonly string[] = [],
): RestorePortalAppInputs {
    const news = withoutUndefined(program);
    const isAdopted = news["applicationId"] !== undefined;
    const adminConsent = news["adminConsent"] ?? true;
    const completed: Record<string, unknown> = {
        region: "Worldwide",
        registerCertificate: true,
        additionalPortalUrls: [],
        restApiPort: 4443,
        restoreDeleted: false,
        ...registrationDefaults(news),
        ...partDefaults(news),
        retiredCertificates: [],
        adminConsent,
        grantedPermissions: grantedPermissions(adminConsent),
        ...news,
    };
    for (const key of ["applicationId", "tenantId"]) completed[key] = lowerCase(completed[key]);
    if (Array.isArray(completed["owners"])) completed["owners"] = withoutRepeats(completed["owners"].map(lowerCase));
    if (isAdopted && news["servicePrincipal"] === ENABLED && !ignored.includes("servicePrincipal"))
        completed["servicePrincipal"] = ALL_USERS;
    // If the stack or the resource is renamed, the resource is still the same, so it keeps its first identity.
    if (typeof olds["identity"] === "string") completed["identity"] = olds["identity"];
    const inputs = keepingSpelling(withoutUndefined(completed), olds, SAME);
    return inputs as unknown as RestorePortalAppInputs;
}

/** Two unknown values may differ, so each stays. */
function withoutRepeats(list: readonly unknown[]): unknown[] {
    return list.filter((one, index) => isUnknown(one) || list.indexOf(one) === index);
}

/** Returns the desired value of each part of the application, except `portalUrl` and the parts in `leaveAlone`. */
function partDefaults({ leaveAlone }: RawInputs): RawInputs {
    const left: readonly unknown[] = Array.isArray(leaveAlone) ? leaveAlone : [];
    const parts = {
        applicationStatus: PRESENT,
        applicationIdUri: APPLICATION_ID_URI,
        accessAsUserScope: ENABLED,
        requiredPermissions: [...PERMISSIONS],
        servicePrincipal: ENABLED,
    };
    return Object.fromEntries(Object.entries(parts).filter(([part]) => !left.includes(part)));
}

const SAME = { additionalPortalUrls: isSameRedirectUri, owners: isEqual, leaveAlone: isEqual };

/**
 * While both `applicationId` and `displayName` are unknown, a preview cannot determine whether the application is
 * registered or adopted.
 */
function registrationDefaults({ applicationId, displayName }: RawInputs): RawInputs {
    if (isUnknown(applicationId) && isUnknown(displayName)) return { signInAudience: UNKNOWN, implicitGrant: UNKNOWN };
    return applicationId === undefined ? { signInAudience: "AzureADMyOrg", implicitGrant: false } : {};
}

function grantedPermissions(adminConsent: unknown): unknown {
    if (isUnknown(adminConsent)) return UNKNOWN;
    return adminConsent === true ? [...PERMISSIONS] : [];
}

/**
 * Runs the checks that need no request, except those in `checkCertificate`. `inputs`: the result of `completeInputs`.
 * Unknown values pass.
 */
export function examineInputs(inputs: RawInputs, olds: RawInputs): InputFindings {
    const urls = examineUrls(isUnchanged("portalUrl", inputs, olds) ? withoutStatusText(inputs) : inputs);
    const failures = [
        ...nameFailures(inputs),
        ...typeFailures(inputs, TYPES),
        ...choiceFailures(inputs).filter(({ property }) => !isUnchanged(property, inputs, olds)),
        ...guidFailures(inputs),
        ...applicationFailures(inputs, olds),
        ...leaveAloneFailures(inputs),
        ...urls.failures,
        ...overlapFailures(inputs),
        ...credentialsFailures(inputs),
    ];
    return { failures, warnings: urls.warnings };
}

/**
 * If `portalUrl` is in `ignoreChanges`, the engine may pass a live text such as "not registered", which is not an
 * address.
 */
function withoutStatusText(inputs: RawInputs): RawInputs {
    return isStatusText(inputs["portalUrl"]) ? { ...inputs, portalUrl: UNKNOWN } : inputs;
}

/** Returns whether a value of `portalUrl` is a text such as "not registered". An unknown value is such a text too. */
export function isStatusText(portalUrl: unknown): boolean {
    return typeof portalUrl === "string" && !portalUrl.includes(":");
}

function nameFailures(inputs: RawInputs): InputFailure[] {
    const { certificate } = inputs;
    return [
        ...unknownNames(inputs, { of: "RestorePortalApp", known: Object.keys(TYPES), filled: PORTAL_INPUT_NAMES }),
        ...unknownNames(certificate, { of: "certificate", known: CERTIFICATE_NAMES, path: "certificate" }),
    ];
}

const TYPES = Object.fromEntries(
    Object.entries(PORTAL_INPUTS).flatMap(([name, type]) => (type === "filled" ? [] : [[name, type] as const])),
);

/** Checks the inputs that only have certain values, such as those that the provider fills in. */
export function choiceFailures(inputs: RawInputs): InputFailure[] {
    return [
        ...regionFailures(inputs),
        ...oneOf(inputs, "signInAudience", AUDIENCES),
        ...(inputs["servicePrincipal"] === ALL_USERS
            ? []
            : oneOf(inputs, "servicePrincipal", [ENABLED, ASSIGNMENT_REQUIRED])),
        ...Object.entries(partDefaults(inputs))
            .filter(([part]) => part !== "servicePrincipal")
            .flatMap(([part, value]) => fixed(inputs, part, value)),
        ...fixed(inputs, "retiredCertificates", []),
        ...fixed(inputs, "grantedPermissions", grantedPermissions(inputs["adminConsent"])),
        ...(inputs["implicitGrant"] === undefined ? [] : fixed(inputs, "implicitGrant", false)),
    ];
}

function guidFailures(inputs: RawInputs): InputFailure[] {
    const { owners } = inputs;
    const failures: InputFailure[] = [...applicationIdFailures(inputs), ...tenantIdFailures(inputs)];
    if (Array.isArray(owners)) {
        if (owners.length > MAX_OWNERS) {
            failures.push({
                property: "owners",
                reason: `must have at most ${MAX_OWNERS} entries, got ${owners.length}`,
            });
        }
        for (const [index, owner] of (owners as unknown[]).entries()) {
            if (isUnknown(owner) || isGuid(owner)) continue;
            const reason = `must be the object id (a GUID) of a user or service principal, got ${JSON.stringify(owner)}`;
            failures.push({ property: `owners[${index}]`, reason });
        }
    }
    return failures;
}

function applicationFailures(inputs: RawInputs, olds: RawInputs): InputFailure[] {
    const { applicationId, displayName, region } = inputs;
    const failures: InputFailure[] = [];
    if (applicationId !== undefined && displayName !== undefined && ![applicationId, displayName].some(isUnknown)) {
        const reason = "give either applicationId (an existing application) or displayName (a new one), not both";
        failures.push({ property: "displayName", reason });
    }
    if (applicationId === undefined && displayName === undefined) {
        failures.push({
            property: "applicationId",
            reason: "give applicationId to use an existing application, or displayName to register a new one; got neither",
        });
    }
    if (typeof displayName === "string" && !isUnknown(displayName)) failures.push(...displayNameFailures(displayName));
    if (applicationId === undefined) failures.push(...registrationFailures(inputs, olds));
    const isSameApplication = applicationId !== undefined && applicationId === olds["applicationId"];
    if (isSameApplication && olds["region"] !== undefined && region !== olds["region"] && !isUnknown(region)) {
        const change = `${JSON.stringify(olds["region"])} to ${JSON.stringify(region)}`;
        const reason = `must not change from ${change} with the same application: an application exists in one region only; give another applicationId`;
        failures.push({ property: "region", reason });
    }
    return failures;
}

function registrationFailures({ certificate, registerCertificate }: RawInputs, olds: RawInputs): InputFailure[] {
    const isNew = Object.keys(olds).length === 0;
    const unverifiable =
        "must not be false for a new application, because no certificate is registered there yet; leave registerCertificate out";
    return [
        ...(certificate === undefined
            ? [
                  {
                      property: "certificate",
                      reason: "is missing: without applicationId, the portal needs a certificate, such as the output certificate of a PortalCertificate",
                  },
              ]
            : []),
        ...(isNew && registerCertificate === false ? [{ property: "registerCertificate", reason: unverifiable }] : []),
    ];
}

// Entra allows 120 characters for work and school audiences.
// https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation
function displayNameFailures(displayName: string): InputFailure[] {
    if (displayName.trim() === "")
        return [{ property: "displayName", reason: `must not be empty, got ${quoted(displayName)}` }];
    if (displayName.length <= 120) return [];
    return [{ property: "displayName", reason: `must have at most 120 characters, got ${displayName.length}` }];
}

function overlapFailures({ certificateOverlapDays: days }: RawInputs): InputFailure[] {
    const isRight = typeof days !== "number" || (Number.isFinite(days) && days >= 0 && days <= 3650);
    return isRight
        ? []
        : [{ property: "certificateOverlapDays", reason: `must be between 0 and 3650 days, got ${days}` }];
}

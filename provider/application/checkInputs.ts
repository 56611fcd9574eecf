// The rules for what a program may ask, and the defaults that complete it. All failures at once; no I/O. Pure.
import { APPLICATION_ID_URI, ASSIGNMENT_REQUIRED, ENABLED, PRESENT, type RestorePortalAppInputs } from "./inputs";
import { PERMISSIONS } from "./permissions";
import { examineUrls } from "./checkUrls";
import { isGuid, isUnknown, UNKNOWN, type InputFailure, type InputFindings, type RawInputs } from "./rawInputs";

const REGIONS = ["Worldwide", "China", "USGovernment", "USDefence"];
const AUDIENCES = ["AzureADMyOrg", "AzureADMultipleOrgs"];
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
const MAX_OWNERS = 100;

/** Fills every default, so that the checked inputs are the whole desired state and each row of drift has a name. */
export function completeInputs(news: RawInputs, olds: RawInputs): RestorePortalAppInputs {
    const isAdopted = news["applicationId"] !== undefined;
    const adminConsent = news["adminConsent"] ?? true;
    const completed: Record<string, unknown> = {
        region: "Worldwide",
        registerCertificate: true,
        additionalPortalUrls: [],
        restApiPort: 4443,
        restoreDeleted: false,
        ...(isAdopted ? {} : { signInAudience: "AzureADMyOrg", implicitGrant: false }),
        applicationStatus: PRESENT,
        applicationIdUri: APPLICATION_ID_URI,
        accessAsUserScope: ENABLED,
        requiredPermissions: [...PERMISSIONS],
        servicePrincipal: ENABLED,
        retiredCertificates: [],
        ...withoutUndefined(news),
        adminConsent,
        grantedPermissions: grantedPermissions(adminConsent),
    };
    for (const key of ["applicationId", "tenantId"]) completed[key] = lowerCase(completed[key]);
    if (Array.isArray(completed["owners"])) completed["owners"] = completed["owners"].map(lowerCase);
    // A renamed stack or resource is still the same one: its first name stays.
    if (typeof olds["identity"] === "string") completed["identity"] = olds["identity"];
    return withoutUndefined(completed) as unknown as RestorePortalAppInputs;
}

function grantedPermissions(adminConsent: unknown): unknown {
    if (isUnknown(adminConsent)) return UNKNOWN;
    return adminConsent === true ? [...PERMISSIONS] : [];
}

function withoutUndefined(record: RawInputs): Record<string, unknown> {
    return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null));
}

function lowerCase(value: unknown): unknown {
    return typeof value === "string" ? value.toLowerCase() : value;
}

/** Examines what can be judged without asking anybody. `inputs` are completed; unknown values pass. */
export function examineInputs(inputs: RawInputs, olds: RawInputs): InputFindings {
    const urls = examineUrls(isUnchanged("portalUrl", inputs, olds) ? withoutFoundUrl(inputs) : inputs);
    const failures = [
        ...typeFailures(inputs),
        ...choiceFailures(inputs).filter(({ property }) => !isUnchanged(property, inputs, olds)),
        ...guidFailures(inputs),
        ...applicationFailures(inputs, olds),
        ...urls.failures,
        ...overlapFailures(inputs),
    ];
    return { failures, warnings: urls.warnings };
}

/** `ignoreChanges` hands back what a refresh found, in words that a program would not write. */
function isUnchanged(property: string, inputs: RawInputs, olds: RawInputs): boolean {
    return JSON.stringify(inputs[property]) === JSON.stringify(olds[property]);
}

function withoutFoundUrl(inputs: RawInputs): RawInputs {
    const { portalUrl } = inputs;
    return typeof portalUrl === "string" && !portalUrl.includes(":") ? { ...inputs, portalUrl: UNKNOWN } : inputs;
}

const TYPES: Readonly<Record<string, "string" | "boolean" | "number" | "strings" | "object">> = {
    region: "string",
    tenantId: "string",
    credentials: "string",
    applicationId: "string",
    displayName: "string",
    registerCertificate: "boolean",
    certificateOverlapDays: "number",
    portalUrl: "string",
    restApiPort: "number",
    additionalPortalUrls: "strings",
    signInAudience: "string",
    adminConsent: "boolean",
    owners: "strings",
    serviceManagementReference: "string",
    restoreDeleted: "boolean",
    servicePrincipal: "string",
    certificate: "object",
};

function typeFailures(inputs: RawInputs): InputFailure[] {
    return Object.entries(TYPES).flatMap(([property, type]) => {
        const value = inputs[property];
        if (value === undefined || isUnknown(value) || isOfType(value, type)) return [];
        const wanted = type === "strings" ? "a list of strings" : `a ${type}`;
        return [{ property, reason: `must be ${wanted}, got ${typeof value}` }];
    });
}

function isOfType(value: unknown, type: string): boolean {
    if (type === "strings") return Array.isArray(value) && value.every((entry) => typeof entry === "string");
    return typeof value === type && !Array.isArray(value);
}

function choiceFailures(inputs: RawInputs): InputFailure[] {
    const { region } = inputs;
    const isRetired = region === "Germany";
    return [
        ...(isRetired
            ? [
                  {
                      property: "region",
                      reason: `must not be "Germany": Microsoft Cloud Germany was closed in October 2021; its tenants moved to "Worldwide"`,
                  },
              ]
            : oneOf(inputs, "region", REGIONS)),
        ...oneOf(inputs, "signInAudience", AUDIENCES),
        ...oneOf(inputs, "servicePrincipal", [ENABLED, ASSIGNMENT_REQUIRED]),
        ...fixed(inputs, "applicationStatus", PRESENT),
        ...fixed(inputs, "applicationIdUri", APPLICATION_ID_URI),
        ...fixed(inputs, "accessAsUserScope", ENABLED),
        ...fixed(inputs, "requiredPermissions", [...PERMISSIONS]),
        ...fixed(inputs, "retiredCertificates", []),
    ];
}

function oneOf(inputs: RawInputs, property: string, allowed: readonly string[]): InputFailure[] {
    const value = inputs[property];
    if (typeof value !== "string" || isUnknown(value) || allowed.includes(value)) return [];
    return [{ property, reason: `must be one of ${allowed.map(quoted).join(", ")}, got ${quoted(value)}` }];
}

// These have a name only so that drift has one; a program has nothing to choose.
function fixed(inputs: RawInputs, property: string, value: unknown): InputFailure[] {
    if (isUnknown(inputs[property]) || JSON.stringify(inputs[property]) === JSON.stringify(value)) return [];
    return [{ property, reason: `is filled in by the provider and must be left out or be ${JSON.stringify(value)}` }];
}

function quoted(text: string): string {
    return JSON.stringify(text);
}

function guidFailures(inputs: RawInputs): InputFailure[] {
    const { applicationId, tenantId, owners } = inputs;
    const failures: InputFailure[] = [];
    if (typeof applicationId === "string" && !isUnknown(applicationId) && !isGuid(applicationId)) {
        const reason = `must be a GUID such as 58a0f8e1-97bd-4804-ba69-bf1ed293e017, got ${quoted(applicationId)}`;
        failures.push({ property: "applicationId", reason });
    }
    if (typeof tenantId === "string" && !isUnknown(tenantId) && !isGuid(tenantId) && !DOMAIN.test(tenantId)) {
        failures.push({ property: "tenantId", reason: `must be a GUID or a verified domain, got ${quoted(tenantId)}` });
    }
    if (Array.isArray(owners)) {
        if (owners.length > MAX_OWNERS) {
            failures.push({ property: "owners", reason: `must be at most ${MAX_OWNERS}, got ${owners.length}` });
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
    if (applicationId !== undefined && displayName !== undefined) {
        const reason = `give either applicationId (an existing application) or displayName (a new one), not both; got ${JSON.stringify(displayName)}`;
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
        const reason = `must not change from ${change} with the same application: an application lives in one region; give another applicationId`;
        failures.push({ property: "region", reason });
    }
    return failures;
}

function registrationFailures({ certificate, registerCertificate }: RawInputs, olds: RawInputs): InputFailure[] {
    const isNew = Object.keys(olds).length === 0;
    const unverifiable =
        "must not be false for a new application: no certificate is registered there yet; leave it out";
    return [
        ...(certificate === undefined
            ? [{ property: "certificate", reason: "must be given for a new application; got none" }]
            : []),
        ...(isNew && registerCertificate === false ? [{ property: "registerCertificate", reason: unverifiable }] : []),
    ];
}

// Entra: 120 characters for work and school audiences (supported-accounts-validation).
function displayNameFailures(displayName: string): InputFailure[] {
    if (displayName.trim() === "")
        return [{ property: "displayName", reason: `must not be empty, got ${quoted(displayName)}` }];
    if (displayName.length <= 120) return [];
    return [{ property: "displayName", reason: `must have at most 120 characters, has ${displayName.length}` }];
}

function overlapFailures(inputs: RawInputs): InputFailure[] {
    const { certificateOverlapDays: days, credentials } = inputs;
    const isWrongName =
        typeof credentials === "string" && !isUnknown(credentials) && !/^[A-Za-z][A-Za-z0-9_]*$/.test(credentials);
    return [
        ...(typeof days === "number" && (!Number.isFinite(days) || days < 0 || days > 3650)
            ? [{ property: "certificateOverlapDays", reason: `must be between 0 and 3650 days, got ${days}` }]
            : []),
        ...(isWrongName
            ? [
                  {
                      property: "credentials",
                      reason: `must be a name of letters, digits and _, such as "CHINA" for CHINA_AZURE_CLIENT_ID, got ${quoted(credentials)}`,
                  },
              ]
            : []),
    ];
}

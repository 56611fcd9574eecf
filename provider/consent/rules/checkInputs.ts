// Checks the inputs of PortalTenantConsent and fills in their defaults. Pure. It refuses only faults that it detects
// without a request, because the engine ends the deployment of all customers if one `check` fails. If a tenant does not
// answer, only the create, update or delete of its own consent fails. Exception: `diff` fails if a changed `tenantId`
// cannot be resolved, or if it would replace a consent whose successor cannot be created.
import {
    applicationIdFailures,
    credentialsFailures,
    fixed,
    isUnchanged,
    lowerCase,
    oneOf,
    regionFailures,
    tenantIdFailures,
    typeFailures,
    withoutUndefined,
} from "../../inputs/inputRules";
import { examineUrl } from "../../inputs/portalUrl";
import { isUnknown, UNKNOWN, type InputFailure, type RawInputs } from "../../inputs/rawInputs";
import { ALL_USERS, ASSIGNMENT_REQUIRED, ENABLED, PRESENT } from "../../inputs/statusTexts";
import { unknownNames } from "../../inputs/unknownNames";
import { PERMISSIONS } from "../../sync/permissions";
import { CONSENT_INPUT_NAMES, CONSENT_INPUTS, READY, type ConsentInputs } from "./inputs";

const TYPES = Object.fromEntries(
    Object.entries(CONSENT_INPUTS).flatMap(([name, type]) => (type === "filled" ? [] : [[name, type] as const])),
);

/**
 * `ignored`: the inputs in the option `ignoreChanges`. For these the engine passes the values in state, which may be
 * live values.
 */
export function checkConsent(
    olds: RawInputs,
    news: RawInputs,
    ignored: readonly string[] = [],
): { inputs: ConsentInputs; failures: InputFailure[] } {
    const inputs = completed(news, olds, ignored);
    const raw = inputs as unknown as RawInputs;
    const choices = choiceFailures(raw).filter(({ property }) => !isUnchanged(property, raw, olds));
    const failures = [
        ...unknownNames(raw, { of: "PortalTenantConsent", known: Object.keys(TYPES), filled: CONSENT_INPUT_NAMES }),
        ...missingFailures(raw),
        ...typeFailures(raw, TYPES),
        ...applicationIdFailures(raw),
        ...tenantIdFailures(raw),
        ...credentialsFailures(raw),
        ...choices,
        ...portalUrlFailures(raw),
    ];
    return { inputs, failures };
}

function completed(news: RawInputs, olds: RawInputs, ignored: readonly string[]): ConsentInputs {
    const mode = news["mode"] ?? "manage";
    const inputs: Record<string, unknown> = {
        region: "Worldwide",
        mode,
        status: READY,
        ...defaultsOf(mode),
        ...withoutUndefined(news),
    };
    const namesAllUsers = news["servicePrincipal"] === ENABLED && !ignored.includes("servicePrincipal");
    if (namesAllUsers && mode !== "verify") inputs["servicePrincipal"] = ALL_USERS;
    for (const key of ["applicationId", "tenantId"]) inputs[key] = lowerCase(inputs[key]);
    // If the stack or the resource is renamed, the resource is still the same, so it keeps its first identity.
    if (typeof olds["identity"] === "string") inputs["identity"] = olds["identity"];
    return withoutUndefined(inputs) as unknown as ConsentInputs;
}

function defaultsOf(mode: unknown): RawInputs {
    if (isUnknown(mode)) return { servicePrincipal: UNKNOWN, grantedPermissions: UNKNOWN };
    if (mode === "verify") return { servicePrincipal: PRESENT };
    return { servicePrincipal: ENABLED, grantedPermissions: [...PERMISSIONS] };
}

function missingFailures(inputs: RawInputs): InputFailure[] {
    const reasons = {
        applicationId:
            "is missing: give the Application ID of the service provider's application, such as applicationId of a RestorePortalApp",
        tenantId: "is missing: give the customer's tenant as GUID or verified domain",
    };
    return Object.entries(reasons)
        .filter(([property]) => inputs[property] === undefined)
        .map(([property, reason]) => ({ property, reason }));
}

function portalUrlFailures({ portalUrl }: RawInputs): InputFailure[] {
    if (typeof portalUrl !== "string" || isUnknown(portalUrl)) return [];
    return examineUrl(portalUrl).refusals.map((reason) => ({ property: "portalUrl", reason }));
}

function choiceFailures(inputs: RawInputs): InputFailure[] {
    return [
        ...regionFailures(inputs),
        ...oneOf(inputs, "mode", ["manage", "verify"]),
        ...servicePrincipalFailures(inputs),
        ...(inputs["mode"] === "verify" || inputs["grantedPermissions"] === undefined
            ? []
            : fixed(inputs, "grantedPermissions", [...PERMISSIONS])),
        ...fixed(inputs, "status", READY),
    ];
}

function servicePrincipalFailures(inputs: RawInputs): InputFailure[] {
    const { mode, servicePrincipal } = inputs;
    if (mode === "verify") return fixed(inputs, "servicePrincipal", PRESENT);
    if (servicePrincipal === ALL_USERS || (isUnknown(mode) && servicePrincipal === PRESENT)) return [];
    return oneOf(inputs, "servicePrincipal", [ENABLED, ASSIGNMENT_REQUIRED]);
}

// The inputs of PortalTenantConsent: rules, defaults, and what a change of them means. Local: a tenant that cannot be
// asked is the failure of its own resource, while one failing check would end the deployment of all others (engine).
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
    type InputType,
} from "../../inputs/inputRules";
import { ALL_USERS, ASSIGNMENT_REQUIRED, ENABLED, PRESENT } from "../../inputs/statusTexts";
import { PERMISSIONS } from "../../sync/permissions";
import { examineUrl } from "../../inputs/portalUrl";
import { isUnknown, type InputFailure, type RawInputs } from "../../inputs/rawInputs";

export type ConsentMode = "manage" | "verify";

export interface ConsentInputs {
    readonly identity: string;
    readonly applicationId: string;
    /** As the program writes it: GUID or verified domain. */
    readonly tenantId: string;
    readonly region: string;
    readonly credentials?: string;
    readonly mode: ConsentMode;
    readonly portalUrl?: string;
    // Completed by check, so that drift has names.
    readonly status: string;
    readonly servicePrincipal: string;
    /** Only where the provider manages them: without any right in a tenant nobody sees grants. */
    readonly grantedPermissions?: readonly string[];
}

/** Literal text of `status` while the tenant can be worked with. */
export const READY = "ready";

/** Every input, with the type that a program may write. The compiler finds an input that is missing here. */
export const CONSENT_INPUTS: Readonly<Record<keyof ConsentInputs, InputType | "filled">> = {
    identity: "filled",
    applicationId: "string",
    tenantId: "string",
    region: "string",
    credentials: "string",
    mode: "string",
    portalUrl: "string",
    status: "filled",
    servicePrincipal: "string",
    grantedPermissions: "filled",
};

export const CONSENT_INPUT_NAMES = Object.keys(CONSENT_INPUTS) as (keyof ConsentInputs)[];

const TYPES = Object.fromEntries(
    Object.entries(CONSENT_INPUTS).flatMap(([name, type]) => (type === "filled" ? [] : [[name, type] as const])),
);

export function checkConsent(olds: RawInputs, news: RawInputs): { inputs: ConsentInputs; failures: InputFailure[] } {
    const inputs = completed(news, olds);
    const raw = inputs as unknown as RawInputs;
    const choices = choiceFailures(raw).filter(({ property }) => !isUnchanged(property, raw, olds));
    const failures = [
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

function completed(news: RawInputs, olds: RawInputs): ConsentInputs {
    const mode = news["mode"] ?? "manage";
    const defaults =
        mode === "verify"
            ? { servicePrincipal: PRESENT }
            : { servicePrincipal: ENABLED, grantedPermissions: [...PERMISSIONS] };
    const inputs: Record<string, unknown> = {
        region: "Worldwide",
        mode,
        status: READY,
        ...defaults,
        ...withoutUndefined(news),
    };
    if (news["servicePrincipal"] === ENABLED && mode !== "verify") inputs["servicePrincipal"] = ALL_USERS;
    for (const key of ["applicationId", "tenantId"]) inputs[key] = lowerCase(inputs[key]);
    // A renamed stack or resource is still the same one: its first name stays.
    if (typeof olds["identity"] === "string") inputs["identity"] = olds["identity"];
    return inputs as unknown as ConsentInputs;
}

function missingFailures(inputs: RawInputs): InputFailure[] {
    const reasons = {
        applicationId:
            "must be given: the Application ID of the service provider's application, such as applicationId of a RestorePortalApp; got none",
        tenantId: "must be given: the customer's tenant, as GUID or verified domain; got none",
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
    const isVerify = inputs["mode"] === "verify";
    return [
        ...regionFailures(inputs),
        ...oneOf(inputs, "mode", ["manage", "verify"]),
        ...(isVerify
            ? fixed(inputs, "servicePrincipal", PRESENT)
            : inputs["servicePrincipal"] === ALL_USERS
              ? []
              : oneOf(inputs, "servicePrincipal", [ENABLED, ASSIGNMENT_REQUIRED])),
        ...(isVerify || inputs["grantedPermissions"] === undefined
            ? []
            : fixed(inputs, "grantedPermissions", [...PERMISSIONS])),
        ...fixed(inputs, "status", READY),
    ];
}

// The inputs of PortalTenantConsent: rules and defaults. It sends no request, because the engine ends the deployment of
// all customers if one `check` fails. A tenant that does not answer fails only in its own create or update.
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
    /** Project, stack, types of the parents and name of the resource. It identifies the resource in Entra. */
    readonly identity: string;
    readonly applicationId: string;
    /** GUID or verified domain, as the program writes it. */
    readonly tenantId: string;
    readonly region: string;
    readonly credentials?: string;
    readonly mode: ConsentMode;
    readonly portalUrl?: string;
    // `check` fills in the following ones. So a preview can name every drift.
    /**
     * `ready` if the tenant answers and the application is multi-tenant. Else `application is single-tenant
     * (AzureADMyOrg)` or `not readable: <reason>`.
     */
    readonly status: string;
    /**
     * With `mode: "verify"`: `present` or `missing`. `disabled` and `not among enterprise applications` are live values
     * too.
     */
    readonly servicePrincipal: string;
    /**
     * Permissions with a tenant-wide grant (admin consent): `User.Read` and `access_as_user`. Not set with `mode:
     * "verify"`, because grants cannot be read without a right in the tenant.
     */
    readonly grantedPermissions?: readonly string[];
}

/** Value of `status` if nothing is wrong with the tenant. */
export const READY = "ready";

/**
 * The type of each input in a program. `filled`: `check` fills it in. The compiler reports an input that is missing
 * here.
 */
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
    // A renamed stack or resource is still the same one, so it keeps its first identity.
    if (typeof olds["identity"] === "string") inputs["identity"] = olds["identity"];
    return inputs as unknown as ConsentInputs;
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

// Defines the inputs of PortalTenantConsent. After `check` they are the whole desired state. Pure.
import type { InputType } from "../../inputs/inputRules";

export type ConsentMode = "manage" | "verify";

export interface ConsentInputs {
    /** Identifies the resource in Entra: project, stack, types of its parents, and its name. */
    readonly identity: string;
    readonly applicationId: string;
    /**
     * GUID or verified domain, in lower case. If the program now names the same tenant by its GUID or by another domain,
     * `check` keeps the value of the last deployment.
     */
    readonly tenantId: string;
    readonly region: string;
    readonly credentials?: string;
    readonly mode: ConsentMode;
    readonly portalUrl?: string;
    // `check` fills in the inputs below that the program leaves out, so that a preview can name every drift.
    /**
     * `ready`, or the live value `application is single-tenant (AzureADMyOrg)` or `not readable: <reason>`. Mode
     * "verify" does not check whether the application is single-tenant.
     */
    readonly status: string;
    /**
     * With `mode: "verify"`: `present`, or the live value `missing` or `disabled`. With `mode: "manage"`: `enabled`,
     * `enabled for all users` or `assignment required`, or the live value `missing`, `disabled` or `not among
     * enterprise applications`.
     */
    readonly servicePrincipal: string;
    /**
     * Permissions with a tenant-wide grant (admin consent): `User.Read` and `access_as_user`. Not set with `mode:
     * "verify"`, because reading grants needs a permission in the tenant.
     */
    readonly grantedPermissions?: readonly string[];
}

/** The desired value of `status`. */
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

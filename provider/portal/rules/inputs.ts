// The resolved inputs of RestorePortalApp: after `check` they are the whole desired state. Pure.
import type { InputType } from "../../inputs/inputRules";

/** A certificate as PortalCertificate puts it out; `certificatePem` alone is enough. */
export interface CertificateInput {
    /** The public certificate, PEM. Never a private key. */
    readonly certificatePem: string;
    /** PortalCertificate's random id: the same through renewals. */
    readonly id?: string;
    /** Shown in Entra as the credential's description. */
    readonly name?: string;
    /** SHA-1, upper-case hex, as Windows, VB365 and Entra show it. Filled by check. */
    readonly thumbprint?: string;
    readonly thumbprintSha256?: string;
    /** ISO 8601, UTC. Filled by check. */
    readonly notBefore?: string;
    readonly notAfter?: string;
}

export type SignInAudience = "AzureADMyOrg" | "AzureADMultipleOrgs";

export interface RestorePortalAppInputs {
    readonly identity: string;
    readonly region: string;
    readonly tenantId?: string;
    readonly credentials?: string;
    readonly applicationId?: string;
    readonly displayName?: string;
    readonly certificate?: CertificateInput;
    readonly registerCertificate: boolean;
    readonly certificateOverlapDays?: number;
    readonly portalUrl: string;
    readonly restApiPort: number;
    readonly additionalPortalUrls: readonly string[];
    readonly signInAudience?: string;
    readonly adminConsent: boolean;
    readonly owners?: readonly string[];
    readonly serviceManagementReference?: string;
    readonly restoreDeleted: boolean;
    // Completed by check, so that each row of a working portal has a name in preview (design: "Check completes").
    readonly applicationStatus: string;
    readonly applicationIdUri: string;
    readonly accessAsUserScope: string;
    readonly requiredPermissions: readonly string[];
    readonly grantedPermissions: readonly string[];
    readonly servicePrincipal: string;
    readonly implicitGrant?: boolean;
    readonly retiredCertificates: readonly string[];
}

/**
 * Every input, with the type that a program may write. `filled`: `check` fills it in, so that drift has a name. The
 * compiler finds an input that is missing here.
 */
export const PORTAL_INPUTS: Readonly<Record<keyof RestorePortalAppInputs, InputType | "filled">> = {
    identity: "filled",
    region: "string",
    tenantId: "string",
    credentials: "string",
    applicationId: "string",
    displayName: "string",
    certificate: "object",
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
    applicationStatus: "filled",
    applicationIdUri: "filled",
    accessAsUserScope: "filled",
    requiredPermissions: "filled",
    grantedPermissions: "filled",
    servicePrincipal: "string",
    implicitGrant: "filled",
    retiredCertificates: "filled",
};

export const PORTAL_INPUT_NAMES = Object.keys(PORTAL_INPUTS) as (keyof RestorePortalAppInputs)[];

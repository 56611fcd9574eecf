// Defines the completed inputs of RestorePortalApp. After `check` they are the whole desired state. Pure.
import type { InputType } from "../../inputs/inputRules";
import { isOwnKeyId } from "../../sync/keyCredentials";

/**
 * A certificate, as PortalCertificate returns it. `certificatePem` alone is enough: `check` fills in the thumbprints
 * and the dates.
 */
export interface CertificateInput {
    /** The public certificate as PEM text, without its private key. */
    readonly certificatePem: string;
    /** PortalCertificate's random id. It stays the same through renewals. */
    readonly id?: string;
    /** Entra shows this name as the description of the key credential. */
    readonly name?: string;
    /** SHA-1 thumbprint, upper-case hex, as Windows, VB365 and Entra show it. `check` fills it in. */
    readonly thumbprint?: string;
    /** SHA-256 thumbprint, upper-case hex. `check` fills it in. */
    readonly thumbprintSha256?: string;
    /** Start of validity, ISO 8601, UTC. `check` fills it in. */
    readonly notBefore?: string;
    /** End of validity, ISO 8601, UTC. `check` fills it in. */
    readonly notAfter?: string;
}

/** The compiler reports a name that is missing here. */
const CERTIFICATE: Readonly<Record<keyof CertificateInput, true>> = {
    certificatePem: true,
    id: true,
    name: true,
    thumbprint: true,
    thumbprintSha256: true,
    notBefore: true,
    notAfter: true,
};

export const CERTIFICATE_NAMES = Object.keys(CERTIFICATE) as (keyof CertificateInput)[];

/** Parts of an adopted application that a program may leave as they are. Each has the name of its input. */
export const LEAVABLE_PARTS = [
    "applicationStatus",
    "portalUrl",
    "applicationIdUri",
    "accessAsUserScope",
    "requiredPermissions",
    "servicePrincipal",
] as const;
export type LeavablePart = (typeof LEAVABLE_PARTS)[number];

export function isLeftAlone({ leaveAlone }: Pick<RestorePortalAppInputs, "leaveAlone">, part: LeavablePart): boolean {
    return leaveAlone?.includes(part) === true;
}

export type SignInAudience = "AzureADMyOrg" | "AzureADMultipleOrgs";

export interface RestorePortalAppInputs {
    /** Project, stack, types of the parents and name of the resource. They identify the resource in Entra. */
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
    readonly leaveAlone?: readonly string[];
    // `check` fills in the inputs below, so that a preview can name every drift. Exceptions: the inputs in
    // `leaveAlone`, and `implicitGrant` of an adopted application.
    /**
     * `present` if the application exists and is enabled. Else `disabled`, `missing`, `in the bin until <date>` (it is
     * in deleted items and can be restored until that date) or `not readable: <reason>`.
     */
    readonly applicationStatus?: string;
    /**
     * The literal text `api://<applicationId>` if the application has this Application ID URI. Else `missing`. The page
     * of the portal requests its scope by this URI.
     */
    readonly applicationIdUri?: string;
    /** The scope `access_as_user`, which the portal's page requests: `enabled`, `disabled` or `missing`. */
    readonly accessAsUserScope?: string;
    /**
     * API permissions in the manifest of the application: `User.Read` of Microsoft Graph, and `access_as_user` of the
     * application itself. Veeam requires both.
     */
    readonly requiredPermissions?: readonly string[];
    /**
     * Permissions with a tenant-wide grant (admin consent). An empty list if `adminConsent` is `false`. If the
     * deploying identity may not read grants, the permissions count as granted, and a warning says so.
     */
    readonly grantedPermissions: readonly string[];
    /**
     * `missing`, `disabled` and `not among enterprise applications` are live values. The other values can be the live
     * value or the program's input.
     */
    readonly servicePrincipal?: string;
    /**
     * `true` if the application issues ID tokens or access tokens by implicit grant. A new application has `false`,
     * because a single-page application does not need it. Not compared on an adopted application.
     */
    readonly implicitGrant?: boolean;
    /**
     * Thumbprints of replaced certificates that are due for removal: this resource added them, and `retiresOn` is in
     * the past. The desired list is empty, so `pulumi up` removes them.
     */
    readonly retiredCertificates: readonly string[];
}

/**
 * The type of each input in a program. `filled`: set by `check` or by the resource class, not by the program. The
 * compiler reports an input that is missing here.
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
    leaveAlone: "strings",
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

/** Returns the options of an observation that reads all data for these inputs. */
export function observeOptions({ owners, certificate }: RestorePortalAppInputs) {
    return { withOwners: owners !== undefined, certificate: certificate && { ...certificate, isOwn: isOwnKeyId } };
}

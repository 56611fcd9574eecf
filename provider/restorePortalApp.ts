// RestorePortalApp: the Entra application of a Restore Portal. Its arguments and outputs; its hooks are in portal/.
import type * as pulumi from "@pulumi/pulumi";

import type { SignInAudience } from "./portal/rules/inputs";
import type { RegisteredCertificate } from "./portal/rules/certificates";
import type { Region } from "./inputs/regions";
import { IdentifiedResource } from "./pulumi/dynamicResource";

export type { Region };

/** The certificate that Restore Portal proves itself with; `certificate.certificate` of a PortalCertificate fits. */
export interface PortalCertificateReference {
    /** The public certificate, PEM: RSA, 2048 bits or more, within its dates. */
    certificatePem: pulumi.Input<string>;
    /** PortalCertificate's id; part of what finds a new application again after a broken deployment. */
    id?: pulumi.Input<string> | undefined;
    /** Description of the credential in Entra. */
    name?: pulumi.Input<string> | undefined;
    thumbprint?: pulumi.Input<string> | undefined;
    thumbprintSha256?: pulumi.Input<string> | undefined;
    notBefore?: pulumi.Input<string> | undefined;
    notAfter?: pulumi.Input<string> | undefined;
}

/** What the wizard "Configure Microsoft Entra Application" asks for, and what it leaves to hand work. */
export interface RestorePortalAppArgs {
    /**
     * Microsoft Entra region, in VB365's words: `Worldwide` (default), `China`, `USGovernment`, `USDefence`. An
     * application lives in one region: a change needs another `applicationId` and replaces the resource.
     */
    region?: pulumi.Input<Region> | undefined;
    /** The organization's tenant: GUID or verified domain. Default: the tenant of the credentials. A change replaces. */
    tenantId?: pulumi.Input<string> | undefined;
    /** Which credentials of the environment: `CHINA` reads `CHINA_AZURE_CLIENT_ID` and so on. Default: `AZURE_*`, `ARM_*`. */
    credentials?: pulumi.Input<string> | undefined;
    /** Application (client) ID of an existing application to configure. Exactly one of it and `displayName`. A change replaces. */
    applicationId?: pulumi.Input<string> | undefined;
    /** Name of a new application to register, 120 characters at most. A change renames it. */
    displayName?: pulumi.Input<string> | undefined;
    /** Needed for a new application; left out for an existing one, its certificates are left alone. A change rotates with overlap. */
    certificate?: pulumi.Input<PortalCertificateReference> | undefined;
    /** `false`: only verify that the certificate is registered, as the wizard demands for existing ones. Default `true`. */
    registerCertificate?: pulumi.Input<boolean> | undefined;
    /** Days that a replaced certificate of ours stays registered. Default: until it ends, since VB365 may still use it. */
    certificateOverlapDays?: pulumi.Input<number> | undefined;
    /** Restore Portal web address, `https://<DNS name or public IPv4>:<port>`; the port is always written. */
    portalUrl: pulumi.Input<string>;
    /** Port of VB365's REST API settings, which `portalUrl` must have. Default 4443. */
    restApiPort?: pulumi.Input<number> | undefined;
    /** Further web addresses to register; the wizard takes one only. Default none. */
    additionalPortalUrls?: pulumi.Input<pulumi.Input<string>[]> | undefined;
    /**
     * Who may sign in: `AzureADMyOrg` (default of a new application) or `AzureADMultipleOrgs` (service providers). Left
     * out for an existing application, its audience is left alone.
     */
    signInAudience?: pulumi.Input<SignInAudience> | undefined;
    /** Grant `User.Read` and `access_as_user` for the whole organization. Default `true`; `false` leaves consent alone. */
    adminConsent?: pulumi.Input<boolean> | undefined;
    /** Object ids of owners to add; owners are never removed. */
    owners?: pulumi.Input<pulumi.Input<string>[]> | undefined;
    /** Reference into a service or asset management database; some tenants demand it. */
    serviceManagementReference?: pulumi.Input<string> | undefined;
    /** Restore an `applicationId` that lies in Entra's 30-day bin. Default `false`: that is an error. */
    restoreDeleted?: pulumi.Input<boolean> | undefined;
    /** `assignment required`: only users assigned to the enterprise application may sign in. Default `enabled`: all users. */
    servicePrincipal?: pulumi.Input<"enabled" | "assignment required"> | undefined;
}

/** The Microsoft Entra application of a Restore Portal, kept as declared. */
export class RestorePortalApp extends IdentifiedResource {
    /** Application (client) ID: what VB365 calls "Application ID". */
    declare public readonly applicationId: pulumi.Output<string>;
    /** Object id of the application. */
    declare public readonly objectId: pulumi.Output<string>;
    /** The tenant, as GUID. */
    declare public readonly tenantId: pulumi.Output<string>;
    /** Object id of the service principal (enterprise application). */
    declare public readonly servicePrincipalId: pulumi.Output<string>;
    declare public readonly region: pulumi.Output<string>;
    declare public readonly portalUrl: pulumi.Output<string>;
    declare public readonly signInAudience: pulumi.Output<string | undefined>;
    /** URL at which users of the tenant sign in. */
    declare public readonly authority: pulumi.Output<string>;
    /** The scope that the portal's page asks for: `api://<applicationId>/access_as_user`. */
    declare public readonly apiScope: pulumi.Output<string>;
    /** Page on which an administrator consents by hand. */
    declare public readonly consentUrl: pulumi.Output<string>;
    /** All certificates on the application, ours and others'. */
    declare public readonly certificates: pulumi.Output<RegisteredCertificate[]>;

    constructor(name: string, args: RestorePortalAppArgs, options: pulumi.CustomResourceOptions = {}) {
        const type = "restorePortal:RestorePortalApp";
        super("restorePortalApp", type, name, { args, outputs: COMPUTED_OUTPUTS }, options);
    }
}

const COMPUTED_OUTPUTS = [
    "applicationId",
    "objectId",
    "tenantId",
    "servicePrincipalId",
    "authority",
    "apiScope",
    "consentUrl",
    "certificates",
    "managed",
    "region",
    "signInAudience",
];

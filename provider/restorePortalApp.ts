// Defines the resource RestorePortalApp: the Entra application of a Restore Portal. This file has the arguments and
// outputs; portal/ has the hooks.
import type * as pulumi from "@pulumi/pulumi";

import type { LeavablePart, SignInAudience } from "./portal/rules/inputs";
import type { RegisteredCertificate } from "./portal/rules/certificates";
import type { Region } from "./inputs/regions";
import { IdentifiedResource } from "./pulumi/dynamicResource";
import { PORTAL_SHAPE } from "./shapes";

export type { Region };

/**
 * The public certificate by which Restore Portal signs in. Pass the output `certificate` of a PortalCertificate.
 * `certificatePem` alone is enough: the provider reads the thumbprints and dates from it, also if they are given.
 */
export interface PortalCertificateReference {
    /**
     * The certificate as PEM text, without its private key. Its key must be RSA with at least 2048 bits. A new
     * certificate must be valid now. A change registers the new certificate beside the old one.
     */
    certificatePem: pulumi.Input<string>;
    /**
     * Random id of the PortalCertificate. By this id, a deployment recognizes the application that a killed deployment
     * registered. The id also distinguishes clones of one program. A change has no effect on an existing application.
     */
    id?: pulumi.Input<string> | undefined;
    /**
     * Description of the certificate in Entra, cut to 90 characters. A change applies to the next certificate.
     */
    name?: pulumi.Input<string> | undefined;
    /**
     * SHA-1 thumbprint, upper-case hex. The provider replaces a wrong value by the thumbprint of `certificatePem`.
     * Default: read from `certificatePem`.
     */
    thumbprint?: pulumi.Input<string> | undefined;
    /** SHA-256 thumbprint, upper-case hex. Default: read from `certificatePem`. */
    thumbprintSha256?: pulumi.Input<string> | undefined;
    /** Start of validity, ISO 8601, UTC. Default: read from `certificatePem`. */
    notBefore?: pulumi.Input<string> | undefined;
    /** End of validity, ISO 8601, UTC. Default: read from `certificatePem`. */
    notAfter?: pulumi.Input<string> | undefined;
}

/**
 * The inputs of VB365's wizard "Configure Microsoft Entra Application", and the settings that the wizard leaves to
 * manual work. All inputs that break a rule are reported together, before anything is written. Only if no input breaks
 * a rule, the provider checks the inputs against Entra.
 */
export interface RestorePortalAppArgs {
    /**
     * Microsoft Entra region, in VB365's words: `Worldwide` (default), `China`, `USGovernment` or `USDefence`. A tenant
     * of another region is refused. With a new region an adopted application also needs another `applicationId`. A
     * change replaces the resource.
     */
    region?: pulumi.Input<Region> | undefined;
    /**
     * Tenant of the organization: GUID or verified domain. Default: the tenant of the credentials. Another spelling of
     * the same tenant is not a change. Credentials of another tenant are refused. A change replaces the resource.
     */
    tenantId?: pulumi.Input<string> | undefined;
    /**
     * Prefix of the environment variables that contain the credentials. With `CHINA`, the provider reads
     * `CHINA_AZURE_CLIENT_ID` and so on. Default: `AZURE_*`, `ARM_*`. A change writes nothing to Entra.
     */
    credentials?: pulumi.Input<string> | undefined;
    /**
     * Application (client) ID of an existing application to adopt. Set either `applicationId` or `displayName`. The
     * application still belongs to its owner: `pulumi destroy` removes the added entries, and restores a changed value
     * if nobody else has changed it since. A change replaces the resource. Exception: a change from `displayName` to
     * the id of the same application replaces nothing, and the resource only gives up ownership.
     */
    applicationId?: pulumi.Input<string> | undefined;
    /**
     * Name of a new application to register, at most 120 characters. Set either `applicationId` or `displayName`. The
     * preview warns if the tenant has an application with the same name or web address. `pulumi destroy` deletes the
     * application. If the application has entries of others, `pulumi destroy` fails unless the environment variable
     * `RESTORE_PORTAL_DELETE_OTHERS` allows the deletion. A change renames the application.
     */
    displayName?: pulumi.Input<string> | undefined;
    /**
     * The public certificate by which Restore Portal signs in. Required for a new application. Without it, the
     * certificates of an existing application are left alone. An invalid certificate is refused. A change registers the
     * new certificate, and later removes the old one (rotation).
     */
    certificate?: pulumi.Input<PortalCertificateReference> | undefined;
    /**
     * `false`: the provider only verifies that the certificate is registered, as the wizard requires of existing
     * applications. If the certificate is not registered, the preview refuses it. If somebody removes the certificate
     * later, the deployment fails with `ERR_APPLICATION_CONFLICT`. A new application needs `true`. Default `true`.
     */
    registerCertificate?: pulumi.Input<boolean> | undefined;
    /**
     * Days that a replaced certificate stays registered, 0 to 3650. Only certificates that this resource added are
     * removed. Default: until the certificate expires. VB365 may still use a replaced certificate, and the provider
     * cannot see whether it does. A change also applies to certificates that were replaced before.
     */
    certificateOverlapDays?: pulumi.Input<number> | undefined;
    /**
     * Web address of Restore Portal: `https://<DNS name or public IPv4>:<port>`, always with the port, written as
     * browsers send it. It is registered as a redirect URI of a single-page application. An address that another
     * platform of the application uses is refused. A change adds the new redirect URI and removes the old one.
     */
    portalUrl: pulumi.Input<string>;
    /**
     * Port in VB365's REST API settings, 1 to 65535. `portalUrl` must have the same port. Default 4443. A change writes
     * nothing to Entra.
     */
    restApiPort?: pulumi.Input<number> | undefined;
    /**
     * Further web addresses of the portal. The wizard takes only one address. If an address has a port other than
     * `restApiPort`, the provider warns. Default: none. A change adds and removes redirect URIs.
     */
    additionalPortalUrls?: pulumi.Input<pulumi.Input<string>[]> | undefined;
    /**
     * Who may sign in. `AzureADMyOrg`: users of the tenant. `AzureADMultipleOrgs`: users of all tenants, for service
     * providers. Default: `AzureADMyOrg` for a new application. Without this input the audience of an adopted
     * application is left alone. If the program removes this input for an adopted application, the previous audience is
     * restored.
     */
    signInAudience?: pulumi.Input<SignInAudience> | undefined;
    /**
     * `true` grants `User.Read` and `access_as_user` for all users of the tenant (admin consent). `false`: a deployment
     * adds and removes no grants. `pulumi destroy` still removes the grants that this resource made before. Default:
     * `true`.
     */
    adminConsent?: pulumi.Input<boolean> | undefined;
    /**
     * Object ids of users and service principals to add as owners of the application, at most 100. An id that does not
     * exist is refused. To add other owners to an existing application, Entra requires the application permissions
     * `Application.ReadWrite.All` and `Directory.Read.All`. The provider never removes owners, not even by `pulumi
     * destroy`. Default: none. A change adds the missing owners.
     */
    owners?: pulumi.Input<pulumi.Input<string>[]> | undefined;
    /**
     * Reference to the application in a service or asset management database. Some tenants require it. Without this
     * input the reference is left alone. If the program removes this input for an adopted application, the previous
     * reference is restored.
     */
    serviceManagementReference?: pulumi.Input<string> | undefined;
    /**
     * `true`: an adopted application in deleted items is restored. Entra keeps a deleted application for 30 days. A
     * registered application is always restored. Default `false`: an adopted application in deleted items is an error.
     */
    restoreDeleted?: pulumi.Input<boolean> | undefined;
    /**
     * Who may sign in. `enabled`: all users. `assignment required`: only users that are assigned to the enterprise
     * application. Default: `enabled` for a new application. Without this input, "Assignment required" of an adopted
     * application stays as its owner sets it. For an adopted application, `enabled` lets all users sign in, and a
     * preview shows `enabled for all users`. If the owner requires assignment at the time of the adoption, `enabled` is
     * refused. If the program removes this input, the previous setting is restored.
     */
    servicePrincipal?: pulumi.Input<"enabled" | "assignment required"> | undefined;
    /**
     * Parts of an adopted application that stay as they are: `applicationStatus`, `portalUrl` (with
     * `additionalPortalUrls`), `applicationIdUri`, `accessAsUserScope`, `requiredPermissions`, `servicePrincipal`. A
     * preview does not compare them, and no deployment writes them. `pulumi-restore-portal export` writes this list, so
     * that the first deployment of the exported program changes nothing. Users can sign in only if the application has
     * all these parts; `pulumi-restore-portal doctor` checks that. Default: none. A change removes nothing: a part that
     * leaves the list is completed.
     */
    leaveAlone?: pulumi.Input<pulumi.Input<LeavablePart>[]> | undefined;
}

/**
 * The Microsoft Entra application of a Restore Portal, kept as declared. Project, stack, types of the parents and name
 * identify the resource. A replacement always deletes the old resource before it creates the new one.
 */
export class RestorePortalApp extends IdentifiedResource {
    /** Application (client) ID. VB365 calls it "Application ID". */
    declare public readonly applicationId: pulumi.Output<string>;
    /** Object id of the application in Entra. */
    declare public readonly objectId: pulumi.Output<string>;
    /** The tenant as GUID, also if the input is a domain. */
    declare public readonly tenantId: pulumi.Output<string>;
    /** Object id of the service principal (enterprise application). */
    declare public readonly servicePrincipalId: pulumi.Output<string>;
    /** Microsoft Entra region, in VB365's words. */
    declare public readonly region: pulumi.Output<string>;
    /** Web address of the portal. After a refresh: the live value, such as `not registered`. */
    declare public readonly portalUrl: pulumi.Output<string>;
    /** Who may sign in. `undefined` if the program leaves it out for an adopted application. */
    declare public readonly signInAudience: pulumi.Output<string | undefined>;
    /** URL at which users sign in. It ends with the tenant id, or with `organizations` for `AzureADMultipleOrgs`. */
    declare public readonly authority: pulumi.Output<string>;
    /** The scope that the page of the portal requests: `api://<applicationId>/access_as_user`. */
    declare public readonly apiScope: pulumi.Output<string>;
    /** Page on which an administrator of the tenant consents by hand. */
    declare public readonly consentUrl: pulumi.Output<string>;
    /** All certificates on the application: those of this resource, and those of others. */
    declare public readonly certificates: pulumi.Output<RegisteredCertificate[]>;

    constructor(name: string, args: pulumi.Input<RestorePortalAppArgs>, options: pulumi.CustomResourceOptions = {}) {
        super(PORTAL_SHAPE, name, args, options);
    }
}

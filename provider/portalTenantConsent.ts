// Defines the resource PortalTenantConsent: the consent of one customer's tenant to a service provider's Restore
// Portal. This file has the arguments and outputs; consent/ has the hooks.
import type * as pulumi from "@pulumi/pulumi";

import type { Region } from "./inputs/regions";
import { customersSoFar, noteCustomer } from "./pulumi/together";
import { IdentifiedResource } from "./pulumi/dynamicResource";
import { CONSENT_SHAPE } from "./shapes";

/**
 * The consent of one customer's tenant. If a tenant does not answer, only the create, update or delete of its own
 * resource fails. A preview names the obstacles to the consent of a new or changed customer: an unknown tenant, a
 * tenant of another cloud, a missing consent to the deploying identity, or a missing permission. The environment
 * variable `RESTORE_PORTAL_CHECK_CUSTOMERS=false` turns this check off.
 */
export interface PortalTenantConsentArgs {
    /**
     * Application (client) ID of the service provider's multi-tenant application, such as `applicationId` of a
     * RestorePortalApp. With `manage`, a single-tenant application fails with `ERR_APPLICATION_CONFLICT`. A change
     * replaces the resource.
     */
    applicationId: pulumi.Input<string>;
    /**
     * Tenant of the customer: GUID or verified domain. Another spelling of the same tenant is not a change. A change
     * replaces the resource.
     */
    tenantId: pulumi.Input<string>;
    /**
     * Microsoft Entra region of the application and of the tenant: `Worldwide` (default), `China`, `USGovernment` or
     * `USDefence`. A change replaces the resource.
     */
    region?: pulumi.Input<Region> | undefined;
    /**
     * Prefix of the environment variables that contain the credentials for the customer's tenant. With `CONTOSO`, the
     * provider reads `CONTOSO_AZURE_CLIENT_ID` and so on. With `manage`, these credentials need
     * Application.ReadWrite.All and DelegatedPermissionGrant.ReadWrite.All in the tenant. With `verify`, they need
     * Directory.Read.All, and without this input the provider does not read the grants. Default: with `manage` the
     * credentials of the deployment (`AZURE_*`, `ARM_*`), with `verify` none. With `manage` and without this input, the
     * deploying identity must be a multi-tenant application to which the customer has consented. A change writes
     * nothing to Entra.
     */
    credentials?: pulumi.Input<string> | undefined;
    /**
     * `manage` (default): creates the service principal, and grants `User.Read` and `access_as_user` for all users of
     * the tenant. `verify`: writes nothing, and needs no permission in the tenant unless `credentials` is set. The
     * customer's administrator opens `consentUrl`, and each refresh reads whether the service principal exists. With
     * `verify` after `manage`, the created objects stay in the tenant.
     */
    mode?: pulumi.Input<"manage" | "verify"> | undefined;
    /**
     * Web address of the portal. After the consent by hand, Entra sends the administrator to this address. Default: a
     * page of Entra's choice. A change changes `consentUrl`, and with `manage` also the resource's tag on the service
     * principal.
     */
    portalUrl?: pulumi.Input<string> | undefined;
    /**
     * Who may sign in. `enabled`: all users of the tenant. `assignment required`: only users that the customer assigns
     * to the enterprise application. Default: `enabled` for a new service principal. Without this input, a service
     * principal that existed before keeps the customer's setting. With `enabled`, all users may sign in through such a
     * service principal too. A preview shows `enabled` as `enabled for all users`. If the program removes this input,
     * the previous setting is restored.
     */
    servicePrincipal?: pulumi.Input<"enabled" | "assignment required"> | undefined;
}

/**
 * The consent of one customer's tenant to the application of a service provider's Restore Portal. With
 * `mode: "verify"`, the resource writes nothing in the tenant. `pulumi destroy` removes the objects and entries that
 * the resource created in the tenant, and restores the values that it changed. A replacement always deletes the old
 * resource before it creates the new one.
 */
export class PortalTenantConsent extends IdentifiedResource {
    /** Application (client) ID of the service provider's application. */
    declare public readonly applicationId: pulumi.Output<string>;
    /** The customer's tenant as GUID, also if the input is a domain. */
    declare public readonly tenantId: pulumi.Output<string>;
    /** Object id of the service principal in the customer's tenant. Empty if it is unknown. */
    declare public readonly servicePrincipalId: pulumi.Output<string>;
    /** URL at which users of the customer sign in. */
    declare public readonly authority: pulumi.Output<string>;
    /** Page on which an administrator of the customer consents by hand. */
    declare public readonly consentUrl: pulumi.Output<string>;
    /** `granted`, `incomplete`, or `unknown` if the provider has not read the grants in the tenant. */
    declare public readonly consent: pulumi.Output<"granted" | "incomplete" | "unknown">;

    constructor(name: string, args: pulumi.Input<PortalTenantConsentArgs>, options: pulumi.CustomResourceOptions = {}) {
        noteCustomer(args);
        super({ ...CONSENT_SHAPE, previewFacts: () => ({ together: customersSoFar() }) }, name, args, options);
    }
}

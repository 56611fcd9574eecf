// PortalTenantConsent: consent of one customer's tenant to a service provider's Restore Portal. Its arguments and outputs;
// its hooks are in consent/.
import type * as pulumi from "@pulumi/pulumi";

import type { Region } from "./inputs/regions";
import { IdentifiedResource } from "./pulumi/dynamicResource";

/** What makes a service provider's Restore Portal usable by one customer. */
export interface PortalTenantConsentArgs {
    /** Application (client) ID of the provider's multi-tenant application: `applicationId` of its RestorePortalApp. A change replaces. */
    applicationId: pulumi.Input<string>;
    /** The customer's tenant: GUID or verified domain; another spelling of the same tenant is no change. A change replaces. */
    tenantId: pulumi.Input<string>;
    /** Microsoft Entra region of application and tenant: `Worldwide` (default), `China`, `USGovernment`, `USDefence`. A change replaces. */
    region?: pulumi.Input<Region> | undefined;
    /**
     * Which credentials of the environment work in the customer's tenant: `CONTOSO` reads `CONTOSO_AZURE_CLIENT_ID` and so
     * on. Default: the deployment's own (`AZURE_*`, `ARM_*`), whose application must then be multi-tenant and consented to
     * by the customer. Needed there: Application.ReadWrite.All and DelegatedPermissionGrant.ReadWrite.All.
     */
    credentials?: pulumi.Input<string> | undefined;
    /**
     * `manage` (default): makes the service principal and grants `User.Read` and `access_as_user` for the organization.
     * `verify`: needs no right in the tenant and writes nothing; the customer's administrator opens `consentUrl`, and each
     * refresh tells whether the service principal is there. Going over to `verify` leaves in the tenant what was made.
     */
    mode?: pulumi.Input<"manage" | "verify"> | undefined;
    /** The portal's web address: where `consentUrl` ends. Default: left to Entra. A change makes another link. */
    portalUrl?: pulumi.Input<string> | undefined;
    /** `assignment required`: only users that the customer assigns may sign in. Default `enabled`: all its users. */
    servicePrincipal?: pulumi.Input<"enabled" | "assignment required"> | undefined;
}

/** Consent of one customer's tenant to the application of a service provider's Restore Portal. */
export class PortalTenantConsent extends IdentifiedResource {
    declare public readonly applicationId: pulumi.Output<string>;
    /** The customer's tenant, as GUID. */
    declare public readonly tenantId: pulumi.Output<string>;
    /** Object id of the service principal in the customer's tenant; empty where it cannot be read. */
    declare public readonly servicePrincipalId: pulumi.Output<string>;
    /** URL at which users of the customer sign in. */
    declare public readonly authority: pulumi.Output<string>;
    /** Page on which an administrator of the customer consents by hand. */
    declare public readonly consentUrl: pulumi.Output<string>;
    /** `granted`, `incomplete`, or `unknown` where the tenant lets nobody of us read it. */
    declare public readonly consent: pulumi.Output<"granted" | "incomplete" | "unknown">;

    constructor(name: string, args: PortalTenantConsentArgs, options: pulumi.CustomResourceOptions = {}) {
        const type = "restorePortal:PortalTenantConsent";
        super("portalTenantConsent", type, name, { args, outputs: COMPUTED_OUTPUTS }, options);
    }
}

const COMPUTED_OUTPUTS = ["servicePrincipalId", "authority", "consentUrl", "consent", "managed"];

// A service provider's Restore Portals, one for each Microsoft Entra region, and the consent of each customer's tenant. Both
// are lists in the configuration of the stack, so that a new customer is a new entry.
import * as pulumi from "@pulumi/pulumi";
import {
    PortalCertificate,
    PortalTenantConsent,
    RestorePortalApp,
    type PortalTenantConsentArgs,
    type Region,
} from "pulumi-restore-portal";

interface PortalSettings {
    readonly portalUrl: string;
    readonly displayName?: string;
    /** Which credentials of the environment: those of the provider's own tenant in that region. */
    readonly credentials?: string;
}

interface CustomerSettings {
    readonly name: string;
    /** GUID or verified domain. */
    readonly tenantId: string;
    /** Default: Worldwide. */
    readonly region?: Region;
    /** Default: those of the region's portal, whose identity the customer has consented to. */
    readonly credentials?: string;
    readonly mode?: "manage" | "verify";
    /** Default: the region's portal. */
    readonly applicationId?: string;
}

const config = new pulumi.Config();
const portals = config.requireObject<Partial<Record<Region, PortalSettings>>>("portals");
const customers = config.requireObject<CustomerSettings[]>("customers");

function createPortal(region: Region, { portalUrl, displayName, credentials }: PortalSettings) {
    const certificate = new PortalCertificate(`certificate-${region}`, {
        source: { generate: { name: `Restore Portal ${region}` } },
    });
    const portal = new RestorePortalApp(`portal-${region}`, {
        region,
        credentials,
        displayName: displayName ?? `Restore Portal ${region}`,
        certificate: certificate.certificate,
        portalUrl,
        signInAudience: "AzureADMultipleOrgs",
    });
    return { certificate, portal };
}

const created = new Map(
    Object.entries(portals).map(([region, settings]) => [region, createPortal(region as Region, settings)] as const),
);

function consentOf({ name, region = "Worldwide", ...customer }: CustomerSettings): PortalTenantConsent {
    const applicationId: PortalTenantConsentArgs["applicationId"] | undefined =
        customer.applicationId ?? created.get(region)?.portal.applicationId;
    if (applicationId === undefined) throw new Error(`customer ${name}: there is no portal for region ${region}`);
    const credentials = customer.credentials ?? portals[region]?.credentials;
    const portalUrl = portals[region]?.portalUrl;
    return new PortalTenantConsent(`customer-${name}`, { ...customer, applicationId, region, credentials, portalUrl });
}

const consents = customers.map((customer) => [customer.name, consentOf(customer)] as const);

export const applicationIds = Object.fromEntries(
    [...created].map(([region, { portal }]) => [region, portal.applicationId]),
);
/** For VB365, by region: the PFX in base64 and its password. */
export const certificates = pulumi.secret(
    Object.fromEntries(
        [...created].map(
            ([
                region,
                {
                    certificate: { pfx, pfxPassword },
                },
            ]) => [region, { pfx, pfxPassword }],
        ),
    ),
);
/** For the administrators of customers who consent by hand. */
export const consentUrls = Object.fromEntries(consents.map(([name, { consentUrl }]) => [name, consentUrl]));

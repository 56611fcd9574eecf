// Deploys a service provider's Restore Portals, one per Microsoft Entra region, and the consent of each customer's
// tenant. The stack's configuration lists the portals and the customers. If there are many customers, a file lists them
// instead.
import { readFileSync } from "node:fs";

import * as pulumi from "@pulumi/pulumi";
import {
    PortalCertificate,
    PortalTenantConsent,
    RestorePortalApp,
    shardOf,
    type PortalCertificateArgs,
    type PortalTenantConsentArgs,
    type Region,
} from "pulumi-restore-portal";

interface PortalSettings {
    readonly portalUrl: string;
    /** Port in VB365's REST API settings. Default: 4443. */
    readonly restApiPort?: number;
    readonly displayName?: string;
    /** The Application ID of an existing application. Without `certificate`, its certificates are left alone. */
    readonly applicationId?: string;
    /** Default for a new application: a generated certificate. */
    readonly certificate?: { readonly generate?: object; readonly store?: object; readonly pfx?: object };
    /**
     * The prefix of the environment variables with the credentials of the service provider's own tenant in this region.
     */
    readonly credentials?: string;
}

interface CustomerSettings {
    readonly name: string;
    /** The customer's tenant: GUID or verified domain. */
    readonly tenantId: string;
    /** The customer's region. Default: Worldwide. */
    readonly region?: Region;
    /**
     * The prefix of the environment variables with the credentials for this customer. Default: the credentials of the
     * region's portal. The customer must have consented to the identity that these credentials belong to.
     */
    readonly credentials?: string;
    readonly mode?: "manage" | "verify";
    /** The Application ID of the portal. Default: the Application ID of the region's portal. */
    readonly applicationId?: string;
}

type Source = PortalCertificateArgs["source"];

const config = new pulumi.Config();
const portals = config.requireObject<Partial<Record<Region, PortalSettings>>>("portals");
/**
 * If `shards` is set, the stack `<name>` deploys the portals, and the stacks `<name>-1` to `<name>-<shards>` deploy the
 * customers.
 */
const shards = config.getNumber("shards");
const shard = shards === undefined ? undefined : Number(/-(\d+)$/.exec(pulumi.getStack())?.[1] ?? 0);
if (shards !== undefined && shard !== undefined && shard > shards)
    throw new Error(
        `stack "${pulumi.getStack()}" is not among the stacks of customers, because the setting "shards" is ${shards}; move its customers to the other stacks with "pulumi state move", and remove the stack (node_modules/pulumi-restore-portal/docs/pipelines.md, "One stack less"), or correct "shards"`,
    );
/**
 * The Application IDs of the portals. The stack with the portals outputs these IDs, and the configuration of the other
 * stacks contains them.
 */
const portalsElsewhere = shard ? config.getObject<Partial<Record<Region, string>>>("applicationIds") : undefined;
const customers = listedCustomers().filter(({ name }) => shards === undefined || shardOf(name, shards) === shard);

/**
 * Pulumi passes the configuration to a program in one environment variable, which Linux limits to 128 KB. So a file can
 * contain the customers instead.
 */
function listedCustomers(): CustomerSettings[] {
    const file = config.get("customersFile");
    if (file === undefined) return config.requireObject<CustomerSettings[]>("customers");
    const listed = jsonIn(file);
    if (!Array.isArray(listed))
        throw new Error(
            `${file} must be a list of customers, such as [{ "name": "contoso", "tenantId": "contoso.com" }]`,
        );
    return listed as CustomerSettings[];
}

function jsonIn(file: string): unknown {
    const text = readFileSync(file, "utf8");
    try {
        return JSON.parse(text);
    } catch (error) {
        throw new Error(`${file} is not JSON (${(error as Error).message}); correct the file`);
    }
}

function sourceOf(region: Region, { applicationId, certificate }: PortalSettings): Source | undefined {
    if (certificate === undefined)
        return applicationId === undefined ? { generate: { name: `Restore Portal ${region}` } } : undefined;
    if (certificate.pfx === undefined) return certificate as Source;
    return { pfx: { ...certificate.pfx, password: config.getSecret("certificatePassword") } };
}

function createPortal(region: Region, settings: PortalSettings) {
    const { portalUrl, restApiPort, displayName, applicationId, credentials } = settings;
    const source = sourceOf(region, settings);
    const certificate = source && new PortalCertificate(`certificate-${region}`, { source });
    const portal = new RestorePortalApp(`portal-${region}`, {
        region,
        credentials,
        ...(applicationId === undefined
            ? { displayName: displayName ?? `Restore Portal ${region}` }
            : { applicationId }),
        certificate: certificate?.certificate,
        portalUrl,
        restApiPort,
        signInAudience: "AzureADMultipleOrgs",
    });
    return { certificate, portal };
}

const created = new Map(
    Object.entries(shard ? {} : portals).map(
        ([region, settings]) => [region, createPortal(region as Region, settings)] as const,
    ),
);

function consentOf({ name, region = "Worldwide", ...customer }: CustomerSettings): PortalTenantConsent {
    const applicationId: PortalTenantConsentArgs["applicationId"] | undefined =
        customer.applicationId ?? created.get(region)?.portal.applicationId ?? portalsElsewhere?.[region];
    if (applicationId === undefined)
        throw new Error(
            `customer ${name}: "${shard ? "applicationIds" : "portals"}" in the configuration has no entry for region ${region}; add one, or set the right region for this customer`,
        );
    const credentials = customer.credentials ?? portals[region]?.credentials;
    const portalUrl = portals[region]?.portalUrl;
    return new PortalTenantConsent(`customer-${name}`, { ...customer, applicationId, region, credentials, portalUrl });
}

const consents = customers.map((customer) => [customer.name, consentOf(customer)] as const);

export const applicationIds = Object.fromEntries(
    [...created].map(([region, { portal }]) => [region, portal.applicationId]),
);
/** For each generated certificate: the PFX in base64 and its password, for VB365. */
export const certificates = pulumi.secret(
    Object.fromEntries(
        [...created].map(([region, { certificate }]) => [
            region,
            { pfx: certificate?.pfx, pfxPassword: certificate?.pfxPassword },
        ]),
    ),
);
/** For each customer, the page on which an administrator of the customer consents by hand. */
export const consentUrls = Object.fromEntries(consents.map(([name, { consentUrl }]) => [name, consentUrl]));

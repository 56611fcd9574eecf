// Reads a tenant's GUID and cloud from its OpenID discovery document, without credentials. The host does not show the
// cloud: login.microsoftonline.com also answers for US Government tenants.
import { DEFAULT_REGION, REGION_NAMES, REGIONS, type Region } from "../inputs/regions";
import { PortalError } from "../portalError";
import { cloudOf, publishedCloud, type Cloud } from "./clouds";
import { environmentOf } from "./credentialVariables";
import { hasShape, object, optional, text } from "../shape";
import { ask } from "./anonymous";

export interface TenantDiscovery {
    /** GUID, lower case. */
    readonly tenantId: string;
    readonly region: Region;
}

interface DiscoveryOptions {
    readonly credentials?: string | undefined;
    readonly env?: NodeJS.ProcessEnv;
}

interface Document {
    readonly issuer?: string;
    readonly msgraph_host?: string | null;
    readonly cloud_instance_name?: string | null;
    readonly tenant_region_sub_scope?: string | null;
}

const aDocument = object({
    issuer: text,
    msgraph_host: optional(text),
    cloud_instance_name: optional(text),
    tenant_region_sub_scope: optional(text),
    // The sign-in library reads these properties.
    token_endpoint: optional(text),
    authorization_endpoint: optional(text),
    jwks_uri: optional(text),
});

/** The requests for documents, by URL. So resources with the same tenant share one request per process. */
const discoveries = new Map<string, Promise<Document | undefined>>();
/** The documents that have arrived, by URL. */
const documents = new Map<string, Document>();

/** Returns the document that this process read from a URL, so that the sign-in library need not read it again. */
export function documentAt(url: string): unknown {
    return documents.get(url.toLowerCase());
}

/**
 * Returns a tenant's GUID and region. Throws if the tenant is unknown, or if it is in another region. Resources of a
 * tenant share one request. A failure is not kept.
 */
export async function discoverTenant(
    tenant: string,
    region: Region,
    { credentials, env }: DiscoveryOptions = {},
): Promise<TenantDiscovery> {
    const cloud = await cloudOf(region, environmentOf(credentials, env));
    const document = await sharedDocument(cloud.loginUrl, tenant);
    if (document === undefined) throw await unknownTenant(tenant, cloud);
    const live = regionOf(document, cloud);
    if (live !== region) throw wrongRegion(tenant, region, live);
    return { tenantId: tenantIdOf(document, tenant), region };
}

async function sharedDocument(loginUrl: string, tenant: string): Promise<Document | undefined> {
    const key = urlOf(loginUrl, tenant).toLowerCase();
    const known = discoveries.get(key) ?? readDocument(loginUrl, tenant);
    discoveries.set(key, known);
    try {
        const document = await known;
        if (document === undefined) discoveries.delete(key);
        else documents.set(key, document);
        return document;
    } catch (error) {
        discoveries.delete(key);
        throw error;
    }
}

function urlOf(loginUrl: string, tenant: string): string {
    return `${loginUrl}/${encodeURIComponent(tenant)}/v2.0/.well-known/openid-configuration`;
}

/**
 * Entra's codes for a tenant that does not exist in this cloud. No other answer proves that the tenant does not exist.
 */
const UNKNOWN_TENANT = /AADSTS(90002|900021|900023)\b/;
const aRefusal = object({ error: text, error_description: text });

/** `undefined`: the tenant does not exist in this cloud. */
async function readDocument(loginUrl: string, tenant: string, isRetried = true): Promise<Document | undefined> {
    const { document } = await ask<{ document: Document | undefined }>({
        url: urlOf(loginUrl, tenant),
        purpose: `looking up tenant ${tenant}`,
        isRetried,
        problem: aDocument,
        understand: (status, json) => {
            if (status === 200) return hasShape<Document>(json, aDocument) ? { document: json } : undefined;
            const isRefusal = hasShape<{ error_description: string }>(json, aRefusal);
            const isUnknown = (status === 400 || status === 404) && isRefusal;
            return isUnknown && UNKNOWN_TENANT.test(json.error_description) ? { document: undefined } : undefined;
        },
    });
    return document;
}

function tenantIdOf({ issuer }: Document, tenant: string): string {
    const id = /\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/i.exec(issuer ?? "")?.[1];
    if (id !== undefined) return id.toLowerCase();
    throw new PortalError(
        "ERR_CREDENTIALS",
        `looking up tenant ${tenant}: this name does not identify a single tenant; use a tenant's GUID or verified domain, not "common" or "organizations"`,
    );
}

/** `undefined`: VB365 has no region for the tenant's cloud. */
export function regionOf(document: Document, { isCustom }: Pick<Cloud, "isCustom">): Region | undefined {
    // A custom cloud has its own Graph host, so `msgraph_host` does not show the region.
    if (isCustom) return regionByInstance(document);
    return REGION_NAMES.find((region) => REGIONS[region].graphHost === document.msgraph_host);
}

function regionByInstance({ cloud_instance_name: instance, tenant_region_sub_scope }: Document): Region {
    const candidates = REGION_NAMES.filter((region) => instance?.endsWith(REGIONS[region].instanceSuffix) === true);
    return (
        candidates.find((region) => REGIONS[region].subScope === (tenant_region_sub_scope ?? undefined)) ??
        candidates.find((region) => REGIONS[region].subScope === undefined) ??
        DEFAULT_REGION
    );
}

function wrongRegion(tenant: string, region: Region, live: Region | undefined): PortalError {
    const remedy =
        live === undefined
            ? "and VB365 has no region for its cloud; use another tenant"
            : `so region must be "${live}"`;
    return new PortalError(
        "ERR_REGION_MISMATCH",
        `looking up tenant ${tenant}: it is not in the cloud of region "${region}", ${remedy}`,
    );
}

/**
 * Makes the error for an unknown tenant. First requests the tenant's document from the hosts of the other clouds, so
 * that the error can name the right region. Only China's own host has the documents of tenants in China.
 */
async function unknownTenant(tenant: string, cloud: Cloud): Promise<PortalError> {
    const others = cloud.isCustom
        ? []
        : REGION_NAMES.filter((region) => publishedCloud(region).loginUrl !== cloud.loginUrl);
    for (const region of others) {
        const document = await readDocument(publishedCloud(region).loginUrl, tenant, false).catch(() => undefined);
        if (document) return wrongRegion(tenant, cloud.region, regionOf(document, cloud));
    }
    const { host } = new URL(cloud.loginUrl);
    return new PortalError(
        "ERR_TENANT_MISMATCH",
        `looking up tenant ${tenant}: ${host} does not know this tenant; correct tenantId, or the tenant of the credentials`,
    );
}

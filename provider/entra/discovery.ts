// Reads a tenant's OpenID discovery document, which says who the tenant is and in which cloud. Anonymous.
// The document decides, not the host: login.microsoftonline.com also answers for US Government tenants, with their .us
// document.
import { DEFAULT_REGION, REGION_NAMES, REGIONS, type Region } from "../inputs/regions";
import { PortalError } from "../portalError";
import { cloudOf, publishedCloud, type Cloud } from "./clouds";
import { environmentOf } from "./credentialVariables";
import { getJson } from "./http";

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
    readonly msgraph_host?: string;
    readonly cloud_instance_name?: string;
    readonly tenant_region_sub_scope?: string | null;
}

const discoveries = new Map<string, Promise<TenantDiscovery>>();

/** By URL. */
const documents = new Map<string, unknown>();

/** The document that was read at a URL. The sign-in library needs the same one. */
export function documentAt(url: string): unknown {
    return documents.get(url);
}

/** Once per process and tenant. A failure is forgotten, so that a later call tries again. */
export function discoverTenant(
    tenant: string,
    region: Region,
    options: DiscoveryOptions = {},
): Promise<TenantDiscovery> {
    const key = JSON.stringify([tenant.toLowerCase(), region, options.credentials]);
    let discovery = discoveries.get(key);
    if (!discovery) {
        discovery = discover(tenant, region, options);
        discoveries.set(key, discovery);
        discovery.catch(() => discoveries.delete(key));
    }
    return discovery;
}

async function discover(
    tenant: string,
    region: Region,
    { credentials, env }: DiscoveryOptions,
): Promise<TenantDiscovery> {
    const cloud = await cloudOf(region, environmentOf(credentials, env));
    const document = await readDocument(cloud.loginUrl, tenant);
    if (document === undefined) throw await unknownTenant(tenant, cloud);
    const live = regionOf(document, cloud);
    if (live !== region) throw wrongRegion(tenant, region, live);
    return { tenantId: tenantIdOf(document, tenant), region };
}

async function readDocument(loginUrl: string, tenant: string): Promise<Document | undefined> {
    const url = `${loginUrl}/${encodeURIComponent(tenant)}/v2.0/.well-known/openid-configuration`;
    const { status, body } = await getJson(url, `looking up tenant ${tenant}`);
    if (status === 200) {
        documents.set(url, body);
        return body as Document;
    }
    if (status === 400 || status === 404) return undefined;
    throw new PortalError(
        "ERR_GRAPH_UNAVAILABLE",
        `looking up tenant ${tenant}: ${new URL(url).host} answered ${status}; run the deployment again later`,
        { status },
    );
}

function tenantIdOf({ issuer }: Document, tenant: string): string {
    const id = /\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/i.exec(issuer ?? "")?.[1];
    if (id !== undefined) return id.toLowerCase();
    throw new PortalError(
        "ERR_CREDENTIALS",
        `looking up tenant ${tenant}: it does not stand for one tenant; use a tenant's GUID or verified domain, not "common" or "organizations"`,
    );
}

/** `undefined`: VB365 has no such region. */
export function regionOf(document: Document, { isCustom }: Pick<Cloud, "isCustom">): Region | undefined {
    // A custom cloud has hosts of its own, so only the name of the instance tells its region.
    if (isCustom) return regionByInstance(document);
    return REGION_NAMES.find((region) => REGIONS[region].graphHost === document.msgraph_host);
}

function regionByInstance({ cloud_instance_name = "", tenant_region_sub_scope }: Document): Region {
    const candidates = REGION_NAMES.filter((region) => cloud_instance_name.endsWith(REGIONS[region].instanceSuffix));
    return (
        candidates.find((region) => REGIONS[region].subScope === (tenant_region_sub_scope ?? undefined)) ??
        candidates.find((region) => REGIONS[region].subScope === undefined) ??
        DEFAULT_REGION
    );
}

function wrongRegion(tenant: string, region: Region, live: Region | undefined): PortalError {
    const remedy = live === undefined ? "and VB365 has no region for its cloud" : `so region must be "${live}"`;
    return new PortalError(
        "ERR_REGION_MISMATCH",
        `looking up tenant ${tenant}: it is not in the cloud of region "${region}", ${remedy}`,
    );
}

/** Reads the other clouds too, to name the right region: only China's own host knows China's tenants. */
async function unknownTenant(tenant: string, cloud: Cloud): Promise<PortalError> {
    const others = cloud.isCustom
        ? []
        : REGION_NAMES.filter((region) => publishedCloud(region).loginUrl !== cloud.loginUrl);
    for (const region of others) {
        const document = await readDocument(publishedCloud(region).loginUrl, tenant).catch(() => undefined);
        if (document) return wrongRegion(tenant, cloud.region, regionOf(document, cloud));
    }
    const { host } = new URL(cloud.loginUrl);
    return new PortalError(
        "ERR_TENANT_MISMATCH",
        `looking up tenant ${tenant}: ${host} does not know this tenant; correct tenantId, or the tenant of the credentials`,
    );
}

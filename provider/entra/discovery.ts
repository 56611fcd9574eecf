// Asks a tenant's OpenID discovery document who it is and in which cloud it lives. Anonymous.
// The document, not the region's name, decides: login.microsoftonline.com answers for US Government tenants too, with
// their .us document.
import { PortalError } from "../portalError";
import { cloudOf, publishedCloud, regions, type Cloud, type Region } from "./clouds";
import { environmentOf } from "./environment";
import { getJson } from "./http";

export interface TenantDiscovery {
    /** GUID, lower case. */
    readonly tenantId: string;
    readonly region: Region;
}

interface Document {
    readonly issuer?: string;
    readonly msgraph_host?: string;
    readonly cloud_instance_name?: string;
    readonly tenant_region_sub_scope?: string | null;
    readonly error_description?: string;
}

const known = new Map<string, Promise<TenantDiscovery>>();

const documents = new Map<string, unknown>();

/** The whole document that was read at a URL, for the sign-in library, which wants the same. */
export function documentAt(url: string): unknown {
    return documents.get(url);
}

/** Once per process for each tenant; a failure is forgotten, so that it can be tried again. */
export function discoverTenant(
    tenant: string,
    region: Region,
    options: { readonly credentials?: string | undefined; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<TenantDiscovery> {
    const key = JSON.stringify([tenant.toLowerCase(), region, options.credentials]);
    let discovery = known.get(key);
    if (!discovery) {
        discovery = discover(tenant, region, options);
        known.set(key, discovery);
        discovery.catch(() => known.delete(key));
    }
    return discovery;
}

async function discover(
    tenant: string,
    region: Region,
    { credentials, env }: { readonly credentials?: string | undefined; readonly env?: NodeJS.ProcessEnv },
): Promise<TenantDiscovery> {
    const cloud = await cloudOf(region, environmentOf(credentials, env));
    const document = await readDocument(cloud.loginUrl, tenant);
    if (document === undefined) throw await unknownTenant(tenant, cloud);
    const found = regionOf(document, cloud);
    if (found !== region) throw wrongRegion(tenant, region, found);
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
        `looking up tenant ${tenant}: ${new URL(url).host} answered ${status}`,
        { status },
    );
}

function tenantIdOf({ issuer }: Document, tenant: string): string {
    const id = /\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/i.exec(issuer ?? "")?.[1];
    if (id !== undefined) return id.toLowerCase();
    throw new PortalError(
        "ERR_CREDENTIALS",
        `looking up tenant ${tenant}: the discovery document names no tenant; give one tenant, not "common" or "organizations"`,
    );
}

function regionOf(document: Document, cloud: Cloud): Region | undefined {
    const byHost = regions.find(
        (region) => publishedCloud(region).graphUrl === `https://${document.msgraph_host ?? ""}`,
    );
    if (byHost !== undefined || !cloud.isCustom) return byHost;
    // Hosts of a custom cloud say nothing about the region that it stands for.
    if (document.cloud_instance_name?.endsWith(".cn")) return "China";
    if (!document.cloud_instance_name?.endsWith(".us")) return "Worldwide";
    return document.tenant_region_sub_scope === "DOD" ? "USDefence" : "USGovernment";
}

function wrongRegion(tenant: string, region: Region, found: Region | undefined): PortalError {
    const remedy = found === undefined ? "which VB365 has no region for" : `so region must be "${found}"`;
    return new PortalError(
        "ERR_REGION_MISMATCH",
        `looking up tenant ${tenant}: it is not in the cloud of region "${region}", ${remedy}`,
    );
}

/** China's tenants are known to China's host alone, so the others are asked only to name the right region. */
async function unknownTenant(tenant: string, cloud: Cloud): Promise<PortalError> {
    const others = cloud.isCustom ? [] : regions.filter((region) => publishedCloud(region).loginUrl !== cloud.loginUrl);
    for (const region of others) {
        const elsewhere = await readDocument(publishedCloud(region).loginUrl, tenant).catch(() => undefined);
        if (elsewhere) return wrongRegion(tenant, cloud.region, regionOf(elsewhere, cloud));
    }
    const { host } = new URL(cloud.loginUrl);
    return new PortalError(
        "ERR_TENANT_MISMATCH",
        `looking up tenant ${tenant}: ${host} knows no such tenant; correct tenantId or the credentials' tenant`,
    );
}

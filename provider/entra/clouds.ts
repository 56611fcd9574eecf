// The hosts of a region's cloud. `ARM_METADATA_HOSTNAME` points everything at other hosts, such as the embedded tenant.
import { REGIONS, type Region } from "../inputs/regions";
import { PortalError } from "../portalError";
import { variable, type Environment } from "./credentialVariables";
import { getJson } from "./http";

export interface Cloud {
    readonly region: Region;
    /** The URL of the token service, without a trailing slash. */
    readonly loginUrl: string;
    readonly graphUrl: string;
    /** The hosts come from `ARM_METADATA_HOSTNAME` and are not those that Microsoft publishes. */
    readonly isCustom: boolean;
}

/** Returns the cloud with the hosts that Microsoft publishes. */
export function publishedCloud(region: Region): Cloud {
    const { loginHost, graphHost } = REGIONS[region];
    return { region, loginUrl: `https://${loginHost}`, graphUrl: `https://${graphHost}`, isCustom: false };
}

interface Hosts {
    readonly loginUrl: string;
    readonly graphUrl: string;
}

/**
 * Keeps the cloud for each value of `ARM_METADATA_HOSTNAME`. It is read once per process, and a failure is forgotten.
 */
const custom = new Map<string, Promise<Hosts>>();

export async function cloudOf(region: Region, environment: Environment): Promise<Cloud> {
    const host = variable(environment, "ARM_METADATA_HOSTNAME") ?? environment.env["ARM_METADATA_HOSTNAME"];
    if (host === undefined || host === "") return publishedCloud(region);
    let hosts = custom.get(host);
    if (!hosts) {
        hosts = readMetadata(host);
        custom.set(host, hosts);
        hosts.catch(() => custom.delete(host));
    }
    return { region, ...(await hosts), isCustom: true };
}

interface Metadata {
    readonly authentication?: { readonly loginEndpoint?: string };
    readonly microsoftGraphResourceId?: string;
}

async function readMetadata(host: string): Promise<Hosts> {
    const purpose = `reading the cloud's endpoints from ${host} (ARM_METADATA_HOSTNAME)`;
    const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`;
    const { status, body } = await getJson(url, purpose);
    const metadata = (Array.isArray(body) ? body[0] : body) as Metadata | undefined;
    const loginUrl = metadata?.authentication?.loginEndpoint;
    const graphUrl = metadata?.microsoftGraphResourceId;
    if (status !== 200 || loginUrl === undefined || graphUrl === undefined) {
        throw new PortalError(
            "ERR_CREDENTIALS",
            `${purpose}: it answered ${status} without loginEndpoint and microsoftGraphResourceId; correct ARM_METADATA_HOSTNAME, or unset it`,
        );
    }
    return { loginUrl: loginUrl.replace(/\/$/, ""), graphUrl: graphUrl.replace(/\/$/, "") };
}

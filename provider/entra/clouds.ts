// The hosts of a region's cloud. `ARM_METADATA_HOSTNAME` points everything at other hosts, such as the embedded tenant.
import { REGIONS, type Region } from "../inputs/regions";
import { PortalError } from "../portalError";
import { credentialsError, givenVariable, jobVariable, type Environment } from "./credentialVariables";
import { getJson } from "./http";

export interface Cloud {
    readonly region: Region;
    /** Token service, without a trailing slash. */
    readonly loginUrl: string;
    readonly graphUrl: string;
    /** The hosts come from `ARM_METADATA_HOSTNAME` and are not those that Microsoft publishes. */
    readonly isCustom: boolean;
}

/** With the hosts that Microsoft publishes. */
export function publishedCloud(region: Region): Cloud {
    const { loginHost, graphHost } = REGIONS[region];
    return { region, loginUrl: `https://${loginHost}`, graphUrl: `https://${graphHost}`, isCustom: false };
}

interface Hosts {
    readonly loginUrl: string;
    readonly graphUrl: string;
}

/** By the value of `ARM_METADATA_HOSTNAME`. Read once per process; a failure is forgotten. */
const custom = new Map<string, Promise<Hosts>>();

export async function cloudOf(region: Region, environment: Environment): Promise<Cloud> {
    const host = metadataHost(environment);
    if (host === undefined) return publishedCloud(region);
    let hosts = custom.get(host);
    if (!hosts) {
        hosts = readMetadata(host);
        custom.set(host, hosts);
        hosts.catch(() => custom.delete(host));
    }
    return { region, ...(await hosts), isCustom: true };
}

/** The set's own host, or the one of all sets. */
function metadataHost(environment: Environment): string | undefined {
    const given =
        givenVariable(environment, "address", "ARM_METADATA_HOSTNAME") ??
        jobVariable(environment, "address", "ARM_METADATA_HOSTNAME");
    if (given === undefined || /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:]+\](:\d{1,5})?$/i.test(given.value))
        return given?.value;
    throw credentialsError(
        `${given.name} must be a host name such as management.contoso.com, without https:// and path`,
    );
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

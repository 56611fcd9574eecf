// Microsoft's clouds by the names that VB365 gives them, and the seam that points everything at another one.
// https://learn.microsoft.com/graph/deployments
import { PortalError } from "../portalError";
import { getJson } from "./http";
import { variable, type Environment } from "./environment";

export const regions = ["Worldwide", "China", "USGovernment", "USDefence"] as const;
export type Region = (typeof regions)[number];

export interface Cloud {
    readonly region: Region;
    /** Token service, without a trailing slash. */
    readonly loginUrl: string;
    readonly graphUrl: string;
    /** Whether hosts come from `ARM_METADATA_HOSTNAME`: then they are not those that Microsoft publishes. */
    readonly isCustom: boolean;
}

const CLOUDS: Readonly<Record<Region, Cloud>> = {
    Worldwide: cloud("Worldwide", "login.microsoftonline.com", "graph.microsoft.com"),
    // Entra's documents also write login.partner.microsoftonline.cn; @azure/identity and Graph's documents this one.
    China: cloud("China", "login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn"),
    USGovernment: cloud("USGovernment", "login.microsoftonline.us", "graph.microsoft.us"),
    USDefence: cloud("USDefence", "login.microsoftonline.us", "dod-graph.microsoft.us"),
};

function cloud(region: Region, login: string, graph: string): Cloud {
    return { region, loginUrl: `https://${login}`, graphUrl: `https://${graph}`, isCustom: false };
}

/** The published cloud of a region. */
export function publishedCloud(region: Region): Cloud {
    return CLOUDS[region];
}

const custom = new Map<string, Promise<{ loginUrl: string; graphUrl: string }>>();

/** The hosts of a region's cloud, or of the one that `ARM_METADATA_HOSTNAME` names, asked once per process. */
export async function cloudOf(region: Region, environment: Environment): Promise<Cloud> {
    const host = variable(environment, "ARM_METADATA_HOSTNAME") ?? environment.env["ARM_METADATA_HOSTNAME"];
    if (host === undefined || host === "") return CLOUDS[region];
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

async function readMetadata(host: string): Promise<{ loginUrl: string; graphUrl: string }> {
    const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`;
    const { status, body } = await getJson(url, `reading the cloud's endpoints from ${host} (ARM_METADATA_HOSTNAME)`);
    const metadata = (Array.isArray(body) ? body[0] : body) as Metadata | undefined;
    const loginUrl = metadata?.authentication?.loginEndpoint;
    const graphUrl = metadata?.microsoftGraphResourceId;
    if (status !== 200 || loginUrl === undefined || graphUrl === undefined) {
        throw new PortalError(
            "ERR_CREDENTIALS",
            `reading the cloud's endpoints from ${host}: answered ${status} without loginEndpoint and microsoftGraphResourceId; correct ARM_METADATA_HOSTNAME or unset it`,
        );
    }
    return { loginUrl: loginUrl.replace(/\/$/, ""), graphUrl: graphUrl.replace(/\/$/, "") };
}

// Finds the hosts of a region's cloud. If `ARM_METADATA_HOSTNAME` is set, the provider uses the hosts that this
// metadata host publishes, such as those of the embedded tenant (emulator/).
import { REGIONS, type Region } from "../inputs/regions";
import { PortalError } from "../portalError";
import {
    credentialsError,
    givenVariable,
    jobVariable,
    type Environment,
    type GivenVariable,
} from "./credentialVariables";
import { hasShape, object, text } from "../shape";
import { ask } from "./anonymous";

export interface Cloud {
    readonly region: Region;
    /** The URL of the token service, without a trailing slash. */
    readonly loginUrl: string;
    readonly graphUrl: string;
    /** `true`: the hosts come from `ARM_METADATA_HOSTNAME` and not from Microsoft's list. */
    readonly isCustom: boolean;
}

/** Returns the cloud with the hosts that Microsoft publishes for it. */
export function publishedCloud(region: Region): Cloud {
    const { loginHost, graphHost } = REGIONS[region];
    return { region, loginUrl: `https://${loginHost}`, graphUrl: `https://${graphHost}`, isCustom: false };
}

interface Hosts {
    readonly loginUrl: string;
    readonly graphUrl: string;
}

/**
 * The hosts by the value of `ARM_METADATA_HOSTNAME`. Each metadata document is read once per process. A failure is not
 * kept.
 */
const custom = new Map<string, Promise<Hosts>>();

export async function cloudOf(region: Region, environment: Environment): Promise<Cloud> {
    const given = metadataHost(environment);
    if (given === undefined) return publishedCloud(region);
    const { name, value: host } = given;
    let hosts = custom.get(host);
    if (!hosts) {
        hosts = readMetadata(host);
        custom.set(host, hosts);
        hosts.catch(() => custom.delete(host));
    }
    try {
        return { region, ...(await hosts), isCustom: true };
    } catch (error) {
        throw error instanceof PortalError
            ? error.withAdvice(`if ${host} is the wrong host, correct ${name}, or unset it`)
            : error;
    }
}

/** Returns the metadata host for these credentials, or else the metadata host for all credentials. */
function metadataHost(environment: Environment): GivenVariable | undefined {
    const given =
        givenVariable(environment, "address", "ARM_METADATA_HOSTNAME") ??
        jobVariable(environment, "address", "ARM_METADATA_HOSTNAME");
    if (given === undefined) return undefined;
    const isHost = /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:]+\](:\d{1,5})?$/i.test(given.value);
    if (isHost && URL.canParse(`https://${given.value}`)) return given;
    throw credentialsError(
        `${given.name} must be a host name such as management.contoso.com, without https:// and path`,
    );
}

const aMetadata = object({
    authentication: object({ loginEndpoint: anHttpsUrl }),
    microsoftGraphResourceId: anHttpsUrl,
});

interface Metadata {
    readonly authentication: { readonly loginEndpoint: string };
    readonly microsoftGraphResourceId: string;
}

export function readMetadata(host: string): Promise<Hosts> {
    return ask<Hosts>({
        url: `https://${host}/metadata/endpoints?api-version=2022-09-01`,
        purpose: `reading the cloud's endpoints from ${host}`,
        problem: (json) => aMetadata(first(json)),
        understand: (status, json) => (status === 200 ? hostsIn(first(json)) : undefined),
    });
}

/** Older versions of the metadata document are a list of clouds. Returns the first cloud of such a list. */
function first(json: unknown): unknown {
    return Array.isArray(json) ? (json as unknown[])[0] : json;
}

function hostsIn(json: unknown): Hosts | undefined {
    if (!hasShape<Metadata>(json, aMetadata)) return undefined;
    const [loginUrl, graphUrl] = [json.authentication.loginEndpoint, json.microsoftGraphResourceId];
    return { loginUrl: loginUrl.replace(/\/$/, ""), graphUrl: graphUrl.replace(/\/$/, "") };
}

function anHttpsUrl(value: unknown, at = ""): string | undefined {
    const isUrl = typeof value === "string" && /^https:\/\/[^\s?#@]+$/.test(value) && URL.canParse(value);
    return isUrl ? undefined : (text(value, at) ?? `${at} is not the https address of a host`);
}

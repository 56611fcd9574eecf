// Answers the request for the sign-in hosts of each cloud. Microsoft's libraries send this request for a host that is
// not in their own list.
import { SignInFault } from "./signInError";

/**
 * The sign-in hosts of each cloud. A client uses the first host for requests, and the second host as a cache key. If
 * there is only one host, a client uses it for both.
 */
const CLOUDS: readonly (readonly string[])[] = [
    ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    ["login.microsoftonline.us", "login.usgovcloudapi.net"],
    ["login-us.microsoftonline.com"],
];

/** `endpoint` is the authorize endpoint of the tenant that the client wants to use. */
export function instanceDiscovery(url: string, endpoint: string | null): object {
    const { host } = new URL(url);
    const clouds = [[host], ...CLOUDS];
    const text = endpoint ?? `${url}/common/oauth2/v2.0/authorize`;
    const asked = new URL(URL.canParse(text) ? text : "https://invalid");
    if (!clouds.flat().includes(asked.host.toLowerCase()))
        throw new SignInFault(400, "invalid_instance", 50049, "Unknown or invalid instance.");
    const tenant = asked.pathname.split("/")[1] ?? "common";
    return {
        tenant_discovery_endpoint: `${asked.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
        "api-version": "1.1",
        metadata: clouds.map((aliases) => ({
            preferred_network: aliases[0],
            preferred_cache: aliases[1] ?? aliases[0],
            aliases,
        })),
    };
}

// Determines the root URL of the sign-in host, and the issuers of tokens. Both depend on the host name in the request,
// because tests can map Microsoft's own host names to the emulator.
import type { World } from "../world";

/** Maps sign-in hosts of Microsoft to the issuer of version 1 tokens in their cloud, without the tenant id. */
const ISSUERS_V1: Readonly<Record<string, string>> = {
    "login.microsoftonline.com": "https://sts.windows.net",
    "login.windows.net": "https://sts.windows.net",
    "login.microsoft.com": "https://sts.windows.net",
    "sts.windows.net": "https://sts.windows.net",
    "login.microsoftonline.us": "https://sts.windows.net",
    "login.partner.microsoftonline.cn": "https://sts.chinacloudapi.cn",
    "login.chinacloudapi.cn": "https://sts.chinacloudapi.cn",
};

/** `host` is the `Host` header of the request. */
export function authorityOf(world: World, host: string | undefined): string {
    const name = host?.toLowerCase().replace(/:443$/, "") ?? "";
    return name in ISSUERS_V1 ? `https://${name}` : world.url;
}

export function issuerV1(authority: string, tenantId: string): string {
    return `${ISSUERS_V1[new URL(authority).host] ?? authority}/${tenantId}/`;
}

export function issuerV2(authority: string, tenantId: string): string {
    return `${authority}/${tenantId}/v2.0`;
}

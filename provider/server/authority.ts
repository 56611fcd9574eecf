// Whether two sign-in URLs stand for one authority, however they are written. Pure.

/** Hosts of one cloud (`/common/discovery/instance`: aliases); VB365 names China's by the first. */
const ALIASES: readonly (readonly string[])[] = [
    ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    ["login.microsoftonline.us", "login.usgovcloudapi.net"],
];
const NO_TENANT = new Set(["", "common", "organizations"]);

/**
 * The cloud must be the same. A tenant counts only where both name one: VB365 derives its URL from the region, and no
 * setting of the server says which tenant it writes there.
 */
export function isSameAuthority(a: string, b: string): boolean {
    const [one, other] = [partsOf(a), partsOf(b)];
    if (!one || !other || one.cloud !== other.cloud) return false;
    return one.tenant === other.tenant || NO_TENANT.has(one.tenant) || NO_TENANT.has(other.tenant);
}

function partsOf(authority: string): { cloud: string; tenant: string } | undefined {
    if (!URL.canParse(authority)) return undefined;
    const { host, pathname } = new URL(authority.toLowerCase());
    return { cloud: ALIASES.find((hosts) => hosts.includes(host))?.[0] ?? host, tenant: pathname.split("/")[1] ?? "" };
}

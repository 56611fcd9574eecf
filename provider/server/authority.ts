// Compares sign-in URLs that may be written differently, and finds their regions. Pure.
import { REGION_NAMES, REGIONS, type Region } from "../inputs/regions";

const NO_TENANT = new Set(["", "common", "organizations"]);

/**
 * The cloud must be the same. Tenants are compared only if both URLs name one, because VB365 derives its URL from the
 * region and has no setting for the tenant in the URL.
 */
export function isSameAuthority(a: string, b: string): boolean {
    const [one, other] = [partsOf(a), partsOf(b)];
    if (!one || !other || one.cloud !== other.cloud) return false;
    return one.tenant === other.tenant || NO_TENANT.has(one.tenant) || NO_TENANT.has(other.tenant);
}

/** Returns the regions whose users sign in at this URL. Two regions share a host. */
export function regionsAt(authority: string): Region[] {
    const cloud = partsOf(authority)?.cloud;
    return REGION_NAMES.filter((name) => REGIONS[name].loginHost === cloud);
}

function partsOf(authority: string): { cloud: string; tenant: string } | undefined {
    if (!URL.canParse(authority)) return undefined;
    const { host, pathname } = new URL(authority.toLowerCase());
    const region = Object.values(REGIONS).find((one) => one.loginHost === host || one.loginAliases.includes(host));
    return { cloud: region?.loginHost ?? host, tenant: pathname.split("/")[1] ?? "" };
}

// Decides whether two sign-in URLs mean the same authority, even if they are written differently. Pure.
import { REGIONS } from "../inputs/regions";

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

function partsOf(authority: string): { cloud: string; tenant: string } | undefined {
    if (!URL.canParse(authority)) return undefined;
    const { host, pathname } = new URL(authority.toLowerCase());
    const region = Object.values(REGIONS).find((one) => one.loginHost === host || one.loginAliases.includes(host));
    return { cloud: region?.loginHost ?? host, tenant: pathname.split("/")[1] ?? "" };
}

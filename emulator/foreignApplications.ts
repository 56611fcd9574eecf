// An application as one tenant sees it: its own, or a multi-tenant one of another tenant of the same cloud.
// https://learn.microsoft.com/entra/identity-platform/single-and-multi-tenant-apps
import type { Application } from "./graphTypes";
import type { Tenant } from "./tenant";

export interface SeenApplication {
    readonly application: Application;
    /** The tenant that it is registered in, which keeps its secrets too. */
    readonly home: Tenant;
}

export interface Viewpoint {
    readonly tenant: Tenant;
    /** All of the cloud, by tenant id. */
    readonly tenants: ReadonlyMap<string, Tenant>;
}

const MULTI_TENANT_AUDIENCES = ["AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount"];

/** The application that a service principal may be made for in the tenant. */
export function usableApplication(
    { tenant, tenants }: Viewpoint,
    appId: string,
    lagMs = 0,
): SeenApplication | undefined {
    const own = tenant.applicationOf(appId, lagMs);
    if (own) return { application: own, home: tenant };
    for (const home of tenants.values()) {
        const application = home.applicationOf(appId, lagMs);
        if (application && MULTI_TENANT_AUDIENCES.includes(application.signInAudience)) return { application, home };
    }
    return undefined;
}

/**
 * The application behind a service principal that exists. It stays when the application becomes single-tenant, and in
 * other tenants also when the application is deleted.
 */
export function backingApplication(
    { tenant, tenants }: Viewpoint,
    appId: string,
    lagMs = 0,
): SeenApplication | undefined {
    for (const home of [tenant, ...tenants.values()]) {
        const application = home.applicationOf(appId, lagMs) ?? home.applicationOf(appId) ?? inBin(home, appId);
        if (application) return { application, home };
    }
    return undefined;
}

function inBin({ deleted }: Tenant, appId: string): Application | undefined {
    return deleted.find((one) => one.appId === appId && "identifierUris" in one) as Application | undefined;
}

// Finds the applications that a tenant can use: its own, and the multi-tenant applications of other tenants of the same
// cloud.
// https://learn.microsoft.com/entra/identity-platform/single-and-multi-tenant-apps
import type { Application } from "./graphTypes";
import type { Tenant } from "./tenant";

export interface VisibleApplication {
    readonly application: Application;
    /** The tenant that the application is registered in. It also keeps the application's secrets. */
    readonly home: Tenant;
}

export interface Viewpoint {
    readonly tenant: Tenant;
    /** All tenants of the cloud, by tenant id. */
    readonly tenants: ReadonlyMap<string, Tenant>;
}

const MULTI_TENANT_AUDIENCES = ["AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount"];

/** Returns the application if the tenant is allowed to have a service principal for it. */
export function usableApplication(
    { tenant, tenants }: Viewpoint,
    appId: string,
    lagMs = 0,
): VisibleApplication | undefined {
    const own = tenant.applicationOf(appId, lagMs);
    if (own) return { application: own, home: tenant };
    for (const home of tenants.values()) {
        const application = home.applicationOf(appId, lagMs);
        if (application && MULTI_TENANT_AUDIENCES.includes(application.signInAudience)) return { application, home };
    }
    return undefined;
}

/**
 * Returns the application of an existing service principal. The service principal continues to exist if the application
 * becomes single-tenant. In other tenants it also continues to exist if the application is deleted.
 */
export function backingApplication(
    { tenant, tenants }: Viewpoint,
    appId: string,
    lagMs = 0,
): VisibleApplication | undefined {
    for (const home of [tenant, ...tenants.values()]) {
        const application =
            home.applicationOf(appId, lagMs) ?? home.applicationOf(appId) ?? deletedApplication(home, appId);
        if (application) return { application, home };
    }
    return undefined;
}

function deletedApplication({ deleted }: Tenant, appId: string): Application | undefined {
    return deleted.find((one) => one.appId === appId && "identifierUris" in one) as Application | undefined;
}

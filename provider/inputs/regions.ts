// Lists the Microsoft Entra regions: their hosts, their federation audiences, and how discovery documents show them.
// Pure.
// https://learn.microsoft.com/graph/deployments

interface RegionFacts {
    /** The host of the token service. */
    readonly loginHost: string;
    /** Other names of `loginHost` (`aliases` in `/common/discovery/instance`). VB365 may show any of them. */
    readonly loginAliases: readonly string[];
    readonly graphHost: string;
    /** The audience that Entra expects in the token of a federated credential. */
    readonly federationAudience: string;
    /** The end of `cloud_instance_name` in a tenant's OpenID discovery document. */
    readonly instanceSuffix: string;
    /**
     * The value of `tenant_region_sub_scope` in the discovery documents of this region's tenants. All other tenants of
     * the same cloud are in the region that has no `subScope`.
     */
    readonly subScope?: string;
}

/** The regions by the names that VB365 gives them. To add a region, add its row. */
const TABLE = {
    Worldwide: {
        loginHost: "login.microsoftonline.com",
        loginAliases: ["login.windows.net", "login.microsoft.com", "sts.windows.net"],
        graphHost: "graph.microsoft.com",
        federationAudience: "api://AzureADTokenExchange",
        instanceSuffix: ".com",
    },
    China: {
        // Graph's documentation and @azure/identity name this host. Entra's documentation also names
        // login.partner.microsoftonline.cn.
        loginHost: "login.chinacloudapi.cn",
        loginAliases: ["login.partner.microsoftonline.cn"],
        graphHost: "microsoftgraph.chinacloudapi.cn",
        federationAudience: "api://AzureADTokenExchangeChina",
        instanceSuffix: ".cn",
    },
    USGovernment: {
        loginHost: "login.microsoftonline.us",
        loginAliases: ["login.usgovcloudapi.net"],
        graphHost: "graph.microsoft.us",
        federationAudience: "api://AzureADTokenExchangeUSGov",
        instanceSuffix: ".us",
    },
    USDefence: {
        loginHost: "login.microsoftonline.us",
        loginAliases: ["login.usgovcloudapi.net"],
        graphHost: "dod-graph.microsoft.us",
        federationAudience: "api://AzureADTokenExchangeUSGov",
        instanceSuffix: ".us",
        subScope: "DOD",
    },
} as const satisfies Readonly<Record<string, RegionFacts>>;

/** A Microsoft Entra region, by the name that VB365 gives it. */
export type Region = keyof typeof TABLE;

export const REGIONS: Readonly<Record<Region, RegionFacts>> = TABLE;
export const REGION_NAMES = Object.keys(TABLE) as Region[];
export const DEFAULT_REGION: Region = "Worldwide";

/** Regions that Microsoft has closed, and why a program cannot use them. */
export const CLOSED_REGIONS: Readonly<Record<string, string>> = {
    Germany: `Microsoft closed Microsoft Cloud Germany in October 2021 and moved its tenants; use "Worldwide"`,
};

// Makes the discovery documents: the OpenID configuration of a tenant, and the metadata of the emulated cloud.
import { issuerV1, issuerV2 } from "./authority";

export const REGIONS = ["Worldwide", "China", "USGovernment", "USDefence"] as const;
export type Region = (typeof REGIONS)[number];

/**
 * The values that differ by cloud in the discovery and metadata documents. The emulator's endpoints do not differ by
 * cloud. In the OpenID configuration, they depend on the host that the client uses.
 */
const MARKS: Readonly<
    Record<Region, { instance: string; scope: string; subScope: string | null; cloud: string; audience: string }>
> = {
    Worldwide: {
        instance: "microsoftonline.com",
        scope: "EU",
        subScope: null,
        cloud: "AzureCloud",
        audience: "https://management.core.windows.net/",
    },
    China: {
        instance: "partner.microsoftonline.cn",
        scope: "AS",
        subScope: null,
        cloud: "AzureChinaCloud",
        audience: "https://management.core.chinacloudapi.cn/",
    },
    USGovernment: {
        instance: "microsoftonline.us",
        scope: "USGov",
        subScope: "DODCON",
        cloud: "AzureUSGovernment",
        audience: "https://management.core.usgovcloudapi.net/",
    },
    USDefence: {
        instance: "microsoftonline.us",
        scope: "USGov",
        subScope: "DOD",
        cloud: "AzureUSGovernment",
        audience: "https://management.core.usgovcloudapi.net/",
    },
};

interface Named {
    /** The root URL of the sign-in host: Microsoft's own host if the client uses one, otherwise the emulator's URL. */
    readonly authority: string;
    readonly graphHost: string;
    /** `undefined` at `/common` and `/organizations`, whose documents apply to any tenant. */
    readonly tenantId: string | undefined;
    /** The part of the path that names the tenant: an id, a domain, `common` or `organizations`. */
    readonly name: string;
    readonly region: Region;
}

/** https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc */
export function openidConfiguration(named: Named): object {
    const { authority, graphHost, tenantId, name } = named;
    const root = `${authority}/${tenantId ?? name}`;
    return {
        token_endpoint: `${root}/oauth2/v2.0/token`,
        token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        jwks_uri: `${root}/discovery/v2.0/keys`,
        response_modes_supported: ["query", "fragment", "form_post"],
        subject_types_supported: ["pairwise"],
        id_token_signing_alg_values_supported: ["RS256"],
        response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
        scopes_supported: ["openid", "profile", "email", "offline_access"],
        issuer: issuerV2(authority, tenantId ?? ANY_TENANT),
        request_uri_parameter_supported: false,
        userinfo_endpoint: `https://${graphHost}/oidc/userinfo`,
        authorization_endpoint: `${root}/oauth2/v2.0/authorize`,
        device_authorization_endpoint: `${root}/oauth2/v2.0/devicecode`,
        http_logout_supported: true,
        frontchannel_logout_supported: true,
        end_session_endpoint: `${root}/oauth2/v2.0/logout`,
        claims_supported: CLAIMS,
        kerberos_endpoint: `${root}/kerberos`,
        ...marksOf(named),
    };
}

/** Makes the document for version 1 tokens. Microsoft.Identity.Web compares the issuer of a token with the document. */
export function openidConfigurationV1(named: Named): object {
    const { authority, tenantId, name } = named;
    const root = `${authority}/${tenantId ?? name}`;
    return {
        token_endpoint: `${root}/oauth2/token`,
        token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        jwks_uri: `${authority}/common/discovery/keys`,
        response_modes_supported: ["query", "fragment", "form_post"],
        subject_types_supported: ["pairwise"],
        id_token_signing_alg_values_supported: ["RS256"],
        response_types_supported: ["code", "id_token", "code id_token", "token id_token", "token"],
        scopes_supported: ["openid"],
        issuer: issuerV1(authority, tenantId ?? ANY_TENANT),
        microsoft_multi_refresh_token: true,
        authorization_endpoint: `${root}/oauth2/authorize`,
        device_authorization_endpoint: `${root}/oauth2/devicecode`,
        http_logout_supported: true,
        frontchannel_logout_supported: true,
        end_session_endpoint: `${root}/oauth2/logout`,
        claims_supported: CLAIMS,
        ...marksOf(named),
    };
}

/** This text stands for any tenant in the issuer of a document. Clients replace it with the tenant of a token. */
const ANY_TENANT = "{tenantid}";

const CLAIMS = [
    ...["sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host"],
    ...["aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash"],
    ...["c_hash", "email"],
];

function marksOf({ region, graphHost, tenantId }: Named): object {
    const { instance, scope, subScope } = MARKS[region];
    return {
        tenant_region_scope: tenantId === undefined ? null : scope,
        tenant_region_sub_scope: tenantId === undefined ? null : subScope,
        cloud_instance_name: instance,
        cloud_graph_host_name: graphHost,
        msgraph_host: graphHost,
    };
}

/** Returns the document of Azure Resource Manager's `/metadata/endpoints`, which azuread and azurerm read. */
export function metadataEndpoints(url: string, region: Region, apiVersion: string | null): object {
    const { cloud, audience } = MARKS[region];
    const isOld = apiVersion === "2019-05-01" || apiVersion === "2020-06-01";
    const document = {
        portal: url,
        authentication: {
            // In the two older API versions, this URL has a slash at the end. In 2022-09-01, it has none.
            loginEndpoint: isOld ? `${url}/` : url,
            audiences: [audience],
            tenant: "common",
            identityProvider: "AAD",
        },
        media: url,
        graphAudience: `${url}/`,
        graph: `${url}/`,
        name: cloud,
        suffixes: {},
        batch: url,
        resourceManager: `${url}/`,
        microsoftGraphResourceId: `${url}/`,
    };
    return isOld ? [document] : document;
}

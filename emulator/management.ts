// Emulates Azure's management API, as far as the Azure CLI needs it to sign in to a tenant without subscriptions.
import type { Answer } from "./context";
import type { World } from "./world";

/** The names by which a client requests a token for this API, without a slash at the end. */
export const MANAGEMENT_NAMES: readonly string[] = [
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://management.core.chinacloudapi.cn",
    "https://management.core.usgovcloudapi.net",
    "https://management.chinacloudapi.cn",
    "https://management.usgovcloudapi.net",
];

export function isManagement(path: string): boolean {
    return /^\/(subscriptions|tenants)\/?(\?|$)/.test(path);
}

/** The list of subscriptions is empty. The list of tenants contains only the token's tenant. */
export function answerManagement(world: World, path: string, authorization: string | undefined): Answer {
    const token = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
    const claims = token === undefined ? undefined : world.keys.claimsOf(token);
    const audience = String(claims?.["aud"]).replace(/\/+$/, "");
    const isExpired = Number(claims?.["exp"]) * 1000 <= world.now();
    if (!claims || isExpired || !MANAGEMENT_NAMES.includes(audience)) {
        const message = "The access token is invalid.";
        return { status: 401, body: { error: { code: "InvalidAuthenticationToken", message } } };
    }
    if (path.startsWith("/subscriptions"))
        return { status: 200, body: { value: [], count: { type: "Total", value: 0 } } };
    const tenantId = String(claims["tid"]);
    return { status: 200, body: { value: [{ id: `/tenants/${tenantId}`, tenantId, tenantCategory: "Home" }] } };
}

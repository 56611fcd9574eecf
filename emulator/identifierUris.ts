// Applies Entra's rules for Application ID URIs.
// https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions
import { badRequest, invalidValue, objectConflict } from "./graphError";
import type { Application } from "./graphTypes";
import type { Tenant } from "./tenant";

const MAX_LENGTH = 255;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Entra refuses duplicates in the list. Otherwise it checks only the values that a request adds. */
export function assertIdentifierUris(tenant: Tenant, application: Application, stored: Application | undefined): void {
    const uris = application.identifierUris;
    if (new Set(uris).size < uris.length) throw invalidValue("identifierUris");
    for (const uri of uris.filter((one) => !stored?.identifierUris.includes(one))) {
        // If the application's tokens have version 2, Entra's policy does not apply to `api://` URIs whose first part
        // is not a GUID. For a PATCH, Entra reads the version from the stored object, not from the request.
        const isExempt = (stored ?? application).api.requestedAccessTokenVersion === 2;
        assertForm(uri, application, tenant, isExempt);
        const holders = [...tenant.applications.all(), ...tenant.deletedItems()];
        const holder = holders.find(
            (one) => one.id !== application.id && "identifierUris" in one && one.identifierUris.includes(uri),
        );
        if (holder) throw objectConflict("identifierUris", `Application_${holder.id}`);
    }
}

function assertForm(uri: string, application: Application, tenant: Tenant, isExempt: boolean): void {
    if (uri.length > MAX_LENGTH || uri.endsWith("/") || /\s/.test(uri)) throw invalidValue("identifierUris");
    const api = /^api:\/\/([^/]+)((?:\/[^/]+)*)$/.exec(uri);
    if (api) {
        if (isExempt && !GUID.test(api[1] ?? "")) return;
        assertApiForm(uri, api[1] ?? "", (api[2] ?? "").split("/").filter(Boolean), application, tenant);
        return;
    }
    const host = /^https:\/\/([^/:]+)/.exec(uri)?.[1];
    if (host === undefined) throw invalidValue("identifierUris");
    if (!isVerified(host, tenant)) throw notVerified(uri);
}

function assertApiForm(uri: string, first: string, rest: string[], { appId }: Application, tenant: Tenant): void {
    if (GUID.test(first)) {
        if (first === appId || first === tenant.tenantId) return;
        throw invalidValue("identifierUris");
    }
    if (isVerified(first, tenant) || rest.includes(appId)) return;
    throw badRequest(
        `Failed to add identifier URI ${uri}. All newly added URIs must contain a tenant verified domain, tenant ID, or app ID, as per the default tenant policy of your organization. See https://aka.ms/identifier-uri-addition-error for more information on this error.`,
    );
}

function isVerified(host: string, { verifiedDomains }: Tenant): boolean {
    return verifiedDomains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

function notVerified(uri: string) {
    const message = `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`;
    return badRequest(message, "HostNameNotOnVerifiedDomain");
}

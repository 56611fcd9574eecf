// Decides which applications of a tenant may be a Restore Portal. Pure.
import { examineUrl } from "../../provider/inputs/portalUrl";
import { isProviderTag } from "../../provider/sync/tags";

/** The parts of an application by which `init` recognizes a portal. */
export interface Candidate {
    readonly appId: string;
    readonly displayName?: string | null;
    readonly identifierUris: readonly string[];
    readonly tags: readonly string[];
    readonly api: { readonly oauth2PermissionScopes: readonly { readonly value: string | null }[] };
    readonly spa: { readonly redirectUris: readonly string[] };
}

/**
 * VB365's wizard and Veeam's scripts publish the scope `access_as_user` under `api://<appId>`, and register the web
 * address for a single-page application. Many other applications have only the scope or only a web address, so
 * both are required. A tag of this provider or a typical name is also enough.
 */
export function looksLikePortal(application: Candidate): boolean {
    const { appId, displayName, identifierUris, tags, api } = application;
    const isNamed = /restore[ -]?portal|veeam|vb365|vbo/i.test(displayName ?? "");
    const hasScope = api.oauth2PermissionScopes.some(({ value }) => value === "access_as_user");
    const hasUri = identifierUris.includes(`api://${appId}`);
    const hasAddress = portalAddresses(application.spa.redirectUris).length > 0;
    return tags.some(isProviderTag) || isNamed || (hasScope && hasAddress && hasUri);
}

/**
 * Returns the redirect URIs that may be the web address of a portal: https, a host and a port, without a path. The
 * redirect URI of a portal on port 443 has no port, because browsers omit this port. So this function adds the port.
 */
export function portalAddresses(redirectUris: readonly string[]): string[] {
    return redirectUris
        .map((uri) => (/^https:\/\/[^/:]+$/.test(uri) ? `${uri}:443` : uri))
        .filter((uri) => examineUrl(uri).refusals.length === 0);
}

// Finds the platform for which a redirect URI is registered.
// https://learn.microsoft.com/entra/identity-platform/reply-url
import type { Application } from "../graphTypes";

export type Platform = "spa" | "web" | "publicClient";
const PLATFORMS: readonly Platform[] = ["spa", "web", "publicClient"];

export function allReplyUrls(application: Application): readonly string[] {
    return PLATFORMS.flatMap((platform) => application[platform].redirectUris);
}

/** Returns `undefined` if the URI is not registered. */
export function platformOf(application: Application, redirectUri: string): Platform | undefined {
    return PLATFORMS.find((platform) =>
        application[platform].redirectUris.some((registered) => isSame(registered, redirectUri)),
    );
}

/**
 * URIs must match exactly, including upper and lower case. Exceptions: a slash as the only path, a loopback port, and
 * wildcards.
 */
function isSame(registered: string, requested: string): boolean {
    if (registered.includes("*")) return matchesWildcard(registered, requested);
    return normal(registered) === normal(requested);
}

function normal(uri: string): string {
    const withoutSlash = uri.replace(/^(https?:\/\/[^/?#]+)\/$/, "$1");
    return withoutSlash.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1)):\d+/, "$1");
}

/** If the registered URI has a wildcard, Entra ignores the query and the fragment of the requested URI. */
function matchesWildcard(registered: string, requested: string): boolean {
    const pattern = registered.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace("*", "[^./]+");
    return new RegExp(`^${pattern}$`).test(requested.replace(/[?#].*$/, ""));
}

/** Adds the slash to a URI without a path, as Entra does in its redirects. */
export function rootOf(redirectUri: string): string {
    return redirectUri.replace(/^(https?:\/\/[^/?#]+)(?=$|[?#])/, "$1/");
}

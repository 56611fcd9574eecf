// Which platform a redirect URI of a sign-in is registered for. https://learn.microsoft.com/entra/identity-platform/reply-url
import type { Application } from "../graphTypes";

export type Platform = "spa" | "web" | "publicClient";
const PLATFORMS: readonly Platform[] = ["spa", "web", "publicClient"];

export function allReplyUrls(application: Application): readonly string[] {
    return PLATFORMS.flatMap((platform) => application[platform].redirectUris);
}

/** `undefined`: for none. */
export function platformOf(application: Application, redirectUri: string): Platform | undefined {
    return PLATFORMS.find((platform) =>
        application[platform].redirectUris.some((registered) => isSame(registered, redirectUri)),
    );
}

/** Exact and case-sensitive, but for the slash of a URI without a path, the port of loopback, and wildcards. */
function isSame(registered: string, asked: string): boolean {
    if (registered.includes("*")) return matchesWildcard(registered, asked);
    return normal(registered) === normal(asked);
}

function normal(uri: string): string {
    const withoutSlash = uri.replace(/^(https?:\/\/[^/?#]+)\/$/, "$1");
    return withoutSlash.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1)):\d+/, "$1");
}

/** Query and fragment do not count where a wildcard matches. */
function matchesWildcard(registered: string, asked: string): boolean {
    const pattern = registered.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace("*", "[^./]+");
    return new RegExp(`^${pattern}$`).test(asked.replace(/[?#].*$/, ""));
}

/** Answers to a URI without a path are sent to its root. */
export function rootOf(redirectUri: string): string {
    return redirectUri.replace(/^(https?:\/\/[^/?#]+)(?=$|[?#])/, "$1/");
}

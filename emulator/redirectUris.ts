// Applies Entra's rules for redirect URIs. https://learn.microsoft.com/entra/identity-platform/reply-url
import { badRequest, invalidValue } from "./graphError";
import type { Application } from "./graphTypes";

const MAX_LENGTH = 256;
const MAX_COUNT = 256;
const MAX_COUNT_PERSONAL = 100;
const FORBIDDEN_CHARACTERS = /[!$'(),;]/;

type Platform = "web" | "spa" | "publicClient";

export function isPersonal(signInAudience: string): boolean {
    return signInAudience.includes("Personal");
}

export function assertRedirectUris(application: Application, stored: Application | undefined): void {
    const platforms: Platform[] = ["web", "spa", "publicClient"];
    const all = platforms.flatMap((platform) => application[platform].redirectUris);
    const isNew = (uri: string) =>
        !stored || !platforms.some((platform) => stored[platform].redirectUris.includes(uri));
    for (const platform of platforms) {
        for (const uri of application[platform].redirectUris) {
            if (typeof uri !== "string" || (isNew(uri) && !isAllowed(uri, platform, application.signInAudience))) {
                throw invalidValue(platform);
            }
        }
    }
    if (new Set(all).size < all.length) {
        throw badRequest(
            `Failed to update ${application.displayName} application. Error detail: Redirect URIs must have distinct values`,
        );
    }
    const most = isPersonal(application.signInAudience) ? MAX_COUNT_PERSONAL : MAX_COUNT;
    if (all.length > most)
        throw badRequest(`The number of redirect URIs (${all.length}) exceeds the limit of ${most}.`);
}

function isAllowed(uri: string, platform: Platform, audience: string): boolean {
    if (uri.length > MAX_LENGTH || FORBIDDEN_CHARACTERS.test(uri)) return false;

    if (!/^[\x21-\x7e]+$/.test(uri)) return false;
    const parts =
        /^(?<scheme>[a-z][a-z0-9+.-]*):(?:\/\/(?<host>[^/?#:]*|\[[^\]]*\])(?<port>:\d+)?)?(?<rest>[^]*)$/i.exec(
            uri,
        )?.groups;
    if (!parts) return false;
    const scheme = (parts["scheme"] ?? "").toLowerCase();
    if (scheme !== "https" && scheme !== "http") return platform === "publicClient" || scheme === "brk-multihub";
    return isAllowedWeb({ scheme, host: parts["host"] ?? "", rest: parts["rest"] ?? "" }, audience);
}

function isAllowedWeb(
    { scheme, host, rest }: { scheme: string; host: string; rest: string },
    audience: string,
): boolean {
    const isLoopback = host === "localhost" || host === "127.0.0.1";
    if (host === "" || host.startsWith("[") || (scheme === "http" && !isLoopback)) return false;
    if (host.includes("*") && (isPersonal(audience) || !/^\*\.[^*]+\.[^*]+$/.test(host))) return false;
    if (rest.includes("*") || rest.includes("#")) return false;
    return !(rest.includes("?") && isPersonal(audience));
}

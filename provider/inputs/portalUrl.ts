// Checks a Restore Portal web address, and derives the redirect URI that Entra needs for it. Pure.
import { isIP, isIPv4 } from "node:net";

import { numbered } from "../plainText";

const MAX_LENGTH = 256;
const GUIDANCE = "write https://<host name or public IPv4>:<port>, such as https://portal.abc.com:4443";

/** The problems of one address. Refusals stop the deployment. Warnings do not. */
export interface UrlFindings {
    readonly refusals: string[];
    readonly warnings: string[];
}

/** The host of an address, and its port as written. `undefined`: the address has no port. */
interface Authority {
    readonly host: string;
    readonly port: string | undefined;
}

/**
 * Checks one web address against the rules of VB365's wizard and of Entra. The wizard requires HTTPS, a port, and a
 * public IPv4 address or a DNS host name. Entra allows at most 256 characters in a redirect URI, and no international
 * domain names. Wildcards are refused, because MSAL needs the exact origin.
 * https://learn.microsoft.com/entra/identity-platform/reply-url
 */
export function examineUrl(url: string): UrlFindings {
    const { refusals, warnings } = findingsOf(url);
    if (refusals.length === 0 && browserOrigin(url) === url) return { refusals, warnings };
    const reasons =
        refusals.length > 0 ? refusals : [`must be written as browsers send it, got "${withoutUserInfo(url)}"`];
    const proposal = proposalFor(url);
    const remedy = proposal === undefined ? GUIDANCE : `write "${proposal}"`;
    return { refusals: [...reasons.slice(0, -1), `${reasons.at(-1) ?? ""}; ${remedy}`], warnings: [] };
}

/** Returns the origin that browsers send for the address, but always with the port. */
function browserOrigin(url: string): string | undefined {
    if (!URL.canParse(url)) return undefined;
    const { protocol, hostname, port } = new URL(url);
    return `${protocol}//${hostname}:${port || "443"}`;
}

/** Returns the valid address that the user probably meant. `undefined`: there is no such address. */
function proposalFor(url: string): string | undefined {
    const text = url.trim().replace(/\p{C}/gu, "");
    const https = text.replace(/^(https?:\/*)?/i, "https://");
    const parts = /^https:\/\/([^/?#]*@)?(?<host>[^/?#@:]*)(?<port>:\d*)?(?![^/?#\\])/i.exec(https)?.groups;
    const port = Number((parts?.["port"] ?? "").slice(1));
    const proposal = browserOrigin(`https://${parts?.["host"]?.replace(/\.$/, "") ?? ""}:${port || DEFAULT_PORT}`);
    const isAccepted = proposal !== undefined && proposal !== url && findingsOf(proposal).refusals.length === 0;
    return isAccepted ? proposal : undefined;
}

/** Default port of VB365's REST API, which the portal uses. */
const DEFAULT_PORT = 4443;

function findingsOf(url: string): UrlFindings {
    const parts = /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<authority>[^/?#]*)(?<rest>.*)$/is.exec(url)?.groups;
    if (!parts) {
        return { refusals: [`must be an https address, got "${withoutUserInfo(url)}"`], warnings: [] };
    }
    const authority = parts["authority"] ?? "";
    const refusals = [
        ...schemeRefusals(parts["scheme"] ?? "", url),
        ...(url.length > MAX_LENGTH ? [`must have at most ${MAX_LENGTH} characters, has ${url.length}`] : []),
        ...(authority.includes("@") ? [`must not contain a user name or password, got "${withoutUserInfo(url)}"`] : []),
        ...restRefusals(parts["rest"] ?? "", withoutUserInfo(url)),
    ];
    const host = hostFindings(authority.slice(authority.lastIndexOf("@") + 1), withoutUserInfo(url));
    return { refusals: [...refusals, ...host.refusals], warnings: host.warnings };
}

/** Returns the port of an https address without a path. Returns 443, the default, if the address names no port. */
export function portOf(url: string): number {
    return Number(/:(\d+)$/.exec(url)?.[1] ?? 443);
}

/**
 * Returns the redirect URI that Entra must have for the address. Browsers leave the default port 443 out of an origin.
 */
export function redirectUriOf(url: string): string {
    return url.replace(/:443$/, "");
}

/**
 * Returns whether Entra treats two redirect URIs as the same. Entra ignores the case of scheme and host. Entra adds a
 * slash to a URI without a path, so `https://a:4443` and `https://a:4443/` are the same. Port 443 is the default, so
 * `https://a:443` and `https://a` are the same too.
 */
export function isSameRedirectUri(a: string, b: string): boolean {
    return comparable(a) === comparable(b);
}

/** Returns the form in which redirect URIs are compared and hashed. See `isSameRedirectUri`. */
export function comparable(uri: string): string {
    const match = /^(https:\/\/[^/?#]+)(.*)$/is.exec(uri);
    if (!match) return uri;
    const [, origin = "", rest = ""] = match;
    return origin.toLowerCase().replace(/:443$/, "") + (rest === "/" ? "" : rest);
}

// Hides user names and passwords, and writes control characters as numbers, because the engine prints messages that
// quote the address.
export function withoutUserInfo(url: string): string {
    return url.replace(/^(https?:\/{0,2})?.*@/is, "$1***@").replace(/\p{C}/gu, numbered);
}

function schemeRefusals(scheme: string, url: string): string[] {
    if (scheme === "https") return [];
    const shown = withoutUserInfo(url);
    return scheme.toLowerCase() === "https"
        ? [`must begin with https in lower case, as browsers send it, got "${shown}"`]
        : [`must be https, got "${shown}"`];
}

function restRefusals(rest: string, shown: string): string[] {
    const path = /^[^?#]*/.exec(rest)?.[0] ?? "";
    return [
        ...(path === "" ? [] : [`must not have a path, because users sign in at the portal's origin, got "${shown}"`]),
        ...(rest.includes("?") ? [`must not have a query, got "${shown}"`] : []),
        ...(rest.includes("#") ? [`must not have a fragment, got "${shown}"`] : []),
    ];
}

function hostFindings(hostAndPort: string, shown: string): UrlFindings {
    if (hostAndPort.startsWith("[") || (hostAndPort.match(/:/g) ?? []).length > 1) {
        return {
            refusals: [
                `must not be an IPv6 address, because Entra does not accept it in a redirect URI; got "${shown}"`,
            ],
            warnings: [],
        };
    }
    const { host, port } = splitPort(hostAndPort);
    const refusals = portRefusals(port, shown);
    if (host === "") return { refusals: [...refusals, `must name a host, got "${shown}"`], warnings: [] };
    if (host.includes("*")) {
        return { refusals: [...refusals, `must not contain a wildcard, got "${shown}"`], warnings: [] };
    }

    if (!/^[\x00-\x7f]*$/.test(host)) {
        const reason = "because Entra does not accept international domain names";
        return { refusals: [...refusals, `must be an ASCII host name, ${reason}; got "${shown}"`], warnings: [] };
    }
    if (isIPv4(host)) return { refusals, warnings: addressWarnings(host) };
    return { refusals: [...refusals, ...nameRefusals(host, shown)], warnings: nameWarnings(host) };
}

function splitPort(hostAndPort: string): Authority {
    const colon = hostAndPort.lastIndexOf(":");
    if (colon < 0) return { host: hostAndPort, port: undefined };
    return { host: hostAndPort.slice(0, colon), port: hostAndPort.slice(colon + 1) };
}

function portRefusals(port: string | undefined, shown: string): string[] {
    if (port === undefined) return [`must have a port, got "${shown}"`];
    // Browsers drop the leading zeros of a port, so a redirect URI with leading zeros would never match.
    if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65535) {
        return [`must have a port between 1 and 65535 without leading zeros, got "${shown}"`];
    }
    return [];
}

function nameRefusals(host: string, shown: string): string[] {
    const labels = host.split(".");
    const isName =
        host.length <= 253 &&
        labels.every((label) => /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/i.test(label)) &&
        !/^\d+$/.test(labels.at(-1) ?? "") &&
        URL.canParse(`https://${host}`);
    if (!isName) return [`must be a DNS host name or an IPv4 address, got "${shown}"`];
    if (host !== host.toLowerCase()) {
        return [`must be in lower case, because browsers send it that way; got "${shown}"`];
    }
    return [];
}

function nameWarnings(host: string): string[] {
    const isLocal = host === "localhost" || !host.includes(".") || host.endsWith(".local");
    return isLocal ? [`"${host}" is not a public DNS name; users outside your own network cannot open the portal`] : [];
}

// IANA's special-purpose ranges: network, bits of the prefix, kind. Users on the internet cannot connect to these
// addresses. The provider only warns about such an address, because a lab may use it.
const RESERVED: readonly (readonly [string, number, string])[] = [
    ["0.0.0.0", 8, "reserved"],
    ["10.0.0.0", 8, "private"],
    ["100.64.0.0", 10, "shared by carriers"],
    ["127.0.0.0", 8, "loopback"],
    ["169.254.0.0", 16, "link-local"],
    ["172.16.0.0", 12, "private"],
    ["192.0.0.0", 24, "reserved"],
    ["192.0.2.0", 24, "for documentation"],
    ["192.168.0.0", 16, "private"],
    ["198.18.0.0", 15, "for benchmarks"],
    ["198.51.100.0", 24, "for documentation"],
    ["203.0.113.0", 24, "for documentation"],
    ["224.0.0.0", 3, "multicast or reserved"],
];

function addressWarnings(address: string): string[] {
    const kind = RESERVED.find(([network, bits]) => isWithin(address, network, bits))?.[2];
    return kind ? [`${address} is not a public address (${kind}); VB365's wizard requires a public one`] : [];
}

function isWithin(address: string, network: string, bits: number): boolean {
    const shift = 32 - bits;
    return isIP(address) === 4 && numberOf(address) >>> shift === numberOf(network) >>> shift;
}

function numberOf(address: string): number {
    return address.split(".").reduce((sum, octet) => (sum << 8) | Number(octet), 0) >>> 0;
}

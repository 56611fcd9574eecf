// Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY, mostly by the rules of curl. Unlike in curl, HTTP_PROXY also applies to
// HTTPS requests if HTTPS_PROXY is not set. Errors of this file contain at most the scheme of a value, because the rest
// may contain a password.
import { PortalError } from "../portalError";
import { variableFault } from "./variableFaults";

/**
 * The options of undici's EnvHttpProxyAgent. All three are set, so that undici does not read the environment itself.
 */
export interface ProxyEnvironment {
    readonly httpProxy: string;
    readonly httpsProxy: string;
    readonly noProxy: string;
}

/** `undefined`: no proxy is set. An empty variable counts as unset. */
export function proxyEnvironment(env: NodeJS.ProcessEnv = process.env): ProxyEnvironment | undefined {
    const [https, http] = [firstSet(env, "HTTPS_PROXY"), firstSet(env, "HTTP_PROXY")];
    if (https === undefined && http === undefined) return undefined;
    return {
        httpProxy: http === undefined ? "" : proxyUrl(http),
        httpsProxy: proxyUrl(https ?? http ?? { name: "", value: "" }),
        noProxy: firstSet(env, "NO_PROXY")?.value ?? "",
    };
}

/** Returns the variable that names the proxy for HTTPS requests, and the proxy's host and port. */
export function proxyInUse(env: NodeJS.ProcessEnv = process.env): { name: string; host: string } | undefined {
    const variable = firstSet(env, "HTTPS_PROXY") ?? firstSet(env, "HTTP_PROXY");
    return variable && { name: variable.name, host: new URL(proxyUrl(variable)).host };
}

/**
 * Returns whether NO_PROXY excludes the host of a URL. undici's EnvHttpProxyAgent decides this for each request by the
 * same rule, but has no function for it.
 */
export function isExcluded(url: string, env: NodeJS.ProcessEnv = process.env): boolean {
    const { protocol, hostname, port } = new URL(url);
    const ownPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
    const list = firstSet(env, "NO_PROXY")?.value ?? "";
    return (
        list === "*" ||
        list.split(/[,\s]/).some((entry) => {
            const [, host = entry, onlyPort = ownPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
            const excluded = host.replace(/^\*?\./, "").toLowerCase();
            return entry !== "" && onlyPort === ownPort && `.${hostname}`.endsWith(`.${excluded}`);
        })
    );
}

interface Variable {
    readonly name: string;
    readonly value: string;
}

/** As in curl, the lower-case name takes precedence. */
function firstSet(env: NodeJS.ProcessEnv, upper: string): Variable | undefined {
    const names = [upper.toLowerCase(), upper];
    return names.map((name) => ({ name, value: env[name]?.trim() ?? "" })).find(({ value }) => value !== "");
}

/** As in curl, an address without a scheme is an HTTP proxy. */
function proxyUrl({ name, value }: Variable): string {
    // The value is checked by the rules for passwords, because the address may contain a password.
    const fault = variableFault(value, "password");
    if (fault !== undefined) throw proxyError(name, fault);
    const text = value.includes("://") ? value : `http://${value}`;
    // `http:/proxy:8080` lacks a slash, and `http` would be read as the name of the host.
    const url = URL.canParse(text) && !/^https?:\/(?!\/)/i.test(value) ? new URL(text) : undefined;
    if (url === undefined || !isDecodable(`${url.username}${url.password}`)) {
        throw proxyError(
            name,
            "is not the address of a proxy; write http://host:port or http://user:password@host:port, with special characters of user and password percent-encoded (@ as %40, % as %25)",
        );
    }
    if (!/^https?:$/.test(url.protocol)) {
        throw proxyError(name, `names a proxy of the kind ${url.protocol}//; give an HTTP proxy as http://host:port`);
    }
    return text;
}

function isDecodable(text: string): boolean {
    try {
        decodeURIComponent(text);
        return true;
    } catch {
        return false;
    }
}

function proxyError(name: string, what: string): PortalError {
    return new PortalError("ERR_ENVIRONMENT", `connecting through a proxy: the variable ${name} ${what}`);
}

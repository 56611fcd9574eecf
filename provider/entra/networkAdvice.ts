// Says what to do if a request got no answer: correct the network, the proxy, the clock, or the certificate authorities
// that Node.js trusts.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { isExcluded, proxyInUse } from "./proxyVariables";

export interface NetworkAdvice {
    readonly advice: string;
    /** `true`: a retry cannot help until somebody corrects this machine, the proxy or the host's certificate. */
    readonly isPermanent: boolean;
}

/** `error`: the error that the request to `url` threw. Returns `undefined` if no advice fits. */
export function networkAdvice(
    error: unknown,
    url: string,
    env: NodeJS.ProcessEnv = process.env,
): NetworkAdvice | undefined {
    const { code = "", message = "" } = innermost(error);
    if (UNTRUSTED.has(code)) return { advice: authorityAdvice(env), isPermanent: true };
    if (OUTSIDE_VALIDITY.has(code)) return { advice: VALIDITY, isPermanent: true };
    const proxy = proxyInUse(env);
    if (proxy === undefined) return NO_WAY.has(code) ? { advice: TRY_A_PROXY, isPermanent: false } : undefined;
    if (isExcluded(url, env))
        return NO_WAY.has(code) ? { advice: excludedFrom(proxy.host), isPermanent: false } : undefined;
    const through = `the proxy ${proxy.host} (variable ${proxy.name})`;
    const status = /Proxy response \((\d+)\)/.exec(message)?.[1];
    if (status === undefined)
        return { advice: `requests go through ${through}; check this proxy and the network`, isPermanent: false };
    return { advice: refusedBy(through, proxy.name, status), isPermanent: Number(status) < 500 };
}

/** Returns the connection's own error, which `fetch` wraps. */
function innermost(error: unknown): { readonly code?: string; readonly message?: string } {
    const { cause } = error as { cause?: unknown };
    return cause instanceof Error ? innermost(cause) : (error as { code?: string; message?: string });
}

const UNTRUSTED: ReadonlySet<string> = new Set([
    "SELF_SIGNED_CERT_IN_CHAIN",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "CERT_SIGNATURE_FAILURE",
    "CERT_UNTRUSTED",
    "INVALID_CA",
]);

const OUTSIDE_VALIDITY: ReadonlySet<string> = new Set(["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"]);
const VALIDITY = "check the clock of this machine, and the certificate of the host or of a proxy that inspects TLS";

const NO_WAY: ReadonlySet<string> = new Set([
    "ENOTFOUND",
    "EAI_AGAIN",
    "ENETUNREACH",
    "EHOSTUNREACH",
    "ETIMEDOUT",
    "UND_ERR_CONNECT_TIMEOUT",
]);
const TRY_A_PROXY = "check the network; if it has a proxy, set HTTPS_PROXY to its address, such as http://host:port";

function excludedFrom(proxy: string): string {
    return `NO_PROXY excludes this host from the proxy ${proxy}; check the network, or remove the host from NO_PROXY`;
}

function refusedBy(through: string, name: string, status: string): string {
    if (Number(status) >= 500) return `${through} answered ${status}; check this proxy, or add the host to NO_PROXY`;
    return status === "407"
        ? `${through} requires a valid user and password; set ${name} to http://user:password@host:port, with special characters percent-encoded`
        : `${through} answered ${status}; ask its administrator to allow this host, or add the host to NO_PROXY`;
}

const SYSTEM_STORE =
    "or set NODE_OPTIONS=--use-system-ca (Node.js 22.15 and newer), if the operating system trusts the certificate authority";

/** Also checks the file of NODE_EXTRA_CA_CERTS, because Node.js ignores an unusable file. */
function authorityAdvice(env: NodeJS.ProcessEnv): string {
    const file = env["NODE_EXTRA_CA_CERTS"];
    const authority =
        "the certificate authority that issued the host's certificate (for example your company's authority)";
    if (file) return `${faultOfFile(file) ?? `${named(file)} does not contain ${authority}; add it`}, ${SYSTEM_STORE}`;
    const other = env["SSL_CERT_FILE"];
    const ignored = other ? `; Node.js does not read SSL_CERT_FILE (${resolve(other)})` : "";
    return `Node.js does not trust ${authority}${ignored}; set NODE_EXTRA_CA_CERTS to a PEM file with the authority's certificate, ${SYSTEM_STORE}`;
}

/** Returns why Node.js cannot use the file, and what to do. `undefined`: the file contains a PEM certificate. */
function faultOfFile(file: string): string | undefined {
    let bytes: Buffer;
    try {
        bytes = readFileSync(file);
    } catch (error) {
        const { code = "" } = error as { code?: string };
        const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
        return `${named(file)} ${reason}; set the variable to a PEM file with the certificate authority's certificate`;
    }
    if (bytes.includes("-----BEGIN CERTIFICATE-----") || bytes.includes("-----BEGIN TRUSTED CERTIFICATE-----"))
        return undefined;
    const path = resolve(file);
    // A DER file begins with the byte 0x30, the tag of a SEQUENCE.
    return bytes[0] === 0x30
        ? `${named(file)} is DER, but Node.js reads only PEM; convert it: openssl x509 -inform der -in "${path}" -out "${path}.pem", and set the variable to the new file`
        : `${named(file)} contains no certificate as PEM text; set the variable to a PEM file with the certificate authority's certificate`;
}

function named(file: string): string {
    return `the file of NODE_EXTRA_CA_CERTS (${resolve(file)})`;
}

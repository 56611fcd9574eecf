// Sends every request of the provider, directly or through the proxy that the environment names. ESLint forbids `fetch`
// elsewhere.
import { TLSSocket, type ConnectionOptions, type PeerCertificate } from "node:tls";

import type { buildConnector, Dispatcher, EnvHttpProxyAgent } from "undici";

import { proxyEnvironment, type ProxyEnvironment } from "./proxyVariables";

// undici is loaded on demand, because loading takes a tenth of a second. Without a proxy, Node.js's `fetch` is enough.
const loadUndici = () => import("undici");

/**
 * Works like `fetch`, but also applies the variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY, which Node.js's own `fetch`
 * ignores by default. Follows no redirects. Otherwise a write could be sent to another host, and that host's answer
 * would count.
 */
export async function send(url: string | URL, options: RequestInit = {}): Promise<Response> {
    const proxy = proxyEnvironment();
    if (proxy === undefined) return sendDirectly(url, options);
    // undici and Node.js declare different types for the same functions.
    const fetchThrough = (await loadUndici()).fetch as unknown as typeof fetch;
    const through: object = { ...options, ...NO_REDIRECTS, dispatcher: await agentFor(proxy) };
    return fetchThrough(url, through);
}

/**
 * Sends a request without a proxy. The endpoint of managed identities is on this machine, and no proxy can connect to
 * it.
 */
export function sendDirectly(url: string | URL, options: RequestInit = {}): Promise<Response> {
    return fetch(url, { ...options, ...NO_REDIRECTS });
}

const NO_REDIRECTS = { redirect: "manual" } as const;

let shared: { readonly key: string; readonly agent: EnvHttpProxyAgent } | undefined;

/** Returns one agent for all requests, so that they share connections. */
async function agentFor(proxy: ProxyEnvironment): Promise<EnvHttpProxyAgent> {
    const { EnvHttpProxyAgent: Agent } = await loadUndici();
    const key = JSON.stringify(proxy);
    if (shared?.key !== key) shared = { key, agent: new Agent(proxy) };
    return shared.agent;
}

export interface AnswerOverTls {
    readonly answer: Dispatcher.ResponseData;
    /** The TLS connection to the server, even if the request goes through a proxy. */
    readonly socket: TLSSocket;
    /**
     * The server's certificate, read when the connection began, because the server may have closed the connection
     * since.
     */
    readonly certificate: PeerCertificate;
    /** Closes the connection. The caller must call this after it has read the body. */
    readonly close: () => Promise<void>;
}

/** Sends a GET on its own connection, so that the server's TLS certificate can be examined. */
export async function getOverTls(
    url: string,
    headers: Readonly<Record<string, string>>,
    {
        signal,
        ...tls
    }: Pick<ConnectionOptions, "rejectUnauthorized" | "checkServerIdentity"> & { readonly signal: AbortSignal },
): Promise<AnswerOverTls> {
    const { EnvHttpProxyAgent: Agent, Pool, buildConnector: connectorOf, request } = await loadUndici();
    const connections: Pick<AnswerOverTls, "socket" | "certificate">[] = [];
    const noting = (connect: buildConnector.connector): buildConnector.connector => {
        return (options, callback) =>
            connect(options, (...outcome) => {
                const socket: unknown = outcome[1];
                if (socket instanceof TLSSocket) connections.push({ socket, certificate: socket.getPeerCertificate() });
                callback(...outcome);
            });
    };
    const agent = new Agent({
        ...(proxyEnvironment() ?? { httpProxy: "", httpsProxy: "", noProxy: "" }),
        requestTls: tls,
        // With a proxy, the agent passes a function that connects through the proxy. Without a proxy, the agent passes
        // no function.
        factory: (origin, { connect }: { connect?: unknown }) =>
            new Pool(origin, {
                connect: noting(
                    typeof connect === "function" ? (connect as buildConnector.connector) : connectorOf(tls),
                ),
            }),
    });
    const close = () => agent.destroy();
    try {
        const answer = await request(url, { dispatcher: agent, headers, signal });
        const connection = connections.at(-1);
        if (connection !== undefined) return { answer, ...connection, close };
        throw new Error("the server does not use TLS");
    } catch (error) {
        await close();
        throw error;
    }
}

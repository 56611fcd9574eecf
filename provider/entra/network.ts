// How requests leave this process: through the proxy that the environment names, or directly. Every request of the
// provider goes through this file (ESLint forbids `fetch` elsewhere).
import { TLSSocket, type ConnectionOptions } from "node:tls";

import type { buildConnector, Dispatcher, EnvHttpProxyAgent } from "undici";

import { proxyEnvironment, type ProxyEnvironment } from "./proxyVariables";

// Loaded on demand: loading takes a tenth of a second, and without a proxy Node's own `fetch` is enough.
const loadUndici = () => import("undici");

/** As `fetch`, but through the proxy of HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Node's own `fetch` ignores them. */
export async function send(url: string | URL, request: RequestInit = {}): Promise<Response> {
    const proxy = proxyEnvironment();
    if (proxy === undefined) return fetch(url, request);
    // The types of undici and of Node.js name the same things differently.
    const fetchThrough = (await loadUndici()).fetch as unknown as typeof fetch;
    const through: object = { ...request, dispatcher: await agentFor(proxy) };
    return fetchThrough(url, through);
}

/** Without any proxy. Managed identities have their endpoint on the machine itself, which no proxy knows. */
export function sendDirectly(url: string | URL, request: RequestInit = {}): Promise<Response> {
    return fetch(url, request);
}

let shared: { readonly key: string; readonly agent: EnvHttpProxyAgent } | undefined;

/** One agent for all requests, so that they share connections. */
async function agentFor(proxy: ProxyEnvironment): Promise<EnvHttpProxyAgent> {
    const { EnvHttpProxyAgent: Agent } = await loadUndici();
    const key = JSON.stringify(proxy);
    if (shared?.key !== key) shared = { key, agent: new Agent(proxy) };
    return shared.agent;
}

export interface AnswerOverTls {
    readonly answer: Dispatcher.ResponseData;
    /** Not the connection to the proxy. */
    readonly socket: TLSSocket;
    /** To be called when the body has been read. */
    readonly close: () => Promise<void>;
}

/** A GET on a connection of its own, for a server whose TLS certificate is examined. */
export async function getOverTls(
    url: string,
    headers: Readonly<Record<string, string>>,
    {
        signal,
        ...tls
    }: Pick<ConnectionOptions, "rejectUnauthorized" | "checkServerIdentity"> & { readonly signal: AbortSignal },
): Promise<AnswerOverTls> {
    const { EnvHttpProxyAgent: Agent, Pool, buildConnector: connectorOf, request } = await loadUndici();
    let socket: unknown;
    const noting = (connect: buildConnector.connector): buildConnector.connector => {
        return (options, callback) =>
            connect(options, (...outcome) => {
                socket = outcome[1];
                callback(...outcome);
            });
    };
    const agent = new Agent({
        ...(proxyEnvironment() ?? { httpProxy: "", httpsProxy: "", noProxy: "" }),
        requestTls: tls,
        // The agent gives the connection through the proxy as a function, and no connection without a proxy.
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
        if (socket instanceof TLSSocket) return { answer, socket, close };
        throw new Error("the server does not use TLS");
    } catch (error) {
        await close();
        throw error;
    }
}

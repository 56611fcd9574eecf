// Runs the HTTPS server on loopback. Passes each request to Graph, to the sign-in host, or to the controls for tests.
// Writes the answer. Logs all requests except those to the controls.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

import type { ServerCertificate } from "./certificateAuthority";
import type { Answer } from "./context";
import { answerControl, Control } from "./control";
import { answerGraph, sleep } from "./graphService";
import { answerLogin } from "./signIn/loginService";
import { unitsOf, withoutSecrets, type LoggedRequest } from "./requestLog";
import type { World } from "./world";

export async function listen(world: World, certificate: ServerCertificate, port: number): Promise<Server> {
    const control = new Control(world);
    const options = {
        key: certificate.keyPem,
        cert: certificate.certificatePem,
        keepAliveTimeout: 60_000,
    };
    const server = createServer(options, (request, response) => {
        handle(world, control, request, response).catch((error: unknown) => {
            console.error("emulator:", error);
            respond(response, { status: 500, body: { error: { code: "EmulatorBug", message: String(error) } } });
        });
    });
    await new Promise<void>((done, fail) => {
        server.once("error", fail);
        server.listen(port, "127.0.0.1", done);
    });
    world.url = `https://localhost:${(server.address() as AddressInfo).port}`;
    return server;
}

export function closeServer(server: Server): Promise<void> {
    return new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
    });
}

async function handle(
    world: World,
    control: Control,
    request: IncomingMessage,
    response: ServerResponse,
): Promise<void> {
    const { method = "GET", url: path = "/" } = request;
    const text = await readText(request);
    if (path.startsWith("/_emulator/")) {
        respond(response, answerControl(world, control, method, path, parseJson(text)));
        return;
    }
    const logged = logStart(world, method, path, text);
    if (world.latencyMs > 0) await sleep(world.latencyMs);
    const answer = await answerService(world, request, logged, text);
    logged.endedAt = world.now();
    logged.units = unitsOf(logged);
    if (answer === undefined) {
        logged.status = 0;
        request.socket.destroy();
        return;
    }
    logged.status = answer.status;
    const retryAfter = answer.headers?.["retry-after"];
    if (retryAfter !== undefined) logged.retryAfter = retryAfter;
    respond(response, answer, {
        ...contentHeaders(logged.service, answer),
        ...requestHeaders(request, logged, answer),
    });
}

/**
 * Graph gives each request an id. If the client sends no `client-request-id`, the answer repeats Graph's id in this
 * header.
 */
function requestHeaders({ headers }: IncomingMessage, { service }: LoggedRequest, answer: Answer) {
    const requestId = answer.headers?.["request-id"] ?? randomUUID();
    const sent = headers["client-request-id"];
    const clientRequestId = typeof sent === "string" ? sent : service === "graph" ? requestId : undefined;
    return {
        "request-id": requestId,
        ...(clientRequestId === undefined ? {} : { "client-request-id": clientRequestId }),
        ...(service === "graph" && headers.origin !== undefined ? CORS : {}),
    };
}

/** Graph answers requests from web pages of every host. https://learn.microsoft.com/graph/cors */
const CORS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Location, request-id, client-request-id, Retry-After, WWW-Authenticate",
};
const PREFLIGHT: Answer = {
    status: 200,
    headers: {
        ...CORS,
        "access-control-allow-methods": "GET, POST, PATCH, PUT, DELETE, OPTIONS",
        "access-control-allow-headers": "*",
    },
};

function answerService(
    world: World,
    request: IncomingMessage,
    logged: LoggedRequest,
    text: string,
): Promise<Answer | undefined> {
    const headers = request.headers as Readonly<Record<string, string | undefined>>;
    const { method } = logged;
    if (logged.service === "graph") {
        const version = request.url?.startsWith("/beta/") === true ? "beta" : "v1.0";
        const path = (request.url ?? "").slice(version.length + 1);
        if (method === "OPTIONS") return Promise.resolve(PREFLIGHT);
        return answerGraph(world, { version, method, path, headers, body: parseJson(text) }, logged);
    }
    // If a path begins with two slashes, the URL parser would read its first part as a host.
    const url = new URL((request.url ?? "/").replace(/^\/+/, "/"), world.url);
    const { authorization, origin, cookie, host } = headers;
    const login = { method, path: url.pathname, query: url.searchParams, authorization, origin, cookie, host, text };
    return answerLogin(world, login, logged);
}

function logStart(world: World, method: string, path: string, text: string): LoggedRequest {
    const isGraph = /^\/(v1\.0|beta)\//.test(path);
    const isMetadata = path.startsWith("/metadata/");
    const service = isGraph ? "graph" : isMetadata ? "metadata" : "login";
    const body = isGraph ? parseJson(text) : Object.fromEntries(new URLSearchParams(text));
    // For a batch, the log keeps the body of each item instead (graphBatch.ts).
    const kept = /^\/(v1\.0|beta)\/\$batch/.test(path) ? undefined : withoutSecrets(body);
    return world.log.add({
        service,
        method,
        path: path.replace(/^\/v1\.0(?=\/)/, ""),
        at: world.now(),
        body: kept,
    });
}

export async function readText(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return unpacked(Buffer.concat(chunks), request.headers["content-encoding"]).toString("utf8");
}

/** Microsoft's SDKs for some languages compress request bodies. A damaged body is not JSON, so Graph refuses it. */
function unpacked(bytes: Buffer, encoding: string | undefined): Buffer {
    try {
        return encoding === "gzip" ? gunzipSync(bytes) : bytes;
    } catch {
        return bytes;
    }
}

export function parseJson(text: string): unknown {
    if (text === "") return undefined;
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return text;
    }
}

const ODATA_TYPE = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/** Graph sends errors as JSON without the OData parameters in the content type. */
function contentHeaders(service: LoggedRequest["service"], { status, body }: Answer): Readonly<Record<string, string>> {
    if (body === undefined) return {};
    const vary = { vary: "Accept-Encoding" };
    if (typeof body === "string") return { ...vary, "content-type": "text/html" };
    if (service !== "graph") return { "content-type": "application/json; charset=utf-8" };
    if (status >= 400) return { ...vary, "content-type": "application/json" };
    return { ...vary, "content-type": ODATA_TYPE, "odata-version": "4.0" };
}

function respond(
    response: ServerResponse,
    { status, body, headers, breakOff }: Answer,
    extra: Readonly<Record<string, string>> = { "content-type": "application/json" },
): void {
    response.writeHead(status, {
        "request-id": randomUUID(),
        "cache-control": "no-cache",
        "strict-transport-security": "max-age=31536000",
        "x-ms-ags-diagnostic": JSON.stringify({
            ServerInfo: { DataCenter: "Emulator", Slice: "E", Ring: "1", ScaleUnit: "000", RoleInstance: "EMULATOR" },
        }),
        ...extra,
        ...headers,
    });
    const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
    if (breakOff !== true) response.end(text);
    else response.write(text.slice(0, text.length / 2), () => response.destroy());
}

// Runs the HTTPS server on loopback. It passes each request to Graph or to the sign-in host, and writes the answer and
// the log.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";

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
    const clientRequestId = request.headers["client-request-id"];
    respond(response, answer, typeof clientRequestId === "string" ? { "client-request-id": clientRequestId } : {});
}

function answerService(
    world: World,
    request: IncomingMessage,
    logged: LoggedRequest,
    text: string,
): Promise<Answer | undefined> {
    const headers = request.headers as Readonly<Record<string, string | undefined>>;
    const { method } = logged;
    if (logged.service === "graph") {
        return answerGraph(world, { method, path: logged.path, headers, body: parseJson(text) }, logged);
    }
    const url = new URL(request.url ?? "/", world.url);
    const { authorization, origin, cookie } = headers;
    const login = { method, path: url.pathname, query: url.searchParams, authorization, origin, cookie, text };
    return answerLogin(world, login, logged);
}

function logStart(world: World, method: string, path: string, text: string): LoggedRequest {
    const isGraph = path.startsWith("/v1.0/");
    const isMetadata = path.startsWith("/metadata/");
    const service = isGraph ? "graph" : isMetadata ? "metadata" : "login";
    const body = isGraph ? parseJson(text) : Object.fromEntries(new URLSearchParams(text));
    // The log keeps the bodies of a batch with its items.
    const kept = path.startsWith("/v1.0/$batch") ? undefined : withoutSecrets(body);
    return world.log.add({
        service,
        method,
        path: isGraph ? path.slice("/v1.0".length) : path,
        at: world.now(),
        body: kept,
    });
}

export async function readText(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
}

export function parseJson(text: string): unknown {
    if (text === "") return undefined;
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return text;
    }
}

function respond(
    response: ServerResponse,
    { status, body, headers, breakOff }: Answer,
    extra: Readonly<Record<string, string>> = {},
): void {
    const isText = typeof body === "string";
    const type = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
    response.writeHead(status, {
        "request-id": randomUUID(),
        "cache-control": "no-cache",
        "strict-transport-security": "max-age=31536000",
        "x-ms-ags-diagnostic": JSON.stringify({
            ServerInfo: { DataCenter: "Emulator", Slice: "E", Ring: "1", ScaleUnit: "000", RoleInstance: "EMULATOR" },
        }),
        ...(body === undefined ? {} : { "content-type": isText ? "text/html" : type, "odata-version": "4.0" }),
        ...extra,
        ...headers,
    });
    const text = body === undefined ? "" : isText ? body : JSON.stringify(body);
    if (breakOff !== true) response.end(text);
    else response.write(text.slice(0, text.length / 2), () => response.destroy());
}

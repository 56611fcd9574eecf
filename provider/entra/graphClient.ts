// Sends requests to Microsoft Graph, one by one or up to 20 in a batch. The error of a failed request begins with the
// purpose of the request.
import { Client, type Middleware } from "@microsoft/microsoft-graph-client";

import { assertEngineIsRunning } from "../pulumi/engineIsRunning";
import { PortalError } from "../portalError";
import { BATCH_PATH, sendBatch } from "./graphBatch";
import { forRequest } from "./graphErrors";
import { RequestControl } from "./graphMiddleware";
import type { GraphAnswer, GraphRequest, Sender } from "./graphRequest";
import { InFlight } from "./inFlight";
import { ReadLoader } from "./readLoader";

/** A client for one tenant. Reads of different resources share a batch if they begin at almost the same time. */
export interface GraphClient {
    /** Throws a PortalError if Graph refuses the request or gives no usable answer. */
    send<T>(request: GraphRequest): Promise<T>;
    /** Returns the answers in the order of the requests. Throws only if the batch itself fails. */
    batch(requests: readonly GraphRequest[]): Promise<GraphAnswer[]>;
}

export function graphClient(graphUrl: string, middleware: Middleware): GraphClient {
    const client = Client.initWithMiddleware({ middleware, baseUrl: `${graphUrl}/`, defaultVersion: "v1.0" });
    const inFlight = new InFlight();
    const sender: Sender = {
        inFlight,
        host: new URL(graphUrl).host,
        send: (request) => call(client, request, inFlight),
    };
    const loader = new ReadLoader(sender);
    return {
        send: async <T>(request: GraphRequest) => {
            if (!isPointRead(request)) return (await sender.send(request)) as T;
            const { body, error } = await loader.load(request);
            if (error) throw error;
            return body as T;
        },
        batch: (requests) =>
            requests.every(isPointRead)
                ? Promise.all(requests.map((request) => loader.load(request)))
                : sendBatch(sender, requests),
    };
}

/** A batch accepts only relative URLs. */
function isPointRead({ method, path }: GraphRequest): boolean {
    return method === "GET" && path.startsWith("/");
}

async function call(client: Client, request: GraphRequest, inFlight: InFlight): Promise<unknown> {
    if (request.method !== "GET" && request.path !== BATCH_PATH) await assertEngineIsRunning();
    const control = new RequestControl(request, inFlight);
    const prepared = client.api(request.path).middlewareOptions([control]);
    if (request.headers) prepared.headers({ ...request.headers });
    try {
        if (request.method === "GET") return (await prepared.get()) as unknown;
        if (request.method === "DELETE") return (await prepared.delete()) as unknown;
        const send = request.method === "POST" ? prepared.post.bind(prepared) : prepared.patch.bind(prepared);
        return (await send(request.body ?? {})) as unknown;
    } catch (error) {
        throw fromLibrary(control.failure ?? error, request);
    }
}

function fromLibrary(error: unknown, request: GraphRequest): PortalError {
    if (error instanceof PortalError) return forRequest(request, error);
    const text = error instanceof Error ? error.message : String(error);
    return new PortalError("ERR_GRAPH_UNAVAILABLE", `${request.purpose}: ${text}`, { cause: error });
}

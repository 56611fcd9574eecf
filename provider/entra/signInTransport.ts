// Provides an HTTP client for the sign-in library. The client sends requests through network.ts. If the provider has
// already read the tenant's discovery document, the client itself answers the library's read of that document. Such a
// sign-in saves one request.
import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";

import { documentAt } from "./discovery";
import { ATTEMPT_TIMEOUT_MS } from "./http";
import { send, sendDirectly } from "./network";

// @azure/core-rest-pipeline is loaded on demand, like the sign-in library.
const loadPipeline = () => import("@azure/core-rest-pipeline");

export async function signInTransport(): Promise<HttpClient> {
    const { createHttpHeaders } = await loadPipeline();
    const network = await transportOver(send);
    return {
        sendRequest: (request) => {
            const document = request.method === "GET" ? documentAt(request.url) : undefined;
            if (document === undefined) return network.sendRequest(request);
            const headers = createHttpHeaders({ "content-type": "application/json" });
            return Promise.resolve({ request, status: 200, headers, bodyAsText: JSON.stringify(document) });
        },
    };
}

/** Returns the client for managed identities, which uses no proxy, because their endpoint is on this machine. */
export function directTransport(): Promise<HttpClient> {
    return transportOver(sendDirectly);
}

async function transportOver(sender: typeof send): Promise<HttpClient> {
    const { createHttpHeaders } = await loadPipeline();
    return {
        sendRequest: async (request: PipelineRequest): Promise<PipelineResponse> => {
            const { status, headers, text } = await answerTo(request, sender);
            return { request, status, headers: createHttpHeaders(headers), bodyAsText: text };
        },
    };
}

async function answerTo({ url, method, headers, body }: PipelineRequest, sender: typeof send) {
    const answer = await sender(url, {
        method,
        headers: headers.toJSON(),
        body: typeof body === "string" ? body : null,
        signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
    });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
}

// The HTTP client of the sign-in library. For each sign-in the library reads the tenant's OpenID discovery document,
// which the provider has just read to find the region. This client returns that document, so a sign-in takes only one
// request.
import type { HttpClient } from "@azure/core-rest-pipeline";

import { documentAt } from "./discovery";

let transport: Promise<HttpClient> | undefined;

/** One client for all tenants, so that their sign-ins share connections. Loaded on demand, as the library is. */
export function signInTransport(): Promise<HttpClient> {
    return (transport ??= makeTransport());
}

async function makeTransport(): Promise<HttpClient> {
    const { createDefaultHttpClient, createHttpHeaders } = await import("@azure/core-rest-pipeline");
    const network = createDefaultHttpClient();
    return {
        sendRequest: (request) => {
            const document = request.method === "GET" ? documentAt(request.url) : undefined;
            if (document === undefined) return network.sendRequest(request);
            const headers = createHttpHeaders({ "content-type": "application/json" });
            return Promise.resolve({ request, status: 200, headers, bodyAsText: JSON.stringify(document) });
        },
    };
}

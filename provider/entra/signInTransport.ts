// What carries the sign-in library's requests. It looks the tenant's OpenID document up again for each sign-in, which was
// read a moment before to learn the region: that answer is handed to it, and a sign-in is one request to the token service.
import type { HttpClient } from "@azure/core-rest-pipeline";

import { documentAt } from "./discovery";

let transport: Promise<HttpClient> | undefined;

/** One for all tenants, whose sign-ins so share their connections. Loaded late, as the library is. */
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

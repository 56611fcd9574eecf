// Serves the page of the test portal. Exchanges the page's token for a Graph token in the On-Behalf-Of flow, with
// Microsoft's library for Node. startPortal.ts runs this program in a separate process and in this folder. The program
// reads its configuration from standard input, and prints its port.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { ConfidentialClientApplication } from "@azure/msal-node";

export interface ServiceConfiguration {
    readonly clientId: string;
    readonly authority: string;
    readonly scope: string;
    readonly graphUrl: string;
    readonly graphScopes: string[];
    readonly certificate: { readonly thumbprintSha256: string; readonly privateKey: string };
    readonly tls: { readonly key: string; readonly cert: string };
}

const configuration = JSON.parse(readFileSync(0, "utf8")) as ServiceConfiguration;
const library = require.resolve("@azure/msal-browser");

const { clientId, authority, scope } = configuration;
const FILES: Readonly<Record<string, readonly [type: string, content: string | Buffer]>> = {
    "/": ["text/html", readFileSync("page.html")],
    "/page.js": ["text/javascript", readFileSync("page.js")],
    "/msal-browser.js": ["text/javascript", readFileSync(join(library, "../msal-browser.min.js"))],
    "/configuration": ["application/json", JSON.stringify({ clientId, authority, scope })],
};

/** Requests the token in the user's own tenant. For a service provider's portal, this is the customer's tenant. */
async function onBehalfOf(token: string): Promise<string> {
    const { tid } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { tid: string };
    const { origin, host } = new URL(authority);
    // Uses a new client per request, so that no answer comes from a cache.
    const client = new ConfidentialClientApplication({
        auth: {
            clientId,
            authority: `${origin}/${tid}`,
            knownAuthorities: [host],
            clientCertificate: configuration.certificate,
        },
    });
    const request = { oboAssertion: token, scopes: configuration.graphScopes };
    return (await client.acquireTokenOnBehalfOf(request))?.accessToken ?? "";
}

async function me(token: string): Promise<{ status: number; body: unknown }> {
    try {
        const headers = { Authorization: `Bearer ${await onBehalfOf(token)}` };
        const answer = await fetch(`${configuration.graphUrl}/me`, { headers });
        return { status: answer.status, body: await answer.json() };
    } catch (error) {
        return { status: 502, body: { error: error instanceof Error ? error.message : String(error) } };
    }
}

const server = createServer(configuration.tls, (request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (request.method === "POST" && path === "/me" && token !== undefined) {
        void me(token).then(({ status, body }) => {
            response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
        });
        return;
    }
    const [type, content] = FILES[path] ?? ["text/plain", ""];
    response.writeHead(FILES[path] ? 200 : 404, { "content-type": `${type}; charset=utf-8` }).end(content);
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));

// Serves Graph with scripted answers, and opens a session that uses the provider's own client. The clock is simulated.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { freezeClock } from "../../../provider/entra/clock";
import { graphClient } from "../../../provider/entra/graphClient";
import { middlewareChain } from "../../../provider/entra/graphMiddleware";
import type { Session } from "../../../provider/entra/session";

export interface Scripted {
    readonly status?: number;
    /** An object is sent as JSON. A string is sent as it is. */
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
}

export class ScriptedGraph {
    /**
     * The received requests without the version, such as `GET /applications`. The items of a batch follow the batch,
     * unless `answer` answers the batch as a whole.
     */
    readonly requests: string[] = [];
    private readonly restoreClock = freezeClock();

    private constructor(private readonly server: Server) {}

    /**
     * `answer` receives the path below the version. If its answer to a batch has no status and no body, it also answers
     * each item.
     */
    static async start(answer: (path: string, method: string) => Scripted): Promise<ScriptedGraph> {
        const server = createServer();
        const graph = new ScriptedGraph(server);
        server.on("request", (request, response) => {
            void textOf(request).then((text) => {
                const { method = "", url = "" } = request;
                const path = url.replace("/v1.0", "");
                const { status = 200, body, headers } = graph.answered(answer, path, method, text);
                const isText = typeof body === "string";
                const type = { "content-type": "application/json", ...headers };
                response.writeHead(status, body === undefined ? headers : type);
                response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
            });
        });
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        return graph;
    }

    private answered(
        answer: (path: string, method: string) => Scripted,
        path: string,
        method: string,
        text: string,
    ): Scripted {
        this.requests.push(`${method} ${path}`);
        const whole = answer(path, method);
        if (path !== "/$batch" || whole.body !== undefined || whole.status !== undefined) return whole;
        const { requests } = JSON.parse(text) as { requests: { id: string; method: string; url: string }[] };
        const responses = requests.map((one) => {
            this.requests.push(`${one.method} ${one.url}`);
            const { status = 200, body, headers } = answer(one.url, one.method);
            return { id: one.id, status, body, headers };
        });
        return { body: { responses } };
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    session(): Session {
        const { url } = this;
        return {
            tenantId: randomUUID(),
            callerObjectId: randomUUID(),
            callerAppId: randomUUID(),
            permissions: new Set(),
            cloud: { region: "Worldwide", loginUrl: url, graphUrl: url, isCustom: true },
            graph: graphClient(
                url,
                middlewareChain(() => Promise.resolve("secret-token")),
            ),
        };
    }

    async close(): Promise<void> {
        this.restoreClock();
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }
}

async function textOf(request: IncomingMessage): Promise<string> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    return text;
}

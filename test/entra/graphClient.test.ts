// Runs the real client of @microsoft/microsoft-graph-client with our middleware against a server with scripted answers.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { clock, freezeClock } from "../../provider/entra/clock";
import { graphClient, type GraphClient } from "../../provider/entra/graphClient";
import type { GraphRequest } from "../../provider/entra/graphRequest";
import { middlewareChain, type TokenSource } from "../../provider/entra/graphMiddleware";
import { PortalError } from "../../provider/portalError";

interface Seen {
    readonly line: string;
    readonly headers: IncomingMessage["headers"];
    readonly body: string;
}
type Reply = (response: ServerResponse, seen: Seen) => void;

let server: Server;
let restore: () => void;
let client: GraphClient;
let script: Reply[];
let seen: Seen[];
let refusals: (Parameters<TokenSource>[0] | undefined)[];

beforeEach(async () => {
    restore = freezeClock();
    [script, seen, refusals] = [[], [], []];
    server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
            const { method = "", url = "", headers } = request;
            const entry = { line: `${method} ${url}`, headers, body: Buffer.concat(chunks).toString() };
            seen.push(entry);
            (script.shift() ?? json(200, {}))(response, entry);
        });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const getToken: TokenSource = (refusal) => {
        refusals.push(refusal);
        return Promise.resolve(`secret-token-${refusals.length}`);
    };
    client = graphClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, middlewareChain(getToken));
});

afterEach(async () => {
    restore();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
});

function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
    return (response) => {
        response.writeHead(status, { "Content-Type": "application/json", ...headers });
        response.end(status === 204 ? undefined : JSON.stringify(body));
    };
}

const failure = (status: number, headers: Record<string, string> = {}) =>
    json(status, { error: { code: "Some_Code", message: "Some text.", innerError: { "request-id": "r-1" } } }, headers);
const dropped: Reply = (response) => response.destroy();
const brokenOff: Reply = (response) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "100" });
    response.write('{"id":');
    setImmediate(() => response.destroy());
};
const get: GraphRequest = { method: "GET", path: "/applications/1", purpose: "reading application 1" };
const post: GraphRequest = { method: "POST", path: "/applications", body: {}, purpose: "registering application x" };
const waited = () => clock.now().getTime() - Date.parse("2026-06-01T00:00:00Z");

describe("a request is retried", () => {
    const rows: [name: string, reply: Reply, request: GraphRequest][] = [
        ["after 429", failure(429), get],
        ["after 503", failure(503), get],
        ["after a proxy's page", (response) => response.writeHead(502).end("<html>Bad gateway</html>"), get],
        ["when the connection was dropped", dropped, get],
        ["when the answer broke off", brokenOff, get],
        ["as PATCH after 504", failure(504), { ...get, method: "PATCH", body: { tags: [] } }],
        ["as POST after 429", failure(429), post],
        ["as POST if 503 has a Retry-After", failure(503, { "Retry-After": "1" }), post],
    ];
    test.each(rows)("%s", async (_name, reply, request) => {
        script = [reply, json(200, { id: "1" })];
        expect(await client.send(request)).toEqual({ id: "1" });
        expect(seen.map(({ line }) => line)).toEqual(Array(2).fill(`${request.method} /v1.0${request.path}`));
        expect(waited()).toBeGreaterThan(0);
    });

    test("but not a POST if Graph may have executed it", async () => {
        for (const reply of [failure(504), failure(500), dropped]) {
            script = [reply];
            await expect(client.send(post)).rejects.toMatchObject({ code: "ERR_GRAPH_UNAVAILABLE" });
        }
        expect(seen).toHaveLength(3);
    });

    test("after the time of Retry-After, in seconds and as a date", async () => {
        const date = new Date(Date.parse("2026-06-01T00:00:00Z") + 260_000).toUTCString();
        script = [failure(429, { "Retry-After": "200" }), failure(429, { "Retry-After": date }), json(200, {})];
        await client.send(get);
        expect(waited()).toBe(260_000);
    });

    test("until the deadline, and then the last refusal is thrown", async () => {
        script = Array<Reply>(9).fill(failure(429, { "Retry-After": "100" }));
        await expect(client.send(get)).rejects.toMatchObject({ status: 429, code: "ERR_GRAPH_UNAVAILABLE" });
        expect(seen).toHaveLength(4);
    });
});

describe("a refused token", () => {
    test("is renewed once, with the challenge of the refusal", async () => {
        const claims = '{"access_token":{"nbf":{"essential":true}}}';
        const challenge = `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString("base64")}"`;
        script = [failure(401, { "WWW-Authenticate": challenge }), json(200, { id: "1" })];
        expect(await client.send(get)).toEqual({ id: "1" });
        expect(refusals).toEqual([undefined, { rejected: "secret-token-1", claims }]);
        expect(seen.map(({ headers }) => headers.authorization)).toEqual([
            "Bearer secret-token-1",
            "Bearer secret-token-2",
        ]);
    });

    test("causes an error if the new token is refused too", async () => {
        script = [failure(401), failure(401), json(200, {})];
        await expect(client.send(get)).rejects.toMatchObject({ code: "ERR_GRAPH_DENIED", status: 401 });
        expect(seen).toHaveLength(2);
    });
});

describe("an error", () => {
    test("names operation, status, code, request and request-id, and no token", async () => {
        script = [failure(400)];
        const error = await client.send(get).catch((reason: unknown) => reason as Error);
        expect(error).toMatchObject({
            code: "ERR_GRAPH_REFUSED",
            status: 400,
            graphCode: "Some_Code",
            requestId: "r-1",
        });
        expect((error as Error).message).toBe(
            "reading application 1: 400 Some_Code (GET /v1.0/applications/1): Some text.; request-id r-1",
        );
        expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("secret-token");
    });

    test("of the sign-in stays unchanged", async () => {
        const refused = new PortalError("ERR_CREDENTIALS", "signing in to tenant t: no");
        const { port } = server.address() as AddressInfo;
        const other = graphClient(
            `http://127.0.0.1:${port}`,
            middlewareChain(() => Promise.reject(refused)),
        );
        await expect(other.send(get)).rejects.toMatchObject({ code: "ERR_CREDENTIALS", message: refused.message });
    });

    test("of the transport names the host and the reason", async () => {
        script = Array<Reply>(8).fill(dropped);
        const error = await client.send(get).catch((reason: unknown) => reason as Error);
        expect((error as Error).message).toMatch(/^reading application 1: 127\.0\.0\.1:\d+ cannot be reached \(.+\)$/);
    });
});

test("each request has its own id", async () => {
    await client.send(get);
    await client.send(get);
    const ids = seen.map(({ headers }) => headers["client-request-id"]);
    expect(new Set(ids).size).toBe(2);
});

test("a POST that Graph may have executed is not retried, and its message names no limit of waiting", async () => {
    script = [failure(500, { "Retry-After": "30" })];
    await expect(client.send(post)).rejects.toThrow(/asks to wait 30 s \(Retry-After\); try again later$/);
    expect(seen).toHaveLength(1);
});

describe("a batch", () => {
    interface Item {
        readonly id: string;
        readonly url: string;
        readonly headers?: Record<string, string>;
    }
    const itemsOf = ({ body }: Seen) => (JSON.parse(body) as { requests: Item[] }).requests;
    /** Answers each item of a batch with the result of `answer`. The answers come in reverse order. */
    const each =
        (answer: (item: Item) => object): Reply =>
        (response, entry) => {
            const responses = itemsOf(entry).map((item) => ({ id: item.id, ...answer(item) }));
            json(200, { responses: responses.reverse() })(response, entry);
        };
    const reads = (count: number) =>
        Array.from({ length: count }, (_, index) => ({
            ...get,
            path: `/applications/${index}`,
            purpose: `reading ${index}`,
        }));

    test("contains up to 20 requests, and the answers are in the order of the requests", async () => {
        script = [1, 2, 3].map(() => each(({ url }) => ({ status: 200, body: { url } })));
        const answers = await client.batch(reads(42));
        expect(seen.map((entry) => itemsOf(entry).length)).toEqual([20, 20, 2]);
        expect(answers.map(({ body }) => (body as { url: string }).url)).toEqual(reads(42).map(({ path }) => path));
    });

    test("retries a throttled item alone, after its own Retry-After", async () => {
        const throttled = {
            status: 429,
            headers: { "Retry-After": "12" },
            body: { error: { code: "TooManyRequests" } },
        };
        script = [each(({ url }) => (url.endsWith("/1") ? throttled : { status: 200, body: { url } })), json(200, {})];
        const answers = await client.batch(reads(3));
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
        expect(seen[1]?.line).toBe("GET /v1.0/applications/1");
        expect(waited()).toBe(12_000);
    });

    test("the failure of one item names its own purpose", async () => {
        script = [
            each(({ url }) =>
                url.endsWith("/1") ? { status: 404, body: { error: { code: "Gone" } } } : { status: 200 },
            ),
        ];
        const [first, second] = await client.batch(reads(2));
        expect(first?.error).toBeUndefined();
        expect(second?.error?.message).toMatch(/^reading 1: 404 Gone \(GET \/v1\.0\/applications\/1\)/);
    });

    test("a refused item without a body is named as such", async () => {
        script = [each(() => ({ status: 404 }))];
        const [first] = await client.batch([post, post]);
        expect(first?.error?.message).toMatch(/^registering application x: .* answered 404 with an empty body/);
    });

    test("is not retried after a lost answer if one item is a POST", async () => {
        script = [dropped];
        await expect(client.batch([get, post])).rejects.toThrow(/^reading application 1, registering application x: /);
        expect(seen).toHaveLength(1);
    });
});

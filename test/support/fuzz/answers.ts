// Mutates HTTP answers, and serves them over HTTPS. The server mutates some of the correct answers, as a proxy, a
// broken service or a hostile service would.
import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { Random } from "../../walk/random";
import { mutateJson, mutateText, STEERING_TEXTS } from "./mutations";

export interface HonestAnswer {
    readonly status: number;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
}

export interface Call {
    readonly method: string;
    readonly path: string;
    readonly text: string;
}

/** Selects the requests of a run that get a mutated answer, and the mutation. */
export interface AnswerMutation {
    /** The index of the first request with a mutated answer. The first request of a run has the index 0. */
    readonly from: number;
    /** The number of requests with a mutated answer. */
    readonly times: number;
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: BodyMutation;
    readonly connection?: "dropped" | "brokenOff";
    /** The seed of the random choices within a mutated body. */
    readonly seed: number;
}

type BodyMutation = (typeof BODIES)[number];

const BODIES = [
    "json",
    "json",
    "json",
    "json",
    "html",
    "empty",
    "text",
    "brokenJson",
    "null",
    "number",
    "list",
    "string",
    "mark",
    "utf16",
    "notGzip",
    "deep",
    "huge",
    "echo",
    "steering",
] as const;

const STATUSES = [
    200, 201, 202, 204, 206, 226, 300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 407, 408, 409, 410, 412, 413,
    418, 423, 424, 428, 429, 431, 451, 500, 501, 502, 503, 504, 507, 509, 511, 520, 530, 599, 999,
];

const CONTENT_TYPES = [
    "text/html",
    "text/html; charset=utf-16",
    "text/plain",
    "application/octet-stream",
    "image/png",
    "application/xml",
    "multipart/form-data",
    "application/json; charset=nonsense",
    "nonsense",
    "",
];

const WAITS = [
    "0",
    "-1",
    "-1e9",
    "0.001",
    "1e-9",
    "1",
    "120",
    "3600",
    "1e9",
    "1e400",
    "99999999999999999999",
    "NaN",
    "Infinity",
    "0x10",
    "soon",
    " ",
    "5, 5",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Mon, 01 Jun 2026 00:00:05 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "2026-06-01T01:00:00Z",
];

export function mutateAnswer(random: Random, requests: number): AnswerMutation {
    const connection = random.chance(0.04) ? random.of(["dropped", "brokenOff"] as const) : undefined;
    const headers = {
        ...(random.chance(0.3) ? { "content-type": random.of(CONTENT_TYPES) } : {}),
        ...(random.chance(0.3) ? { "retry-after": random.of(WAITS) } : {}),
        ...(random.chance(0.05)
            ? { location: random.of(["/", "https://localhost:1/", "nonsense:", "/v1.0/$batch"]) }
            : {}),
        ...(random.chance(0.05) ? { "www-authenticate": random.of(CHALLENGES) } : {}),
        ...(random.chance(0.03) ? { "content-encoding": random.of(["identity", "nonsense"]) } : {}),
    };
    return {
        from: random.number(requests),
        times: random.chance(0.8) ? 1 : random.chance(0.5) ? 3 : Infinity,
        seed: random.number(2 ** 31),
        ...(connection === undefined ? {} : { connection }),
        ...(random.chance(0.5) ? { status: random.of(STATUSES) } : {}),
        ...(random.chance(0.85) ? { body: random.of(BODIES) } : {}),
        ...(Object.keys(headers).length > 0 ? { headers } : {}),
    };
}

const CHALLENGES = [
    "Bearer",
    'Bearer claims="%%%"',
    `Bearer error="insufficient_claims", claims="${Buffer.from('{"access_token":{}}').toString("base64")}"`,
    `Bearer claims="${"A".repeat(5_000)}"`,
    'Basic realm="proxy"',
];

/** Returns the body of the answer as the server sends it. */
export function bodyOf(
    random: Random,
    kind: BodyMutation,
    honest: unknown,
    secrets: readonly string[],
): string | Buffer {
    const text = honest === undefined ? "" : JSON.stringify(honest);
    const secret = secrets.length > 0 ? random.of(secrets) : "";
    const bodies: Readonly<Record<BodyMutation, () => string | Buffer>> = {
        json: () => JSON.stringify(mutateJson(random, honest) ?? null),
        html: () => "<!DOCTYPE html><html><body><h1>Sign in to the proxy</h1></body></html>",
        empty: () => "",
        text: () => "Bad gateway",
        brokenJson: () => mutateText(random, text),
        null: () => "null",
        number: () => "42",
        list: () => "[]",
        string: () => '"text"',
        mark: () => `\uFEFF${text}`,
        utf16: () => Buffer.from(text, "utf16le"),
        notGzip: () => Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xff]),
        deep: () => "[".repeat(20_000),
        huge: () => JSON.stringify({ ...asObject(honest), filler: "x".repeat(300_000) }),
        echo: () =>
            JSON.stringify({
                ...asObject(honest),
                error: random.of([
                    { code: secret, message: `the request had Authorization: Bearer ${secret}` },
                    `invalid_client ${secret}`,
                    secret,
                ]),
                error_description: `AADSTS7000215: Invalid client secret provided: ${secret}`,
                message: secret,
            }),
        steering: () => {
            const planted = random.of(STEERING_TEXTS);
            return JSON.stringify({
                ...asObject(honest),
                error: random.of([{ code: planted, message: planted, innerError: { "request-id": planted } }, planted]),
                error_description: `AADSTS90002: ${planted}`,
                error_codes: [planted],
                message: planted,
            });
        },
    };
    return bodies[kind]();
}

function asObject(value: unknown): object {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/**
 * If one run sends this many requests, the server stops answering, because the code under test is in an endless loop.
 */
const MOST_REQUESTS = 2_000;

export class AnswerServer {
    private mutation: AnswerMutation | undefined;
    private count = 0;

    private constructor(
        private readonly server: Server,
        /** The secrets that a hostile answer repeats. */
        private readonly secrets: readonly string[],
    ) {}

    static async start(
        honest: (call: Call, url: string) => HonestAnswer,
        secrets: readonly string[],
    ): Promise<AnswerServer> {
        const tls = { cert: process.env["FUZZ_TLS_CERTIFICATE"], key: process.env["FUZZ_TLS_KEY"] };
        const server = createServer({ ...tls, keepAliveTimeout: 60_000 });
        const answers = new AnswerServer(server, secrets);
        server.on("request", (request, response) => void answers.answer(request, response, honest));
        await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
        return answers;
    }

    get url(): string {
        return `https://localhost:${(this.server.address() as AddressInfo).port}`;
    }

    /** Begins the next run, with this mutation. */
    next(mutation: AnswerMutation | undefined): void {
        this.mutation = mutation;
        this.count = 0;
    }

    private async answer(
        request: IncomingMessage,
        response: ServerResponse,
        honest: (call: Call, url: string) => HonestAnswer,
    ): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const { method = "", url: path = "" } = request;
        const right = honest({ method, path, text: Buffer.concat(chunks).toString() }, this.url);
        const number = this.count++;
        if (number >= MOST_REQUESTS) return;
        const { mutation } = this;
        const isMutated = mutation && number >= mutation.from && number < mutation.from + mutation.times;
        if (isMutated) this.write(response, right, mutation);
        else
            send(
                response,
                right.status,
                jsonHeaders(right),
                right.body === undefined ? "" : JSON.stringify(right.body),
            );
    }

    private write(response: ServerResponse, right: HonestAnswer, mutation: AnswerMutation): void {
        const { connection, seed, status = right.status, headers = {}, body } = mutation;
        if (connection === "dropped") {
            response.destroy();
            return;
        }
        const random = new Random(seed);
        const content =
            body === undefined
                ? right.body === undefined
                    ? ""
                    : JSON.stringify(right.body)
                : bodyOf(random, body, right.body, this.secrets);
        const type = body === "html" ? { "content-type": "text/html" } : {};
        const all = { ...jsonHeaders(right), ...type, ...headers };
        if (connection !== "brokenOff") {
            send(response, status, all, content);
            return;
        }
        response.writeHead(status, { ...all, "content-length": String(content.length + 10) });
        response.write(content, () => response.destroy());
    }
}

function jsonHeaders({ body, headers = {} }: HonestAnswer): Record<string, string> {
    return { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers };
}

function send(
    response: ServerResponse,
    status: number,
    headers: Readonly<Record<string, string>>,
    content: string | Buffer,
): void {
    response.writeHead(status, { ...headers });
    response.end(status === 204 || status === 304 ? undefined : content);
}

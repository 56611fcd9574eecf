// Requests to Microsoft Graph: one by one, or up to 20 in a batch, with errors that say what was being done.
import { Client, GraphError, type Middleware } from "@microsoft/microsoft-graph-client";

import { assertEngineIsThere } from "../engine";
import { PortalError, type PortalErrorCode } from "../portalError";
import { clock } from "./clock";
import { RequestControl } from "./graphMiddleware";
import { pauseBeforeRetry, type RetryRule } from "./retry";

export interface GraphRequest {
    readonly method: "GET" | "POST" | "PATCH" | "DELETE";
    /** Below the version: `/applications(appId='...')`. */
    readonly path: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    /** What is being done, as errors begin: `reading application 58a0f8e1-...`. */
    readonly purpose: string;
    /** In a batch: read this right before; the answer's `before` is what it was. The requests of such a batch run in order. */
    readonly readBefore?: string;
    /** Default: `onlyWhenRefused` for POST, whose effect may have to be looked for; `always` for the others. */
    readonly retry?: RetryRule;
}

export interface GraphAnswer<T = unknown> {
    readonly status: number;
    readonly body: T;
    /** What `readBefore` showed. */
    readonly before?: unknown;
    /** For every status beyond 299. */
    readonly error?: PortalError;
}

export interface GraphClient {
    /** Throws PortalError for every answer beyond 299. */
    send<T>(request: GraphRequest): Promise<T>;
    /** Answers in the order of the requests; only the envelope's own failure throws. */
    batch(requests: readonly GraphRequest[]): Promise<GraphAnswer[]>;
}

/** Graph takes no more in one batch. https://learn.microsoft.com/graph/json-batching */
const BATCH_SIZE = 20;
const BATCH_PATH = "/$batch";
/** Requests of one tenant in flight at a time: undici opens a socket for each. */
const MAX_IN_FLIGHT = 32;

export function graphClient(graphUrl: string, middleware: Middleware): GraphClient {
    const client = Client.initWithMiddleware({ middleware, baseUrl: `${graphUrl}/`, defaultVersion: "v1.0" });
    const limit = limiter(MAX_IN_FLIGHT);
    const raw = (request: GraphRequest) => limit(() => call(client, request));
    return {
        send: async <T>(request: GraphRequest) => (await raw(request)) as T,
        batch: async (requests) => {
            // A request with a read before it takes two places.
            const size = requests.some(({ readBefore }) => readBefore !== undefined) ? BATCH_SIZE / 2 : BATCH_SIZE;
            const chunks = Array.from({ length: Math.ceil(requests.length / size) }, (_, index) =>
                requests.slice(index * size, (index + 1) * size),
            );
            return (await Promise.all(chunks.map((chunk) => sendBatch(raw, chunk)))).flat();
        },
    };
}

type Raw = (request: GraphRequest) => Promise<unknown>;

function ruleOf({ method, retry }: GraphRequest): RetryRule {
    return retry ?? (method === "POST" ? "onlyWhenRefused" : "always");
}

async function call(client: Client, request: GraphRequest): Promise<unknown> {
    if (request.method !== "GET" && request.path !== BATCH_PATH) await assertEngineIsThere();
    const control = new RequestControl(ruleOf(request));
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

interface BatchItem {
    readonly id: string;
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
}

interface Pending {
    readonly request: GraphRequest;
    readonly index: number;
}

/** An item that was not carried out because one before it in the same batch failed. */
const FAILED_DEPENDENCY = 424;

/** Items fail, are throttled and are sent again each by themselves; the envelope is safe to repeat only if all are. */
async function sendBatch(raw: Raw, requests: readonly GraphRequest[]): Promise<GraphAnswer[]> {
    const answers: GraphAnswer[] = [];
    const startedAt = clock.now().getTime();
    let pending: Pending[] = requests.map((request, index) => ({ request, index }));
    for (let count = 1; pending.length > 0; count++) {
        const items = await sendEnvelope(raw, pending);
        const pauses: number[] = [];
        pending = pending.filter(({ request, index }) => {
            const { item, rule } = outcomeOf(items, request, index);
            const before = items.get(idBefore(index))?.body;
            answers[index] = { ...fromItem(item, request), ...(before === undefined ? {} : { before }) };
            const retryAfter = headerOf(item.headers, "retry-after");
            const pause = pauseBeforeRetry({ status: item.status, retryAfter }, count, rule, startedAt);
            if (pause !== undefined) pauses.push(pause);
            // What waited for an item that is sent again is sent again behind it.
            return pause !== undefined || (item.status === FAILED_DEPENDENCY && pauses.length > 0);
        });
        if (pending.length > 0) await clock.sleep(Math.max(...pauses));
    }
    return answers;
}

/** Of a write whose own read failed: that failure, after which nothing was done and all may be sent again. */
function outcomeOf(items: ReadonlyMap<string, BatchItem>, request: GraphRequest, index: number) {
    const item = items.get(String(index)) ?? { id: "", status: 0 };
    const read = items.get(idBefore(index));
    const isReadsFault = read !== undefined && read.status >= 300 && read.status !== FAILED_DEPENDENCY;
    return isReadsFault ? { item: read, rule: "always" as const } : { item, rule: ruleOf(request) };
}

function idBefore(index: number): string {
    return `${index}-before`;
}

function itemsOf({ request: { method, path, body, headers, readBefore }, index }: Pending): object[] {
    const content =
        body === undefined
            ? headers && { headers }
            : { body, headers: { ...headers, "Content-Type": "application/json" } };
    const item = { id: String(index), method, url: path, ...content };
    return readBefore === undefined ? [item] : [{ id: idBefore(index), method: "GET", url: readBefore }, item];
}

async function sendEnvelope(raw: Raw, pending: readonly Pending[]): Promise<Map<string, BatchItem>> {
    const items = pending.flatMap(itemsOf) as { id: string }[];
    // Graph wants a batch to be one chain, or to have no order at all.
    const isChain = pending.some(({ request }) => request.readBefore !== undefined);
    const requests = items.map((item, position) => {
        const previous = items[position - 1];
        return isChain && previous ? { ...item, dependsOn: [previous.id] } : item;
    });
    if (pending.some(({ request }) => request.method !== "GET")) await assertEngineIsThere();
    const answer = (await raw({
        method: "POST",
        path: BATCH_PATH,
        body: { requests },
        purpose: [...new Set(pending.map(({ request }) => request.purpose))].join(", "),
        retry: pending.every(({ request }) => ruleOf(request) === "always") ? "always" : "onlyWhenRefused",
    })) as { responses: BatchItem[] };
    return new Map(answer.responses.map((item) => [item.id, item]));
}

function headerOf(headers: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
    return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

function fromItem(item: BatchItem, request: GraphRequest): GraphAnswer {
    const { status, body } = item;
    if (status >= 200 && status < 300) return { status, body };
    return { status, body, error: graphRefusal(status, body, request) };
}

interface ErrorBody {
    readonly error?: {
        readonly code?: string;
        readonly message?: string;
        readonly innerError?: { readonly "request-id"?: string };
    };
}

function fromLibrary(error: unknown, request: GraphRequest): PortalError {
    if (error instanceof PortalError) return rename(error, request);
    if (error instanceof GraphError && error.statusCode > 0) {
        return graphRefusal(error.statusCode, envelopeOf(error), request);
    }
    const text = error instanceof Error ? error.message : String(error);
    return new PortalError("ERR_GRAPH_UNAVAILABLE", `${request.purpose}: ${text}`, { cause: error });
}

function envelopeOf(error: GraphError): ErrorBody {
    const { code, message, requestId } = error;
    return {
        error: {
            ...(code ? { code } : {}),
            ...(message ? { message } : {}),
            ...(requestId ? { innerError: { "request-id": requestId } } : {}),
        },
    };
}

// Below the client nobody knows what was being done; here it is known.
function rename(error: PortalError, { purpose }: GraphRequest): PortalError {
    const message = error.message.replace(/^asking Graph: /, `${purpose}: `);
    return new PortalError(error.code, message, { cause: error });
}

const MAX_TEXT = 500;

function graphRefusal(status: number, body: unknown, { method, path, purpose }: GraphRequest): PortalError {
    const { code, message, innerError } = (body as ErrorBody | undefined)?.error ?? {};
    const requestId = innerError?.["request-id"];
    const text =
        message === undefined ? "the answer was no JSON, so a proxy may have sent it" : message.slice(0, MAX_TEXT);
    const said = `${purpose}: ${status || "no answer"}${code ? ` ${code}` : ""} (${method} /v1.0${path}): ${text}`;
    return new PortalError(codeOf(status), `${said}${requestId ? `; request-id ${requestId}` : ""}`, {
        status,
        ...(code ? { graphCode: code } : {}),
        ...(requestId ? { requestId } : {}),
    });
}

function codeOf(status: number): PortalErrorCode {
    if (status === 401 || status === 403) return "ERR_GRAPH_DENIED";
    return status === 0 || status === 408 || status === 429 || status >= 500
        ? "ERR_GRAPH_UNAVAILABLE"
        : "ERR_GRAPH_REFUSED";
}

export function isNotFound(error: unknown): boolean {
    return error instanceof PortalError && error.status === 404;
}

export function isDenied(error: unknown): boolean {
    return error instanceof PortalError && error.code === "ERR_GRAPH_DENIED";
}

/** What was to be made exists already (service principals, grants, owners). Transient conflicts have a code of their own. */
export function isConflict(error: unknown): boolean {
    if (!(error instanceof PortalError)) return false;
    if (error.status === 409) return error.graphCode === "Request_MultipleObjectsWithSameKeyValue";
    return error.status === 400 && /added object references already exist/.test(error.message);
}

/** Not carried out, because one before it in the same batch failed. */
export function isUntried(error: unknown): boolean {
    return error instanceof PortalError && error.status === FAILED_DEPENDENCY;
}

/** No answer of Graph's own: the request may have been carried out, or nobody was there. */
export function isUncertain(error: unknown): boolean {
    return error instanceof PortalError && error.code === "ERR_GRAPH_UNAVAILABLE" && error.status !== 429;
}

function limiter(most: number): <T>(task: () => Promise<T>) => Promise<T> {
    let running = 0;
    const waiting: (() => void)[] = [];
    return async (task) => {
        if (running >= most) await new Promise<void>((go) => waiting.push(go));
        else running++;
        try {
            return await task();
        } finally {
            const next = waiting.shift();
            if (next) next();
            else running--;
        }
    };
}

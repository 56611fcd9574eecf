// Answers one request to Graph: finds the caller, the tenant and the route. A batch is split into single requests.
import { randomUUID } from "node:crypto";

import { callerOf } from "./signIn/bearer";
import type { Answer, GraphCall } from "./context";
import type { Fault } from "./faults";
import { badRequest, errorBody, GraphFault, unauthorized } from "./graphError";
import { resourceUnits, withoutSecrets, type LoggedRequest } from "./requestLog";
import { findRoute } from "./routes";
import { Throttled } from "./throttling";
import type { World } from "./world";

export interface GraphHttpRequest {
    readonly method: string;
    /** The path after `/v1.0`, with its query. */
    readonly path: string;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: unknown;
}

/** `undefined`: the server closes the connection instead of answering. */
export type GraphOutcome = Answer | undefined;

export async function answerGraph(
    world: World,
    request: GraphHttpRequest,
    logged: LoggedRequest,
): Promise<GraphOutcome> {
    try {
        const caller = callerOf(world, request.headers["authorization"]);
        const tenant = world.tenants.get(caller.tenantId);
        if (!tenant) throw unauthorized("Access token validation failure. Invalid tenant.");
        logged.appId = caller.appId;
        logged.tenantId = caller.tenantId;
        const call = { tenant, caller, world };
        if (request.path.split("?")[0] === "/$batch") {
            return await withFault(call, request, "request", () => answerBatch(call, request, logged));
        }
        return await withFault(call, request, "request", () => Promise.resolve(dispatch(call, request)));
    } catch (error) {
        return refusal(world, error, request.headers["client-request-id"]);
    }
}

interface CallBase {
    readonly tenant: GraphCall["tenant"];
    readonly caller: GraphCall["caller"];
    readonly world: World;
}

function dispatch({ tenant, caller, world }: CallBase, request: GraphHttpRequest): Answer {
    const [path, query] = splitOnce(request.path, "?");
    const fullness = world.throttling.take(
        { ...caller, tenantId: tenant.tenantId },
        request.method,
        request.path,
        world.now(),
    );
    const { handler, params } = findRoute(request.method, path);
    const body = request.body ?? {};
    if (typeof body !== "object" || Array.isArray(body)) throw badRequest("The request body must be an object.");
    const answer = handler({
        tenant,
        tenants: world.tenants,
        caller,
        method: request.method,
        params,
        query: new URLSearchParams(query),
        headers: request.headers,
        body: body as Record<string, unknown>,
        replica: world.replication.next(),
        graphUrl: `${world.url}/v1.0`,
        region: world.region,
        duplicateGrantStatus: world.duplicateGrantStatus,
    });
    const units = { "x-ms-resource-unit": String(resourceUnits(request.method, request.path)) };
    // Graph sends this header when a client has used 80 % of the limit.
    const warning = fullness < 0.8 ? {} : { "x-ms-throttle-limit-percentage": fullness.toFixed(1) };
    return { ...answer, headers: { ...units, ...warning, ...answer.headers } };
}

function splitOnce(text: string, separator: string): [string, string] {
    const at = text.indexOf(separator);
    return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

async function withFault(
    { world, caller }: CallBase,
    request: GraphHttpRequest,
    level: "request" | "item",
    work: () => Promise<Answer>,
): Promise<GraphOutcome> {
    const { method, path } = request;
    const fault = world.faults.take({ service: "graph", method, path, level, appId: caller.appId });
    if (!fault) return work();
    if (fault.hangMs !== undefined) await sleep(fault.hangMs);
    const done = fault.effect === "after" ? await work() : undefined;
    await fault.meanwhile?.();
    if (fault.noEffect === true) return method === "POST" ? { status: 201, body: request.body } : { status: 204 };
    if (fault.drop === true) return undefined;
    if (fault.status !== undefined) return faultAnswer(world, fault, request.headers["client-request-id"]);
    const answer = done ?? (await work());
    return fault.breakOff === true ? { ...answer, breakOff: true } : answer;
}

export function faultAnswer(world: World, fault: Fault, clientRequestId: string | undefined): Answer {
    const headers = fault.headers ?? {};
    const status = fault.status ?? 500;
    if (fault.html === true) {
        return {
            status,
            body: "<html><body>Bad gateway</body></html>",
            headers: { ...headers, "content-type": "text/html" },
        };
    }
    const error = new GraphFault(
        status,
        fault.code ?? DEFAULT_CODES[status] ?? "UnknownError",
        fault.message ?? "Emulated fault.",
    );
    return { ...refusal(world, error, clientRequestId), headers };
}

const DEFAULT_CODES: Readonly<Record<number, string>> = {
    401: "InvalidAuthenticationToken",
    403: "Authorization_RequestDenied",
    404: "Request_ResourceNotFound",
    429: "TooManyRequests",
    500: "Service_InternalServerError",
    503: "ServiceNotAvailable",
};

function refusal(world: World, error: unknown, clientRequestId = randomUUID() as string): Answer {
    // An error in the emulator itself must not look like an answer of Graph.
    if (!(error instanceof GraphFault)) throw error;
    const requestId = randomUUID();
    const body = errorBody(error, { requestId, clientRequestId, date: new Date(world.now()) });
    const later = error instanceof Throttled ? THROTTLED(error) : {};
    return { status: error.status, body, headers: { "request-id": requestId, ...later } };
}

const THROTTLED = ({ retryAfterSeconds }: Throttled): Record<string, string> => ({
    "retry-after": String(retryAfterSeconds),
    "x-ms-throttle-information": "ResourceUnitLimitExceeded",
});

export function sleep(ms: number): Promise<void> {
    return new Promise((done) => setTimeout(done, ms));
}

interface BatchItem {
    readonly id: string;
    readonly method: string;
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly dependsOn?: readonly string[];
}

const MAX_BATCH = 20;

/** Graph does not promise the order of the answers. https://learn.microsoft.com/graph/json-batching */
async function answerBatch(call: CallBase, request: GraphHttpRequest, logged: LoggedRequest): Promise<Answer> {
    if (request.method !== "POST")
        throw new GraphFault(405, "BadRequest", "The HTTP method is not allowed for $batch.");
    const items = batchItems(request.body);
    const statuses = new Map<string, number>();
    const responses: object[] = [];
    logged.items = [];
    for (const item of items) {
        const failed = item.dependsOn?.some((id) => (statuses.get(id) ?? 500) >= 400) === true;
        const answer = failed ? failedDependency(call.world) : await answerItem(call, item);
        const status = answer?.status ?? 502;
        statuses.set(item.id, status);
        const retryAfter = answer?.headers?.["retry-after"];
        logged.items.push({
            method: item.method,
            path: item.url,
            status,
            body: withoutSecrets(item.body),
            ...(retryAfter === undefined ? {} : { retryAfter }),
        });
        responses.push({
            id: item.id,
            status,
            headers: { "Content-Type": "application/json", ...answer?.headers },
            body: answer?.body,
        });
    }
    return { status: 200, body: { responses: responses.reverse() } };
}

function batchItems(body: unknown): BatchItem[] {
    const items = (body as { requests?: unknown } | undefined)?.requests;
    const isItem = (item: unknown) => {
        const { id, method, url } = (item ?? {}) as Partial<BatchItem>;
        return typeof id === "string" && typeof method === "string" && typeof url === "string" && url.startsWith("/");
    };
    if (!Array.isArray(items) || items.length === 0 || !items.every(isItem))
        throw badRequest("Invalid batch payload format.", "BadRequest");
    const list = items as BatchItem[];
    if (list.length > MAX_BATCH) {
        throw badRequest(
            `Number of batch request steps exceeds the maximum value of ${MAX_BATCH}.`,
            "MaximumValueExceeded",
        );
    }
    const ids = list.map(({ id }) => id.toLowerCase());
    if (new Set(ids).size < ids.length) throw badRequest("Request ids in a batch must be unique.", "BadRequest");
    const hasType = ({ headers }: BatchItem) =>
        Object.keys(headers ?? {}).some((name) => name.toLowerCase() === "content-type");
    if (list.some((item) => item.body !== undefined && !hasType(item))) {
        throw badRequest("Content-Type header is required for a batch request with a body.", "BadRequest");
    }
    return list;
}

async function answerItem(call: CallBase, item: BatchItem): Promise<GraphOutcome> {
    const headers = Object.fromEntries(
        Object.entries(item.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const request = { method: item.method.toUpperCase(), path: item.url, headers, body: item.body };
    try {
        return await withFault(call, request, "item", () => Promise.resolve(dispatch(call, request)));
    } catch (error) {
        return refusal(call.world, error);
    }
}

function failedDependency(world: World): Answer {
    return refusal(world, new GraphFault(424, "FailedDependency", "A request that this one depends on has failed."));
}

// Answers one request to Graph: finds the caller, the tenant and the route. Splits a batch into single requests.
import { randomUUID } from "node:crypto";

import { recordedCall } from "./auditLog/recording";
import { callerOf } from "./signIn/bearer";
import type { Answer, GraphCall } from "./context";
import type { Fault } from "./faults";
import { answerBatch, type BatchItem } from "./graphBatch";
import { badRequest, errorBody, GraphFault, unauthorized } from "./graphError";
import { GRAPH_APP_ID } from "./microsoftGraph";
import { resourceUnits, type LoggedRequest } from "./requestLog";
import { GoneFault } from "./odata/delta";
import { queryOptions } from "./odata/options";
import { findRoute } from "./routing";
import { Throttled } from "./throttling";
import type { World } from "./world";

export interface GraphHttpRequest {
    readonly version: "v1.0" | "beta";
    readonly method: string;
    /** The path after the version, with its query. */
    readonly path: string;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: unknown;
}

/** `undefined` means that the server closes the connection instead of answering. */
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
            const userAgent = request.headers["user-agent"];
            const answerItem = (item: BatchItem) => answerItemOf(call, request.version, item, userAgent);
            const work = () => answerBatch({ body: request.body, method: request.method, logged, answerItem });
            return await withFault(call, request, "request", work);
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

/** Adds a header with the cost of the request, also to a refusal. */
function dispatch(call: CallBase, request: GraphHttpRequest): Answer {
    const units = { "x-ms-resource-unit": String(resourceUnits(request.method, request.path)) };
    try {
        const answer = handle(call, request);
        return { ...answer, headers: { ...units, ...answer.headers } };
    } catch (error) {
        const refused = refusal(call.world, error, request.headers["client-request-id"]);
        return { ...refused, headers: { ...units, ...refused.headers } };
    }
}

function handle({ tenant, caller, world }: CallBase, request: GraphHttpRequest): Answer {
    const [path, query] = splitOnce(request.path, "?");
    const who = { ...caller, tenantId: tenant.tenantId };
    const fullness = world.throttling.take(who, request.method, request.path, world.now());
    const { handler, params, pattern } = findRoute(request.method, path);
    const call = {
        tenant,
        tenants: world.tenants,
        caller,
        method: request.method,
        params,
        query: queryOptions(query, request.version),
        headers: request.headers,
        body: objectOf(request.body),
        replica: world.replication.next(),
        graphUrl: `${world.url}/${request.version}`,
        region: world.region,
        duplicateGrantStatus: world.duplicateGrantStatus,
    };
    const answer = recordedCall(call, pattern, () => handler(call));
    // Graph sends this header when a client has used at least 80 % of its limit of resource units.
    const warning = fullness < 0.8 ? {} : { "x-ms-throttle-limit-percentage": fullness.toFixed(1) };
    return { ...answer, headers: { ...warning, ...answer.headers } };
}

function objectOf(body: unknown): Record<string, unknown> {
    if (body === undefined || body === null) return {};
    if (typeof body === "object" && !Array.isArray(body)) return body as Record<string, unknown>;
    throw badRequest(
        "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
        "BadRequest",
    );
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

/** If the client sends no `client-request-id`, the error shows Graph's own `request-id` in its place. */
export function refusal(world: World, error: unknown, clientRequestId?: string): Answer {
    // An error in the emulator itself must not have the form of Graph's answers, so it is thrown again.
    if (!(error instanceof GraphFault)) throw error;
    const requestId = randomUUID();
    const ids = { requestId, clientRequestId: clientRequestId ?? requestId };
    const body = errorBody(error, { ...ids, date: new Date(world.now()) });
    const later = error instanceof Throttled ? THROTTLED(error) : {};
    const challenge = error.status === 401 ? { "www-authenticate": challengeOf(world) } : {};
    const begin = error instanceof GoneFault ? { location: error.location } : {};
    return { status: error.status, body, headers: { "request-id": requestId, ...challenge, ...begin, ...later } };
}

/**
 * Microsoft's libraries read the sign-in address from this header.
 * https://learn.microsoft.com/entra/msal/dotnet/advanced/extract-authentication-parameters
 */
function challengeOf({ url }: World): string {
    return `Bearer realm="", authorization_uri="${url}/common/oauth2/authorize", client_id="${GRAPH_APP_ID}"`;
}

const THROTTLED = ({ retryAfterSeconds }: Throttled): Record<string, string> => ({
    // The emulator sends no `Retry-After` for reports, because the real service does not always send one.
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    "x-ms-throttle-information": "ResourceUnitLimitExceeded",
});

export function sleep(ms: number): Promise<void> {
    return new Promise((done) => setTimeout(done, ms));
}

async function answerItemOf(
    call: CallBase,
    version: "v1.0" | "beta",
    item: BatchItem,
    userAgent: string | undefined,
): Promise<GraphOutcome> {
    const own = Object.entries(item.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
    const headers = { "user-agent": userAgent, ...(Object.fromEntries(own) as Record<string, string>) };
    const request = { version, method: item.method.toUpperCase(), path: item.url, headers, body: item.body };
    try {
        const isFailed = item.failedDependency === true;
        if (isFailed) throw new GraphFault(424, "FailedDependency", "A request that this one depends on has failed.");
        return await withFault(call, request, "item", () => Promise.resolve(dispatch(call, request)));
    } catch (error) {
        return refusal(call.world, error);
    }
}

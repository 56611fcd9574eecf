// Checks the answers of the token service before the sign-in library reads them, because the library shows any text
// that it receives. Retries a request after a temporary failure, at most until the time limit of the sign-in.
import type { HttpClient, PipelineRequest, PipelineResponse } from "@azure/core-rest-pipeline";

import { PortalError } from "../portalError";
import { signInTimeoutMs } from "../settings";
import { hasShape, object, optional, text, type Shape } from "../shape";
import { clock } from "./clock";
import { transportError } from "./http";
import { isRetriedStatus, pauseBeforeRetry, waitAdvice } from "./retry";
import { tokenAdvice } from "./tokenError";
import { otherForm, unusable, wireOf, type Wire } from "./wire";

/**
 * The HTTP client of one sign-in. `failure`: an error that the library would hide. The token service gave no usable
 * answer, was temporarily unavailable, or refused to give the tenant's discovery document.
 */
export interface CheckedClient extends HttpClient {
    failure: PortalError | undefined;
}

/** `purpose`: the beginning of an error message. The caller must turn off the library's own retries. */
export function checkedClient(network: HttpClient, purpose: string): CheckedClient {
    const startedAt = clock.now().getTime();
    const client: CheckedClient = {
        failure: undefined,
        sendRequest: async (request) => {
            for (let count = 1; ; count++) {
                const { response, error, ...attempt } = await attemptOf(network, request, purpose);
                client.failure = error ?? (response && refusedDiscovery(response, purpose));
                if (error === undefined && response !== undefined) return response;
                const pause = isWorthRetrying(error)
                    ? pauseBeforeRetry(attempt, count, "always", startedAt, signInTimeoutMs())
                    : undefined;
                if (pause === undefined) throw error ?? new Error("no answer");
                await clock.sleep(pause);
            }
        },
    };
    return client;
}

/** After ERR_ENVIRONMENT, only a change of this machine's settings can help, so the request is not retried. */
function isWorthRetrying(error: PortalError | undefined): boolean {
    return error?.code !== "ERR_ENVIRONMENT";
}

interface Attempted {
    readonly response?: PipelineResponse;
    readonly error?: PortalError;
    readonly status: number;
    readonly retryAfter: string | undefined;
}

async function attemptOf(network: HttpClient, request: PipelineRequest, purpose: string): Promise<Attempted> {
    try {
        const response = await network.sendRequest(request);
        const retryAfter = response.headers.get("retry-after");
        const error = isTokenRequest(request) ? problemOf(response, purpose) : undefined;
        return { response, retryAfter, status: error?.status ?? 0, ...(error ? { error } : {}) };
    } catch (error) {
        return { error: transportError(error, request.url, purpose), status: 0, retryAfter: undefined };
    }
}

/**
 * Before the first token request, the library reads the tenant's discovery document. The library hides the reason if
 * Entra refuses that read.
 */
function refusedDiscovery({ request, status, bodyAsText, headers }: PipelineResponse, purpose: string) {
    if (isTokenRequest(request) || status < 400) return undefined;
    const [said = ""] = sentenceOf(wireOf(bodyAsText ?? "", headers.get("content-type"))).split(/\r?\n/);
    const advice = tokenAdvice(said);
    if (advice === undefined) return undefined;
    return new PortalError("ERR_CREDENTIALS", `${purpose}: ${said.replace(/\.$/, "")}; ${advice}`);
}

function isTokenRequest({ method, url }: PipelineRequest): boolean {
    return method === "POST" && /\/oauth2\/(v2\.0\/)?token\b/.test(url);
}

const aSeconds: Shape = (value, at = "") => {
    const isTime = (typeof value === "number" || typeof value === "string") && Number(value) > 0 && Number(value) < 1e9;
    return isTime ? undefined : `${at} is not a number of seconds`;
};
/** A token with characters outside printable ASCII cannot be sent in a header, and the error would show the token. */
const aBearer: Shape = (value, at = "") =>
    typeof value === "string" && /^[\x21-\x7e]+$/.test(value) ? undefined : `${at} is not a token`;
const aToken = object({ access_token: aBearer, expires_in: aSeconds, token_type: optional(text) });
const aRefusal = object({
    error: text,
    error_description: optional(text),
    suberror: optional(text),
    claims: optional(text),
});

/** Entra's codes for temporary refusals. */
const BUSY = /AADSTS(90024|90033)\b|temporarily_unavailable/;

function problemOf(response: PipelineResponse, purpose: string): PortalError | undefined {
    const { request, status, bodyAsText, headers } = response;
    const wire = wireOf(bodyAsText ?? "", headers.get("content-type"));
    const problem = "came" in wire ? wire.came : (status === 200 ? aToken : aRefusal)(wire.json);
    const isOwnRefusal = problem === undefined && status !== 200;
    const isRetried = isRetriedStatus(status) || (isOwnRefusal && BUSY.test(bodyAsText ?? ""));
    if (problem === undefined && !isRetried) return undefined;
    const { host } = new URL(request.url);
    const said =
        problem === undefined
            ? `${host} answered ${status} ${sentenceOf(wire)}`.trimEnd()
            : unusable(host, status, "came" in wire ? wire.came : otherForm(problem));
    const certain = isRetriedStatus(status) ? status : isRetried ? 503 : 0;
    const attempt = { status: certain, retryAfter: headers.get("retry-after") };
    const advice = waitAdvice(host, attempt, "always", signInTimeoutMs()) ?? "try again later";
    return new PortalError("ERR_GRAPH_UNAVAILABLE", `${purpose}: ${said}; ${advice}`, { status: certain });
}

function sentenceOf(wire: Wire): string {
    const json = "json" in wire ? wire.json : undefined;
    const said = hasShape<{ error_description?: string | null }>(json, aRefusal) ? json.error_description : undefined;
    return ((said ?? "").split(/\s*Trace ID:/)[0] ?? "").slice(0, 500).replace(/\.$/, "");
}

// What Graph's refusals say, as errors that name what was being done, and what a refusal means.
import { PortalError, type PortalErrorCode } from "../portalError";
import type { GraphRequest } from "./graphRequest";

/** How errors begin below the client, where nobody knows what was being done. */
export const ASKING_GRAPH = "asking Graph";

/** The same failure, as that of one request. */
export function about({ purpose }: Pick<GraphRequest, "purpose">, error: PortalError): PortalError {
    const { message } = error;
    return message.startsWith(ASKING_GRAPH) ? error.reworded(purpose + message.slice(ASKING_GRAPH.length)) : error;
}

/** Graph's envelope of an error. */
export interface ErrorBody {
    readonly error?: {
        readonly code?: string;
        readonly message?: string;
        readonly innerError?: { readonly "request-id"?: string };
    };
}

const MAX_TEXT = 500;

export function graphRefusal(status: number, body: unknown, { method, path, purpose }: GraphRequest): PortalError {
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

/** No answer of Graph's own about what was done: the request may have been carried out. */
export function isUncertainStatus(status: number): boolean {
    return status === 0 || status === 408 || status >= 500;
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

/** An item that was not carried out because one before it in the same batch failed. */
export const FAILED_DEPENDENCY = 424;

export function isUntried(error: unknown): boolean {
    return error instanceof PortalError && error.status === FAILED_DEPENDENCY;
}

/** No answer of Graph's own: the request may have been carried out, or nobody was there. */
export function isUncertain(error: unknown): boolean {
    return error instanceof PortalError && error.code === "ERR_GRAPH_UNAVAILABLE" && error.status !== 429;
}

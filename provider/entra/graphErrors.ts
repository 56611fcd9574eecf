// Turns Graph's refusals and unusable answers into errors that name the failed action. Also recognizes refusals that
// callers handle, such as an object that already exists.
import { PortalError, type PortalErrorCode } from "../portalError";
import { hasShape } from "../shape";
import { anError } from "./graphShapes";
import type { GraphRequest } from "./graphRequest";
import { isRetriedStatus, ruleOf, waitAdvice } from "./retry";
import { AN_EMPTY_BODY, otherForm, unusable, type Wire } from "./wire";

/** The beginning of a message until `forRequest` replaces it by the purpose of the request. */
export const CALLING_GRAPH = "calling Graph";

/**
 * Replaces CALLING_GRAPH at the beginning of the message by the purpose of the request. Other messages already name
 * what failed, so they are not changed.
 */
export function forRequest({ purpose }: Pick<GraphRequest, "purpose">, error: PortalError): PortalError {
    const { message } = error;
    return message.startsWith(CALLING_GRAPH) ? error.reworded(purpose + message.slice(CALLING_GRAPH.length)) : error;
}

interface ErrorBody {
    readonly error: {
        readonly code: string;
        readonly message?: string | null;
        readonly innerError?: { readonly "request-id"?: unknown } | null;
    };
}

/** The outcome of a request. The status is 0 if no answer came. `wire` is the body, if there is one. */
export interface Answered {
    readonly host: string;
    readonly status: number;
    readonly wire: Wire | undefined;
    readonly retryAfter?: string | null | undefined;
}

const MAX_TEXT = 500;

/**
 * Returns the error of an answer. `undefined`: the answer is a success of the expected form. An answer that did not
 * come from Graph proves nothing about the object: a proxy's 404 does not mean that the object was deleted. So the
 * error of such an answer has the status 0, unless the answer's status is temporary, such as 502.
 */
export function errorOf(answered: Answered, request: Failing): PortalError | undefined {
    const { status, wire } = answered;
    const isSuccess = status >= 200 && status < 300;
    const came = wire && "came" in wire ? wire.came : undefined;
    const body = wire && "json" in wire ? wire.json : undefined;
    if (isSuccess && came === undefined) {
        const problem = request.answers?.(body);
        if (problem === undefined) return undefined;
        return unusableAnswer(answered, request, formOf(body, problem));
    }
    if (isSuccess || !hasShape<ErrorBody>(body, anError)) {
        const problem = anError(body) ?? "it is not an error message of Graph";
        return unusableAnswer(answered, request, came ?? formOf(body, problem));
    }
    return withWait(refusalOf(status, body, request), answered, request);
}

/** An item of a batch may have no body. */
function formOf(body: unknown, problem: string): string {
    return body === undefined ? AN_EMPTY_BODY : otherForm(problem);
}

type Failing = Pick<GraphRequest, "method" | "path" | "purpose" | "answers" | "retry">;

function unusableAnswer(answered: Answered, request: Failing, came: string) {
    const { host, status } = answered;
    const { method, path, purpose } = request;
    if (status === 0) return new PortalError("ERR_GRAPH_UNAVAILABLE", `${purpose}: ${host} gave no answer`, { status });
    const said = `${purpose}: ${unusable(host, status, came)} (${method} /v1.0${path})`;
    const certain = isRetriedStatus(status) ? status : 0;
    return withWait(new PortalError("ERR_GRAPH_UNAVAILABLE", said, { status: certain }), answered, request);
}

function refusalOf(status: number, { error }: ErrorBody, { method, path, purpose }: Failing): PortalError {
    const { code, message, innerError } = error;
    const requestId = typeof innerError?.["request-id"] === "string" ? innerError["request-id"] : undefined;
    const text = message ? `: ${message.slice(0, MAX_TEXT)}` : "";
    const said = `${purpose}: ${status} ${code} (${method} /v1.0${path})${text}`;
    return new PortalError(codeOf(status), `${said}${requestId ? `; request-id ${requestId}` : ""}`, {
        status,
        graphCode: code,
        ...(requestId ? { requestId } : {}),
    });
}

/** Adds advice if the service requires a wait (Retry-After). */
function withWait(error: PortalError, { host, retryAfter }: Answered, request: Failing): PortalError {
    const { status = 0 } = error;
    const advice = isRetriedStatus(status) ? waitAdvice(host, { status, retryAfter }, ruleOf(request)) : undefined;
    return advice === undefined ? error : error.withAdvice(advice);
}

/**
 * Returns whether Graph may have executed a request that it did not confirm. Includes 429, because a gateway may have
 * sent the 429 after Graph had executed the request.
 */
export const isUncertainStatus = isRetriedStatus;

/**
 * Returns whether Graph may have created a grant although it refused the POST. While the service principals of the
 * grant still replicate, Graph may send this code even if it has created the grant.
 */
export function isUncertainRefusal(error: unknown): boolean {
    return error instanceof PortalError && error.graphCode === "Directory_ObjectNotFound";
}

function codeOf(status: number): PortalErrorCode {
    if (status === 401 || status === 403) return "ERR_GRAPH_DENIED";
    return isRetriedStatus(status) ? "ERR_GRAPH_UNAVAILABLE" : "ERR_GRAPH_REFUSED";
}

export function isNotFound(error: unknown): boolean {
    return error instanceof PortalError && error.status === 404;
}

export function isDenied(error: unknown): boolean {
    return error instanceof PortalError && error.code === "ERR_GRAPH_DENIED";
}

/**
 * Returns whether the error means that Graph refused a request, or that Graph or a service for sign-in gave no usable
 * answer. Errors about credentials are not included.
 */
export function isAnswerOfGraph(error: unknown): boolean {
    return error instanceof PortalError && error.code.startsWith("ERR_GRAPH_");
}

/**
 * Returns whether Entra refused the caller because a permission, role or ownership is missing. Other refusals with 403
 * have other causes: a quota, a policy, Conditional Access, a missing license, replication lag, a caller that does not
 * exist in the tenant, or a proxy.
 */
export function isMissingRight(error: unknown): boolean {
    return (
        error instanceof PortalError &&
        error.status === 403 &&
        error.graphCode === "Authorization_RequestDenied" &&
        !/quota|polic(y|ies)|conditional access|licen[sc]e|must in the local tenant/i.test(error.message)
    );
}

/**
 * Returns whether Entra refused because the service principal, grant or owner already exists. Temporary conflicts have
 * another code.
 */
export function isConflict(error: unknown): boolean {
    if (!(error instanceof PortalError)) return false;
    if (error.status === 409) return error.graphCode === "Request_MultipleObjectsWithSameKeyValue";
    return (
        error.status === 400 &&
        /added object references already exist|Permission entry already exists/.test(error.message)
    );
}

/** The status of a batch item that Graph did not execute because an earlier item failed. */
export const FAILED_DEPENDENCY = 424;

export function isNotExecuted(error: unknown): boolean {
    return error instanceof PortalError && error.status === FAILED_DEPENDENCY;
}

/**
 * Returns whether Graph may have executed the failed request, because there was no usable answer, or the status was 408
 * or 5xx. The last status was not a 429: Graph refuses a throttled request, and gateways that answer 429 after the work
 * matter only for requests that are sent again (`isUncertainStatus`).
 */
export function isUncertain(error: unknown): boolean {
    return error instanceof PortalError && error.code === "ERR_GRAPH_UNAVAILABLE" && error.status !== 429;
}

/**
 * Returns whether Entra may have refused a write only because an earlier write of ours has not reached the replica that
 * answers. The texts of REPLICATION_LAG come from GitHub issues of azuread, Vault and msgraph-sdk.
 */
export function isReplicationLag(error: unknown): boolean {
    if (!(error instanceof PortalError)) return false;
    if (error.status === 404) return true;
    return REPLICATION_LAG.test(`${error.graphCode ?? ""} ${error.message}`);
}

const REPLICATION_LAG =
    /NoBackingApplicationObject|does not reference a valid application object|must in the local tenant|reference-property objects are not present|objects being referenced don't exist|CannotDeleteOrUpdateEnabledEntitlement|cannot be deleted or updated unless disabled first|Directory_ConcurrencyViolation/;

/**
 * Returns whether Entra refused because another application has the same `uniqueName`. That application may be
 * soft-deleted.
 */
export function isNameTaken(error: unknown): boolean {
    return (
        error instanceof PortalError &&
        error.status === 400 &&
        /same value for property uniqueName already exists/i.test(error.message)
    );
}

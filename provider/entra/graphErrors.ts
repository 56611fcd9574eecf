// Turns Graph's refusals into errors that name the failed action, and says what a refusal means.
import { PortalError, type PortalErrorCode } from "../portalError";
import type { GraphRequest } from "./graphRequest";

/** How an error begins below the client, where the purpose of the request is not known. */
export const CALLING_GRAPH = "calling Graph";

/** The same failure, with the purpose of one request. */
export function forRequest({ purpose }: Pick<GraphRequest, "purpose">, error: PortalError): PortalError {
    const { message } = error;
    return message.startsWith(CALLING_GRAPH) ? error.reworded(purpose + message.slice(CALLING_GRAPH.length)) : error;
}

/** Graph's body of an error. */
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
        message === undefined ? "the answer is not JSON, so a proxy may have sent it" : message.slice(0, MAX_TEXT);
    const said = `${purpose}: ${status || "no answer"}${code ? ` ${code}` : ""} (${method} /v1.0${path}): ${text}`;
    return new PortalError(codeOf(status), `${said}${requestId ? `; request-id ${requestId}` : ""}`, {
        status,
        ...(code ? { graphCode: code } : {}),
        ...(requestId ? { requestId } : {}),
    });
}

/** The request may have been carried out. A 429 may come from a gateway after the work. */
export function isUncertainStatus(status: number): boolean {
    return status === 0 || status === 408 || status === 429 || status >= 500;
}

/** Graph answers this to the POST of a grant whose principals still propagate, also if it made the grant. */
export function isUncertainRefusal(error: unknown): boolean {
    return error instanceof PortalError && error.graphCode === "Directory_ObjectNotFound";
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

/** The object to be made exists already: a service principal, grant or owner. Transient conflicts have another code. */
export function isConflict(error: unknown): boolean {
    if (!(error instanceof PortalError)) return false;
    if (error.status === 409) return error.graphCode === "Request_MultipleObjectsWithSameKeyValue";
    return (
        error.status === 400 &&
        /added object references already exist|Permission entry already exists/.test(error.message)
    );
}

/** Status of an item that Graph did not execute because an earlier item of the batch failed. */
export const FAILED_DEPENDENCY = 424;

export function isNotExecuted(error: unknown): boolean {
    return error instanceof PortalError && error.status === FAILED_DEPENDENCY;
}

/** Graph itself did not answer, so it may or may not have executed the request. */
export function isUncertain(error: unknown): boolean {
    return error instanceof PortalError && error.code === "ERR_GRAPH_UNAVAILABLE" && error.status !== 429;
}

/**
 * Whether Entra refuses a write only because an earlier write of ours has not reached the replica that answers.
 * Microsoft calls this "designing for eventual consistency". The texts come from issues of azuread, vault and
 * msgraph-sdk.
 */
export function isReplicationLag(error: unknown): boolean {
    if (!(error instanceof PortalError)) return false;
    if (error.status === 404) return true;
    return REPLICATION_LAG.test(`${error.graphCode ?? ""} ${error.message}`);
}

const REPLICATION_LAG =
    /NoBackingApplicationObject|does not reference a valid application object|must in the local tenant|reference-property objects are not present|objects being referenced don't exist|CannotDeleteOrUpdateEnabledEntitlement|cannot be deleted or updated unless disabled first|Directory_ConcurrencyViolation/;

/** Graph answers 400 and names the property if another object has the value. That object may also be soft-deleted. */
export function isNameTaken(error: unknown): boolean {
    return (
        error instanceof PortalError &&
        error.status === 400 &&
        /same value for property uniqueName already exists/i.test(error.message)
    );
}

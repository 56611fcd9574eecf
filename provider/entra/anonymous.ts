// Sends requests without credentials, and retries them like GET requests to Graph. Callers read a cloud's metadata or a
// tenant's discovery document, or check whether a tenant has an application.
import { PortalError } from "../portalError";
import { hasShape, object, optional, text } from "../shape";
import { clock } from "./clock";
import { getJson, postForm, type HttpAnswer } from "./http";
import { isRetriedStatus, pauseBeforeRetry, waitAdvice, type Attempt } from "./retry";
import { OTHER_STATUS, otherForm, unusable, wireOf, type Wire } from "./wire";

export interface AnonymousRequest<T> {
    readonly url: string;
    /** The beginning of an error message. */
    readonly purpose: string;
    /** The fields of a POST. If they are missing, the request is a GET. */
    readonly form?: Readonly<Record<string, string>>;
    /**
     * Returns the value of an answer. `undefined`: the caller does not know the meaning of the answer. The answer then
     * counts as an error, and the request is retried if another attempt may help.
     */
    readonly understand: (status: number, json: unknown) => T | undefined;
    /** Says how the answer differs from the expected form. Only the error message uses this text. */
    readonly problem?: (json: unknown) => string | undefined;
    /** `false`: the request is not retried, because its answer only improves a message. Default `true`. */
    readonly isRetried?: boolean;
}

/** Entra's own error. A proxy's page with the same status does not have this form. */
interface OwnError {
    readonly error: string;
    readonly error_description?: string | null;
}
const anError = object({ error: text, error_description: optional(text) });

export async function ask<T>(request: AnonymousRequest<T>): Promise<T> {
    const startedAt = clock.now().getTime();
    for (let count = 1; ; count++) {
        const { value, error, ...attempt } = await attemptOf(request);
        if (error === undefined) return value as T;
        const pause = request.isRetried === false ? undefined : pauseBeforeRetry(attempt, count, "always", startedAt);
        if (pause === undefined) throw error;
        await clock.sleep(pause);
    }
}

async function attemptOf<T>(request: AnonymousRequest<T>): Promise<Attempt & { value?: T; error?: PortalError }> {
    const { url, purpose, form, understand } = request;
    try {
        const answer = await (form === undefined ? getJson(url, purpose) : postForm(url, purpose, form));
        const wire = wireOf(answer.text, answer.contentType);
        const value = "json" in wire ? understand(answer.status, wire.json) : undefined;
        return value === undefined ? useless(request, answer, wire) : { value, ...answer };
    } catch (error) {
        if (!(error instanceof PortalError) || error.code !== "ERR_GRAPH_UNAVAILABLE") throw error;
        return { error, status: 0, retryAfter: undefined };
    }
}

/** `problem`: how the JSON differs from the expected form. `undefined`: only the status is wrong. */
function jsonOf(problem: string | undefined): string {
    return problem === undefined ? OTHER_STATUS : otherForm(problem);
}

function useless(
    { url, purpose, problem, isRetried }: AnonymousRequest<unknown>,
    { status, retryAfter }: HttpAnswer,
    wire: Wire,
): Attempt & { error: PortalError } {
    const { host } = new URL(url);
    const own = "json" in wire && hasShape<OwnError>(wire.json, anError) ? wire.json : undefined;
    const came = "came" in wire ? wire.came : jsonOf(problem?.(wire.json));
    const said = own ? `${host} answered ${status} ${sentenceOf(own)}` : unusable(host, status, came);
    const isTemporary = isRetriedStatus(status);
    const attempt = { status, retryAfter };
    const wait = waitAdvice(host, attempt, isRetried === false ? "never" : "always");
    const advice = isTemporary ? (wait ?? (own && "try again later")) : undefined;
    const message = `${purpose}: ${said}${advice === undefined ? "" : `; ${advice}`}`;
    const error = new PortalError("ERR_GRAPH_UNAVAILABLE", message, { status });
    return { error, status: own || isTemporary ? status : 0, retryAfter };
}

function sentenceOf({ error, error_description: description }: OwnError): string {
    const [sentence = ""] = (description ?? error).split(/\s*Trace ID:/);
    return sentence.slice(0, 500).replace(/\.$/, "");
}

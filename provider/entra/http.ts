// Sends HTTP requests without credentials, each with a timeout. Makes the error for a request without an HTTP answer.
import { PortalError } from "../portalError";
import { send } from "./network";
import { networkAdvice } from "./networkAdvice";

/** The time limit for one attempt of any request. Graph itself answers 504 to a slower request. */
export const ATTEMPT_TIMEOUT_MS = 30_000;

/**
 * Makes the error for a request without an HTTP answer, for example because the host is unknown, refuses the
 * connection, is not trusted, or is too slow.
 */
export function transportError(error: unknown, url: string, purpose: string): PortalError {
    if (error instanceof PortalError) return error.reworded(`${purpose}: ${error.message}`);
    const { host } = new URL(url);
    const known = networkAdvice(error, url);
    const code = known?.isPermanent ? "ERR_ENVIRONMENT" : "ERR_GRAPH_UNAVAILABLE";
    const message = `${purpose}: ${host} cannot be reached (${reasonOf(error)})`;
    return new PortalError(code, known ? `${message}; ${known.advice}` : message, { cause: error });
}

/** Returns the reason for a failure in a few words. */
export function reasonOf(error: unknown): string {
    const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
    if (name === "TimeoutError" || name === "AbortError") return `no answer within ${ATTEMPT_TIMEOUT_MS / 1000} s`;
    const { code, message } = cause ?? (error as { code?: string; message?: string });
    // If a proxy answers 407, fetch gives no reason, so the message assumes a proxy.
    return [code, message].filter(Boolean).join(": ") || "no usable answer; a proxy may require a sign-in (407)";
}

/** An HTTP answer with an unchecked body. */
export interface HttpAnswer {
    readonly status: number;
    readonly text: string;
    readonly contentType: string | null;
    readonly retryAfter: string | null;
}

export async function getJson(url: string, purpose: string): Promise<HttpAnswer> {
    return fetchText(url, purpose, {});
}

export async function postForm(
    url: string,
    purpose: string,
    form: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
    return fetchText(url, purpose, { method: "POST", body: new URLSearchParams(form) });
}

async function fetchText(url: string, purpose: string, request: RequestInit): Promise<HttpAnswer> {
    try {
        const answer = await send(url, { ...request, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) });
        const { status, headers } = answer;
        const [contentType, retryAfter] = [headers.get("content-type"), headers.get("retry-after")];
        return { status, text: await answer.text(), contentType, retryAfter };
    } catch (error) {
        throw transportError(error, url, purpose);
    }
}

// HTTP below Graph and the token service. Each attempt has a timeout, and errors name the host and the reason.
import { PortalError } from "../portalError";

/** For one attempt of any request. Graph itself answers 504 to slower ones. */
export const ATTEMPT_TIMEOUT_MS = 30_000;

/** A failure without an HTTP answer: the host is unknown, refuses, is not trusted, or is too slow. */
export function transportError(error: unknown, url: string, purpose: string): PortalError {
    const { host } = new URL(url);
    return new PortalError("ERR_GRAPH_UNAVAILABLE", `${purpose}: ${host} cannot be reached (${reasonOf(error)})`, {
        cause: error,
    });
}

/** The reason of a failure in a few words. */
export function reasonOf(error: unknown): string {
    const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
    if (name === "TimeoutError" || name === "AbortError") return `no answer within ${ATTEMPT_TIMEOUT_MS / 1000} s`;
    const { code, message } = cause ?? (error as { code?: string; message?: string });
    // fetch gives no reason for 407.
    return [code, message].filter(Boolean).join(": ") || "no usable answer; a proxy may require a sign-in (407)";
}

/** What came back. Nobody has checked it. */
export interface HttpAnswer {
    readonly status: number;
    readonly text: string;
    readonly contentType: string | null;
    readonly retryAfter: string | null;
}

/** An anonymous GET. */
export async function getJson(url: string, purpose: string): Promise<HttpAnswer> {
    return fetchText(url, purpose, {});
}

/** An anonymous POST of a form. */
export async function postForm(
    url: string,
    purpose: string,
    form: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
    return fetchText(url, purpose, { method: "POST", body: new URLSearchParams(form) });
}

async function fetchText(url: string, purpose: string, request: RequestInit): Promise<HttpAnswer> {
    try {
        const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) });
        const { status, headers } = answer;
        const [contentType, retryAfter] = [headers.get("content-type"), headers.get("retry-after")];
        return { status, text: await answer.text(), contentType, retryAfter };
    } catch (error) {
        throw transportError(error, url, purpose);
    }
}

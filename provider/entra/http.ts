// HTTP below Graph and the token service. Each attempt has a timeout, and errors name the host and the reason.
import { PortalError } from "../portalError";
import { send } from "./network";
import { networkAdvice } from "./networkAdvice";

/** For one attempt of any request. Graph itself answers 504 to slower ones. */
export const ATTEMPT_TIMEOUT_MS = 30_000;

/** A failure without an HTTP answer: the host is unknown, refuses, is not trusted, or is too slow. */
export function transportError(error: unknown, url: string, purpose: string): PortalError {
    if (error instanceof PortalError) return error.reworded(`${purpose}: ${error.message}`);
    const { host } = new URL(url);
    const known = networkAdvice(error);
    const code = known?.isPermanent ? "ERR_ENVIRONMENT" : "ERR_GRAPH_UNAVAILABLE";
    const message = `${purpose}: ${host} cannot be reached (${reasonOf(error)})`;
    return new PortalError(code, known ? `${message}; ${known.advice}` : message, { cause: error });
}

/** The reason of a failure in a few words. */
export function reasonOf(error: unknown): string {
    const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
    if (name === "TimeoutError" || name === "AbortError") return `no answer within ${ATTEMPT_TIMEOUT_MS / 1000} s`;
    const { code, message } = cause ?? (error as { code?: string; message?: string });
    return [code, message].filter(Boolean).join(": ") || String(error);
}

/** An anonymous GET of a JSON document. The body is `undefined` if the answer is not JSON. */
export async function getJson(url: string, purpose: string): Promise<{ status: number; body: unknown }> {
    return fetchJson(url, purpose, {});
}

/** An anonymous POST of a form, with a JSON answer. */
export async function postForm(
    url: string,
    purpose: string,
    form: Readonly<Record<string, string>>,
): Promise<{ status: number; body: unknown }> {
    return fetchJson(url, purpose, { method: "POST", body: new URLSearchParams(form) });
}

async function fetchJson(
    url: string,
    purpose: string,
    request: RequestInit,
): Promise<{ status: number; body: unknown }> {
    try {
        const answer = await send(url, { ...request, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) });
        const text = await answer.text();
        return { status: answer.status, body: parse(text) };
    } catch (error) {
        throw transportError(error, url, purpose);
    }
}

function parse(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}

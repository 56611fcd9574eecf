// The transport below Graph and the token service: bounded in time, and with errors that say which host and why.
import { PortalError } from "../portalError";

/** One attempt of any request; Graph answers slower ones with 504 itself. */
export const ATTEMPT_TIMEOUT_MS = 30_000;

/** A failure without an HTTP answer: refused, reset, not resolved, not trusted, too slow. */
export function transportError(error: unknown, url: string, purpose: string): PortalError {
    const { host } = new URL(url);
    return new PortalError("ERR_GRAPH_UNAVAILABLE", `${purpose}: ${host} cannot be reached (${reasonOf(error)})`, {
        cause: error,
    });
}

function reasonOf(error: unknown): string {
    const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
    if (name === "TimeoutError" || name === "AbortError") return `no answer within ${ATTEMPT_TIMEOUT_MS / 1000} s`;
    const { code, message } = cause ?? (error as { code?: string; message?: string });
    return [code, message].filter(Boolean).join(": ") || String(error);
}

/** An anonymous GET of a JSON document; the body is `undefined` where the answer is not JSON. */
export async function getJson(url: string, purpose: string): Promise<{ status: number; body: unknown }> {
    return askJson(url, purpose, {});
}

/** An anonymous POST of a form. */
export async function postForm(
    url: string,
    purpose: string,
    form: Readonly<Record<string, string>>,
): Promise<{ status: number; body: unknown }> {
    return askJson(url, purpose, { method: "POST", body: new URLSearchParams(form) });
}

async function askJson(url: string, purpose: string, request: RequestInit): Promise<{ status: number; body: unknown }> {
    try {
        const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) });
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

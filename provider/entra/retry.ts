// Decides which failed attempts are retried, and when. Pure, except for the clock.
import { clock } from "./clock";

/** The limit for all attempts and pauses of one operation together. */
export const OPERATION_DEADLINE_MS = 300_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const MAX_ATTEMPTS = 8;

/** `always`: a retry does no harm. `onlyWhenRefused`: retry only if the answer says that nothing was done. */
export type RetryRule = "always" | "onlyWhenRefused";

/** A repeated POST could create a second object. The other methods may be repeated. */
export function ruleOf({ method, retry }: { readonly method: string; readonly retry?: RetryRule }): RetryRule {
    return retry ?? (method === "POST" ? "onlyWhenRefused" : "always");
}

/** The outcome of one attempt. Status 0: no answer. */
export interface Attempt {
    readonly status: number;
    readonly retryAfter: string | null | undefined;
}

/** Milliseconds to wait before the next attempt. `undefined`: there is no further attempt. */
export function pauseBeforeRetry(
    attempt: Attempt,
    count: number,
    rule: RetryRule,
    startedAt: number,
    deadlineMs = OPERATION_DEADLINE_MS,
): number | undefined {
    const asked = askedMs(attempt.retryAfter);
    // If the service sends Retry-After, it does answer. So only the deadline ends the attempts.
    if ((count >= MAX_ATTEMPTS && asked === undefined) || !isWorthRetrying(attempt, rule)) return undefined;
    // Full jitter: many portals whose requests were refused at the same moment retry at different times.
    const pause = asked ?? Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS) * clock.random();
    const isInTime = clock.now().getTime() + pause - startedAt <= deadlineMs;
    return isInTime ? pause : undefined;
}

/** Statuses after which the same request may succeed. 0: no answer, or an unusable one. */
export function isRetriedStatus(status: number): boolean {
    return status === 0 || status === 408 || status === 429 || status >= 500;
}

function isWorthRetrying({ status, retryAfter }: Attempt, rule: RetryRule): boolean {
    if (status === 429) return true;
    if (rule === "onlyWhenRefused") return status === 503 && typeof retryAfter === "string";
    return isRetriedStatus(status) && status !== 501;
}

/**
 * The shortest pause. If the service sends Retry-After, pauses do not grow and attempts are not counted. So shorter
 * pauses would flood the service with requests.
 */
const SHORTEST_ASKED_MS = 1_000;

/**
 * The pause that a service requires. `undefined`: the service gives no time, or a time in the past, so our own pauses
 * apply.
 */
function askedMs(value: string | null | undefined): number | undefined {
    const ms = retryAfterMs(value) ?? 0;
    return ms >= SHORTEST_ASKED_MS ? ms : undefined;
}

/** Completes the message of a failure if the service requires a wait. */
export function waitAdvice(
    host: string,
    retryAfter: string | null | undefined,
    deadlineMs = OPERATION_DEADLINE_MS,
): string | undefined {
    const asked = askedMs(retryAfter);
    if (asked === undefined) return undefined;
    const limit = deadlineMs / 1000;
    return `${host} asks to wait ${Math.ceil(asked / 1000)} s (Retry-After), but one operation waits at most ${limit} s in all; try again later`;
}

/** `value`: seconds or an HTTP date. */
export function retryAfterMs(value: string | null | undefined): number | undefined {
    if (value === null || value === undefined || value.trim() === "") return undefined;
    const seconds = Number(value);
    if (Number.isFinite(seconds)) return Math.max(seconds, 0) * 1000;
    const date = Date.parse(value);
    return Number.isNaN(date) ? undefined : Math.max(date - clock.now().getTime(), 0);
}

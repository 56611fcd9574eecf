// Decides which failed attempts are retried, and when. Pure, except for the clock.
import { clock } from "./clock";

/** The limit for all attempts and pauses of one operation together. */
export const OPERATION_DEADLINE_MS = 300_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const MAX_ATTEMPTS = 8;

/**
 * `always`: retry after any temporary failure. `onlyWhenRefused`: retry only if the answer shows that the service did
 * nothing.
 */
export type RetryRule = "always" | "onlyWhenRefused";

/** A repeated POST could create a second object. The other methods may be repeated. */
export function ruleOf({ method, retry }: { readonly method: string; readonly retry?: RetryRule }): RetryRule {
    return retry ?? (method === "POST" ? "onlyWhenRefused" : "always");
}

/** The outcome of one attempt. The status is 0 if no usable answer came. */
export interface Attempt {
    readonly status: number;
    readonly retryAfter: string | null | undefined;
}

/** Returns the milliseconds to wait before the next attempt. `undefined`: no attempt follows. */
export function pauseBeforeRetry(
    attempt: Attempt,
    count: number,
    rule: RetryRule,
    startedAt: number,
    deadlineMs = OPERATION_DEADLINE_MS,
): number | undefined {
    const asked = askedMs(attempt.retryAfter);
    // A service that sends Retry-After is working. So only the deadline ends the attempts, not their number.
    if ((count >= MAX_ATTEMPTS && asked === undefined) || !isWorthRetrying(attempt, rule)) return undefined;
    // Full jitter: requests that were refused at the same moment are retried at different times.
    const pause = asked ?? Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS) * clock.random();
    const isInTime = clock.now().getTime() + pause - startedAt <= deadlineMs;
    return isInTime ? pause : undefined;
}

/** Returns whether the same request may succeed later. Status 0: no answer, or an unusable answer. */
export function isRetriedStatus(status: number): boolean {
    return status === 0 || status === 408 || status === 429 || status >= 500;
}

function isWorthRetrying({ status, retryAfter }: Attempt, rule: RetryRule): boolean {
    if (status === 429) return true;
    if (rule === "onlyWhenRefused") return status === 503 && typeof retryAfter === "string";
    return isRetriedStatus(status) && status !== 501;
}

/**
 * A shorter Retry-After is ignored. Pauses by Retry-After do not grow, and MAX_ATTEMPTS does not end them, so short
 * pauses would flood the service with requests.
 */
const SHORTEST_ASKED_MS = 1_000;

/**
 * Returns the milliseconds that the service requires. `undefined`: it requires less than a second or nothing, so our
 * own pauses apply.
 */
function askedMs(value: string | null | undefined): number | undefined {
    const ms = retryAfterMs(value) ?? 0;
    return ms >= SHORTEST_ASKED_MS ? ms : undefined;
}

/**
 * Returns advice for the message of a failure, if the service requires a wait. `never`: the caller does not retry the
 * request.
 */
export function waitAdvice(
    host: string,
    attempt: Attempt,
    rule: RetryRule | "never",
    deadlineMs = OPERATION_DEADLINE_MS,
): string | undefined {
    const asked = askedMs(attempt.retryAfter);
    if (asked === undefined) return undefined;
    // An attempt that is not retried did not wait, so the limit is not the reason for its failure.
    const isRetried = rule !== "never" && isWorthRetrying(attempt, rule);
    const limit = isRetried ? `, but one operation waits at most ${deadlineMs / 1000} s in all` : "";
    return `${host} asks to wait ${Math.ceil(asked / 1000)} s (Retry-After)${limit}; try again later`;
}

/** Returns the milliseconds of a Retry-After header, which contains seconds or an HTTP date. */
export function retryAfterMs(value: string | null | undefined): number | undefined {
    if (value === null || value === undefined || value.trim() === "") return undefined;
    const seconds = Number(value);
    if (Number.isFinite(seconds)) return Math.max(seconds, 0) * 1000;
    const date = Date.parse(value);
    return Number.isNaN(date) ? undefined : Math.max(date - clock.now().getTime(), 0);
}

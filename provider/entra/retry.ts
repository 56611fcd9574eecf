// Which failed attempts are worth another, and when. Pure but for the clock.
import { clock } from "./clock";

/** How long one operation may go on trying, all attempts and pauses together. */
export const OPERATION_DEADLINE_MS = 300_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const MAX_ATTEMPTS = 8;

/** `always`: repeating does no harm. `onlyWhenRefused`: only answers that say that nothing was done. */
export type RetryRule = "always" | "onlyWhenRefused";

/** A POST makes something, and whether it did may have to be looked for; the others may be repeated. */
export function ruleOf({ method, retry }: { readonly method: string; readonly retry?: RetryRule }): RetryRule {
    return retry ?? (method === "POST" ? "onlyWhenRefused" : "always");
}

/** The outcome of one attempt; status 0: no answer. */
export interface Attempt {
    readonly status: number;
    readonly retryAfter: string | null | undefined;
}

/** Milliseconds to wait before the next attempt; `undefined`: this outcome stands. */
export function pauseBeforeRetry(
    attempt: Attempt,
    count: number,
    rule: RetryRule,
    startedAt: number,
): number | undefined {
    const asked = retryAfterMs(attempt.retryAfter);
    // Who says when to come back is not unreachable: then only the deadline counts.
    if ((count >= MAX_ATTEMPTS && asked === undefined) || !isWorthRetrying(attempt, rule)) return undefined;
    // Full jitter, so that many portals that were refused together do not come back together.
    const pause = asked ?? Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS) * clock.random();
    const isInTime = clock.now().getTime() + pause - startedAt <= OPERATION_DEADLINE_MS;
    return isInTime ? pause : undefined;
}

function isWorthRetrying({ status, retryAfter }: Attempt, rule: RetryRule): boolean {
    if (status === 429) return true;
    if (rule === "onlyWhenRefused") return status === 503 && typeof retryAfter === "string";
    return status === 0 || status === 408 || (status >= 500 && status !== 501);
}

/** `Retry-After` comes as seconds or as an HTTP date. */
export function retryAfterMs(value: string | null | undefined): number | undefined {
    if (value === null || value === undefined || value.trim() === "") return undefined;
    const seconds = Number(value);
    if (Number.isFinite(seconds)) return Math.max(seconds, 0) * 1000;
    const date = Date.parse(value);
    return Number.isNaN(date) ? undefined : Math.max(date - clock.now().getTime(), 0);
}

// Checks which outcomes the client retries, after which pause, and for how long.
import { freezeClock } from "../../provider/entra/clock";
import {
    OPERATION_DEADLINE_MS,
    pauseBeforeRetry,
    retryAfterMs,
    waitAdvice,
    type RetryRule,
} from "../../provider/entra/retry";

const START = new Date("2026-06-01T00:00:00Z");
let restore: () => void;
beforeEach(() => (restore = freezeClock(START)));
afterEach(() => restore());

const pause = (status: number, retryAfter?: string, rule: RetryRule = "always", count = 1) =>
    pauseBeforeRetry({ status, retryAfter }, count, rule, START.getTime());

describe("an outcome is retried", () => {
    const rows: [name: string, status: number, retryAfter: string | undefined, rule: RetryRule, isTried: boolean][] = [
        ["when no answer came", 0, undefined, "always", true],
        ["when Graph timed out", 408, undefined, "always", true],
        ["when Graph throttles", 429, undefined, "always", true],
        ["when Graph failed", 500, undefined, "always", true],
        ["when a gateway failed", 502, undefined, "always", true],
        ["never when it is a refusal", 400, undefined, "always", false],
        ["never when it is a conflict", 409, undefined, "always", false],
        ["never when Graph has not implemented the request", 501, undefined, "always", false],
        ["never when it is a success", 200, undefined, "always", false],
        ["of a POST when Graph throttles", 429, undefined, "onlyWhenRefused", true],
        ["of a POST if the answer has a Retry-After", 503, "5", "onlyWhenRefused", true],
        ["never of a POST that Graph may have executed", 503, undefined, "onlyWhenRefused", false],
        ["never of a POST without an answer", 0, undefined, "onlyWhenRefused", false],
        ["never of a POST after 504", 504, undefined, "onlyWhenRefused", false],
    ];
    test.each(rows)("%s", (_name, status, retryAfter, rule, isTried) => {
        expect(pause(status, retryAfter, rule) !== undefined).toBe(isTried);
    });
});

describe("the pause", () => {
    test("is the Retry-After in seconds, also beyond three minutes", () => {
        expect(pause(429, "7")).toBe(7_000);
        expect(pause(429, "240")).toBe(240_000);
    });

    test("is the Retry-After as HTTP date", () => {
        expect(pause(429, new Date(START.getTime() + 90_000).toUTCString())).toBe(90_000);
    });

    test("grows with each attempt, with jitter, up to a bound", () => {
        const pauses = [1, 2, 3, 4, 5, 6, 7].map((count) => pause(500, undefined, "always", count));
        expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    });

    test("is omitted if it would end after the deadline, and after eight attempts", () => {
        expect(pause(429, String(OPERATION_DEADLINE_MS / 1000 + 1))).toBeUndefined();
        expect(pause(500, undefined, "always", 8)).toBeUndefined();
    });

    test.each([
        [null, undefined],
        ["", undefined],
        ["soon", undefined],
        ["-5", 0],
        ["Mon, 01 Jan 2024 00:00:00 GMT", 0],
    ])("Retry-After %p is %p", (value, expected) => {
        expect(retryAfterMs(value)).toBe(expected);
    });
});

describe("the advice names the limit of an operation", () => {
    const rows: [name: string, status: number, rule: RetryRule | "never", hasLimit: boolean][] = [
        ["if the request is retried", 500, "always", true],
        ["if a POST is retried", 503, "onlyWhenRefused", true],
        ["but not if a POST is not retried", 500, "onlyWhenRefused", false],
        ["but not if a gateway gave no answer to a POST", 504, "onlyWhenRefused", false],
        ["but not if the caller never retries", 503, "never", false],
    ];
    test.each(rows)("%s", (_name, status, rule, hasLimit) => {
        const limit = hasLimit ? ", but one operation waits at most 300 s in all" : "";
        expect(waitAdvice("graph", { status, retryAfter: "30" }, rule)).toBe(
            `graph asks to wait 30 s (Retry-After)${limit}; try again later`,
        );
    });
});

// Provides time, pauses and random numbers to the whole provider, so that tests can replace them.
import { PortalError } from "../portalError";
import { testTimeOffsetMs } from "../settings";

export interface Clock {
    now(): Date;
    sleep(ms: number): Promise<void>;
    /** Returns a random number of at least 0 and less than 1. */
    random(): number;
}

const offsetMs = testTimeOffsetMs();

const real: Clock = {
    now: () => new Date(Date.now() + offsetMs),
    sleep: pause,
    random: () => Math.random(),
};

let isCancelled = false;
const pauses = new Set<() => void>();

/** Makes all pauses of this process fail, now and later, because the user has cancelled the deployment. */
export function cancelPauses(): void {
    isCancelled = true;
    for (const end of pauses) end();
}

function pause(ms: number): Promise<void> {
    return new Promise((done, fail) => {
        const cancel = () => {
            clearTimeout(timer);
            fail(cancelled());
        };
        const timer = setTimeout(() => {
            pauses.delete(cancel);
            done();
        }, ms);
        if (isCancelled) cancel();
        else pauses.add(cancel);
    });
}

function cancelled(): PortalError {
    return new PortalError(
        "ERR_CANCELLED",
        "waiting for Microsoft Entra: the command was cancelled; changes that were already made stay; run the command again to continue",
    );
}

let current = real;

export const clock: Clock = {
    now: () => current.now(),
    sleep: (ms) => current.sleep(ms),
    random: () => current.random(),
};

/** Uses another clock in a test. Returns a function that restores the real clock. */
export function useClock(other: Clock): () => void {
    current = other;
    return () => {
        current = real;
    };
}

/**
 * Stops the time at `start` in a test. Only `sleep` advances the time. Returns a function that restores the real clock.
 */
export function freezeClock(start = new Date("2026-06-01T00:00:00Z")): () => void {
    let time = start.getTime();
    return useClock({
        now: () => new Date(time),
        sleep: (ms) => {
            time += ms;
            return Promise.resolve();
        },
        random: () => 0.5,
    });
}

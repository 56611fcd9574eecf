// The only place where the provider uses time, pauses and random numbers, so that tests can replace them.
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
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    random: () => Math.random(),
};

let current = real;

export const clock: Clock = {
    now: () => current.now(),
    sleep: (ms) => current.sleep(ms),
    random: () => current.random(),
};

/** Uses another clock in a test. Returns a function that restores the real one. */
export function useClock(other: Clock): () => void {
    current = other;
    return () => {
        current = real;
    };
}

/** Stops the time at `start` in a test. Only `sleep` advances it. Returns a function that restores the real clock. */
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

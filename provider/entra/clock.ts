// The one seam for time, waiting and chance.

export interface Clock {
    now(): Date;
    sleep(ms: number): Promise<void>;
    /** At least 0, less than 1. */
    random(): number;
}

/** For tests across processes: the time at which this process is taken to have started, ISO 8601. */
const SET_TIME = "RESTORE_PORTAL_TEST_TIME";
const offsetMs = offsetOf(process.env[SET_TIME]);

function offsetOf(text: string | undefined): number {
    const offset = text ? Date.parse(text) - Date.now() : 0;
    if (Number.isNaN(offset)) throw new Error(`${SET_TIME} must be an ISO 8601 time`);
    if (text) console.log(`warning: the clock is set to ${text} by ${SET_TIME}, which is meant for tests only`);
    return offset;
}

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

/** For tests: another clock. Answers what puts the real one back. */
export function useClock(other: Clock): () => void {
    current = other;
    return () => {
        current = real;
    };
}

/** For tests: time stands at `start` and goes on only by sleeping. Answers what puts the real clock back. */
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

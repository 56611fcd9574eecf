// Waits until Entra shows or accepts a write: with growing pauses, a time limit, and one line of output about a long
// wait.
import { plain } from "../plainText";
import { PortalError } from "../portalError";
import { counted } from "../sentences";
import { waitTimeoutMs } from "../settings";
import { clock } from "./clock";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 12_000;
/** The pause between the probes that must all succeed after a failed probe. */
const CONFIRMING_PAUSE_MS = 5_000;
const PRINT_AFTER_MS = 5_000;
const CONFIRMATIONS = 3;

export interface WaitOptions {
    /**
     * Default: `RESTORE_PORTAL_WAIT_SECONDS`, or five minutes. Entra promises no time for replication. Most writes
     * become visible within seconds, some within minutes (issue 193 of msgraph-bicep-types).
     */
    readonly timeoutMs?: number;
    /**
     * The number of successful probes in a row that are needed after a failed probe, because replicas may return old
     * and new data in turn. Default 3. Use 1 if the probe itself writes, because then Entra's answer decides.
     */
    readonly sightings?: number;
    /** Returns the advice at the end of the error message if the wait takes too long. */
    readonly advice?: () => string;
}

/**
 * Calls the probe until it returns a value. `undefined` means: not yet. If the first probe returns a value, that is
 * enough. After a failed probe, several values in a row are needed.
 */
export async function untilVisible<T>(
    what: string,
    probe: () => Promise<T | undefined>,
    { timeoutMs = waitTimeoutMs(), sightings = CONFIRMATIONS, advice = () => AGAIN }: WaitOptions = {},
): Promise<T> {
    const start = clock.now().getTime();
    const firstPause = firstPauseAt(start);
    let hasPrinted = false;
    let inARow = 0;
    for (let attempt = 1; ; attempt++) {
        const value = await probe();
        inARow = value === undefined ? 0 : inARow + 1;
        const waited = clock.now().getTime() - start;
        if (value !== undefined && inARow >= (attempt === inARow ? 1 : sightings)) {
            if (attempt > inARow) lastWait = { endedAt: start + waited, tookMs: waited };
            return value;
        }
        if (waited >= timeoutMs) throw notVisible(what, waited, attempt, advice());
        if (!hasPrinted && waited >= PRINT_AFTER_MS) {
            hasPrinted = true;
            console.log(plain(`waiting for ${what} (up to ${Math.round(timeoutMs / 1000)} s)`));
        }
        const pause = inARow > 0 ? CONFIRMING_PAUSE_MS : pauseAfter(attempt, firstPause);
        await clock.sleep(Math.min(pause, Math.max(timeoutMs - waited, 1)));
    }
}

/** The last successful wait that needed more than one probe. */
let lastWait = { endedAt: -Infinity, tookMs: 0 };
const REMEMBERED_MS = 300_000;

/** Returns a longer first pause if a recent wait was long, so that many waits of a deployment send fewer probes. */
function firstPauseAt(now: number): number {
    const expected = now - lastWait.endedAt < REMEMBERED_MS ? lastWait.tookMs / 6 : 0;
    return Math.min(Math.max(expected, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
}

function pauseAfter(attempt: number, firstPause: number): number {
    return Math.min(firstPause * 2 ** (attempt - 1), LONGEST_PAUSE_MS) * (1 + clock.random() / 4);
}

const AGAIN = "run the command again, or set RESTORE_PORTAL_WAIT_SECONDS to a longer time";

function notVisible(what: string, waitedMs: number, attempts: number, advice: string): PortalError {
    const seconds = Math.round(waitedMs / 1000);
    return new PortalError(
        "ERR_NOT_VISIBLE_IN_TIME",
        `waiting for ${what}: gave up after ${seconds} s (${counted(attempts, "attempt")}); ${advice}`,
    );
}

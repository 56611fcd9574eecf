// The one way to wait for Entra: bounded, with growing pauses, and not silent.
import { PortalError } from "../portalError";
import { clock } from "./clock";

/** Entra promises no time for replication; most writes show within seconds, some within minutes (msgraph-bicep-types 193). */
export const VISIBLE_TIMEOUT_MS = 300_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 12_000;
/** Between the answers that confirm each other. */
const CONFIRMING_PAUSE_MS = 5_000;
const SAY_SO_AFTER_MS = 5_000;
const SIGHTINGS = 3;

export interface WaitOptions {
    /** Default: `RESTORE_PORTAL_WAIT_SECONDS`, or five minutes. */
    readonly timeoutMs?: number;
    /**
     * Answers in a row that count once one was missing, since replicas may answer old and new in turn. Default 3; 1 for
     * what Entra says about a write.
     */
    readonly sightings?: number;
}

/**
 * Asks until the probe answers something; `undefined` means not yet. An answer at the first question counts; after a
 * miss several in a row do.
 */
export async function untilVisible<T>(
    what: string,
    probe: () => Promise<T | undefined>,
    { timeoutMs = configuredTimeoutMs(), sightings = SIGHTINGS }: WaitOptions = {},
): Promise<T> {
    const start = clock.now().getTime();
    const firstPause = firstPauseAt(start);
    let hasSaid = false;
    let inARow = 0;
    for (let attempt = 1; ; attempt++) {
        const found = await probe();
        inARow = found === undefined ? 0 : inARow + 1;
        const waited = clock.now().getTime() - start;
        if (found !== undefined && inARow >= (attempt === inARow ? 1 : sightings)) {
            if (attempt > inARow) lastWait = { endedAt: start + waited, tookMs: waited };
            return found;
        }
        if (waited >= timeoutMs) throw notVisible(what, waited, attempt);
        if (!hasSaid && waited >= SAY_SO_AFTER_MS) {
            hasSaid = true;
            console.log(`waiting for ${what} (up to ${Math.round(timeoutMs / 1000)} s)`);
        }
        const pause = inARow > 0 ? CONFIRMING_PAUSE_MS : pauseAfter(attempt, firstPause);
        await clock.sleep(Math.min(pause, Math.max(timeoutMs - waited, 1)));
    }
}

/** How long Entra was behind when it was last waited for. */
let lastWait = { endedAt: -Infinity, tookMs: 0 };
const REMEMBERED_MS = 300_000;

/** Who had to wait long a moment ago asks less often: at most twelve times a minute, all waits of a deployment together. */
function firstPauseAt(now: number): number {
    const expected = now - lastWait.endedAt < REMEMBERED_MS ? lastWait.tookMs / 6 : 0;
    return Math.min(Math.max(expected, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
}

function pauseAfter(attempt: number, firstPause: number): number {
    return Math.min(firstPause * 2 ** (attempt - 1), LONGEST_PAUSE_MS) * (1 + clock.random() / 4);
}

function configuredTimeoutMs(): number {
    const seconds = Number(process.env["RESTORE_PORTAL_WAIT_SECONDS"]);
    return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : VISIBLE_TIMEOUT_MS;
}

function notVisible(what: string, waitedMs: number, attempts: number): PortalError {
    const seconds = Math.round(waitedMs / 1000);
    return new PortalError(
        "ERR_NOT_VISIBLE_IN_TIME",
        `waiting for ${what}: not seen within ${seconds} s (${attempts} reads)`,
    );
}

// The one way to wait for Entra: bounded, with growing pauses, and not silent.
import { PortalError } from "../portalError";
import { clock } from "./clock";

/** Entra promises no time for replication; most writes show within seconds, some within minutes. */
export const VISIBLE_TIMEOUT_MS = 120_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;
const SAY_SO_AFTER_MS = 5_000;

export interface WaitOptions {
    /** Default: `RESTORE_PORTAL_WAIT_SECONDS`, or two minutes. */
    readonly timeoutMs?: number;
}

/** Asks until the probe answers something; `undefined` means not yet. */
export async function untilVisible<T>(
    what: string,
    probe: () => Promise<T | undefined>,
    { timeoutMs = configuredTimeoutMs() }: WaitOptions = {},
): Promise<T> {
    const start = clock.now().getTime();
    let hasSaid = false;
    for (let attempt = 1; ; attempt++) {
        const found = await probe();
        if (found !== undefined) return found;
        const waited = clock.now().getTime() - start;
        if (waited >= timeoutMs) throw notVisible(what, waited, attempt);
        if (!hasSaid && waited >= SAY_SO_AFTER_MS) {
            hasSaid = true;
            console.log(`waiting for ${what} (up to ${Math.round(timeoutMs / 1000)} s)`);
        }
        const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS) * (0.75 + clock.random() / 2);
        await clock.sleep(Math.min(pause, Math.max(timeoutMs - waited, 1)));
    }
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

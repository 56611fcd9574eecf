// Whether Entra was read in this process: without a refresh a preview cannot see what others changed.
import { tellOnce } from "../log";

let hasRead = false;

export function noteRead(): void {
    hasRead = true;
}

/** Called by each diff: says once that nothing was read. */
export function remindToRefresh(): void {
    if (hasRead) return;
    tellOnce("Entra was not read, so changes made by hand do not show; run with --refresh to see them");
}

/**
 * Replicas answer old and new in turn: what is as wanted in one of two looks is no drift. Answers the second look, with
 * the wanted value wherever the first showed it.
 */
export function withoutPassing<T extends object>(wanted: T, first: T, second: T): T {
    const entries = Object.entries(second).map(([key, value]) => {
        const [asked, seen] = [wanted, first].map((one) => (one as Record<string, unknown>)[key]);
        return [key, JSON.stringify(seen) === JSON.stringify(asked) ? asked : value] as const;
    });
    return Object.fromEntries(entries) as T;
}

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

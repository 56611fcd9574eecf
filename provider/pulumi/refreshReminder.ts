// Without a refresh, the engine compares the program only with state, so it does not detect drift. This file reminds
// the user of that once per process.
import { logOnce } from "../log";

export class RefreshReminder {
    private hasRead = false;

    constructor(private readonly message: string) {}

    /** Each `read` hook calls this, because a call of `read` means that the engine refreshes. */
    noteRead(): void {
        this.hasRead = true;
    }

    /** Each `diff` hook calls this. */
    remindIfUnread(): void {
        if (!this.hasRead) logOnce(this.message);
    }
}

/** For all resources whose live values come from Entra. */
export const entraReminder = new RefreshReminder(
    "Entra was not read, so changes that others made are not shown; run with --refresh to see them",
);

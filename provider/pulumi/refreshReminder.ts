// Reminds the user once per process that a deployment without a refresh does not detect drift. Without a refresh, the
// engine compares the program only with state.
import { logOnce } from "../log";

export class RefreshReminder {
    private hasRead = false;

    constructor(private readonly message: string) {}

    /**
     * Called if the engine refreshes: by a `read` hook, or before a `diff` hook if another process of the deployment
     * has read the resource.
     */
    noteRead(): void {
        this.hasRead = true;
    }

    /** A `diff` hook calls this method. */
    remindIfUnread(): void {
        if (!this.hasRead) logOnce(this.message);
    }
}

/** All resources whose live values come from Entra share this reminder. */
export const entraReminder = new RefreshReminder(
    "Entra was not read, so changes that others made are not shown; run with --refresh to see them",
);

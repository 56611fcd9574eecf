// Determines the state after a deployment that failed half-way.
import type { LiveObjects, Ownership, Snapshot } from "./owned";
import { currentOwnership } from "./ownership";

/** A read shows which writes took effect. If the read fails too, only the writes that Entra answered count. */
export async function observedAfterFailure<Live extends LiveObjects, Managed extends Ownership>(
    snapshot: Snapshot<Live, Managed>,
    observe: () => Promise<Live | undefined>,
): Promise<Snapshot<Live, Managed>> {
    try {
        const live = await observe();
        if (live === undefined) return snapshot;
        return { live, managed: { ...snapshot.managed, ...currentOwnership(snapshot.managed, live) } };
    } catch {
        return snapshot;
    }
}

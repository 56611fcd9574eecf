// Determines the state after a deployment that failed half-way.
import type { LiveObjects, Ownership, Snapshot } from "./owned";
import { currentOwnership } from "./ownership";

/**
 * Reads the objects to find out which writes took effect. If the read fails or does not show the objects, returns the
 * last snapshot, which contains only writes that Entra answered.
 */
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

// Determines the state after a deployment that failed half-way.
import type { LiveObjects, Ownership, Snapshot } from "./owned";
import { currentOwnership, givenUpSince } from "./ownership";

/**
 * Reads the objects to find out which writes took effect, and adds `givenUp` to the record of ownership. If the read
 * fails or does not show the objects, uses `snapshot`, whose record contains only what Entra has confirmed. `last`: the
 * record in state. `undefined`: according to state, no earlier deployment wrote to Entra.
 */
export async function observedAfterFailure<Live extends LiveObjects, Managed extends Ownership>(
    snapshot: Snapshot<Live, Managed>,
    last: Ownership | undefined,
    observe: () => Promise<Live | undefined>,
): Promise<Snapshot<Live, Managed>> {
    const { live, managed } = await newest(snapshot, observe);
    return { live, managed: { ...managed, givenUp: last ? givenUpSince(last, managed) : [] } };
}

async function newest<Live extends LiveObjects, Managed extends Ownership>(
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

/** Returns the record as a deployment that succeeded stores it: without `givenUp`. */
export function withoutGivenUp<Managed extends Ownership>(managed: Managed): Omit<Managed, "givenUp"> {
    const { givenUp, ...rest } = managed;
    return givenUp === undefined ? managed : rest;
}

// Makes the observation from which an update of an application is planned: the live application, the record of
// ownership, the inputs of the last deployment, and the certificates that the program has replaced. A preview and
// `pulumi up` both plan from such an observation, so they announce the same. Pure.
import type { Live } from "../../entra/live";
import { redirectUriOf } from "../../inputs/portalUrl";
import type { Item } from "../../sync/owned";
import { currentOwnership, givenUpSince } from "../../sync/ownership";
import { retiringNow } from "./certificates";
import type { RestorePortalAppInputs } from "./inputs";
import type { Managed, Observation } from "./live";
import { ownedUri } from "./redirectUris";
import type { PortalState } from "./state";

/** `retiring`: the certificates that the program has replaced according to state. */
export function startOfUpdate(
    state: PortalState,
    inputs: RestorePortalAppInputs,
    { live, retiring, now }: Pick<Observation, "live" | "retiring" | "now">,
): Observation {
    const managed = managedFor(state, inputs, live);
    return {
        live,
        managed,
        before: state.isNew ? undefined : withoutItems(state.desired, givenUpSince(state.managed, managed)),
        retiring: retiringNow(inputs, { live, managed }, retiring, now),
        now,
    };
}

/**
 * Returns the inputs of the last deployment without the items that the resource has given up since. If the program has
 * such an item again, the write is a change, not a repair.
 */
function withoutItems(inputs: RestorePortalAppInputs, items: readonly Item[]): RestorePortalAppInputs {
    const isKept = (url: string) => !items.includes(ownedUri(redirectUriOf(url)).item);
    const kept = Object.entries(inputs).filter(([name]) => !items.some((item) => item.split("/")[0] === name));
    return {
        ...(Object.fromEntries(kept) as unknown as RestorePortalAppInputs),
        portalUrl: isKept(inputs.portalUrl) ? inputs.portalUrl : "",
        additionalPortalUrls: inputs.additionalPortalUrls.filter(isKept),
    };
}

/**
 * If the program sets `applicationId`, the resource gives up ownership of the application. It still owns the entries
 * that it added.
 */
function managedFor({ managed }: PortalState, inputs: RestorePortalAppInputs, live: Live): Managed {
    return {
        ...managed,
        ...currentOwnership(managed, live),
        created: managed.created && inputs.applicationId === undefined,
    };
}

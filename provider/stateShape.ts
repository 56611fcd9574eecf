// Checks that the state of a resource has the form that the hooks require. Somebody may have edited the state.
import { PortalError } from "./portalError";
import { listOf, object, text, type Shape } from "./shape";

/** The record of ownership in state: the entries in Entra that a resource owns. `holder` identifies the resource. */
export const anOwnership = object({ holder: text, owned: listOf(object({ item: text })) });

/** Throws if the state has another form. `what` names the resource: `application 58a0f8e1-...`. */
export function assertState(what: string, state: unknown, shape: Shape): void {
    const problem = shape(state);
    if (problem === undefined) return;
    throw new PortalError(
        "ERR_STATE_INVALID",
        `reading the state of ${what}: ${problem}, so the state was edited or damaged; nothing was written; restore an earlier version of the stack's state (pulumi stack export --version, then pulumi stack import)`,
    );
}

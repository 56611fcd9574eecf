// Decides whether an application in Entra is the one that a resource registered. Somebody may have edited the state of
// the resource. Pure.
import type { LiveApplication } from "../../entra/live";
import { isUniqueNameOfPortal } from "../../sync/identity";
import { allTagsOf } from "../../sync/tags";
import type { PortalState } from "./state";

/**
 * Nobody can change the object id of an application, but state may be edited. So the application must also show that it
 * was registered here: by a uniqueName that RestorePortalApp gave, or by tags of this resource. If the uniqueName was
 * not read, the object id alone decides.
 */
export function isRegisteredHere(
    { objectId, managed: { holder } }: Pick<PortalState, "objectId" | "managed">,
    { id, uniqueName, tags }: LiveApplication,
): boolean {
    const isNamed = uniqueName === undefined || isUniqueNameOfPortal(uniqueName);
    return id === objectId && (isNamed || allTagsOf(tags, holder).length > 0);
}

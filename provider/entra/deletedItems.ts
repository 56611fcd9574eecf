// Reads and restores the soft-deleted objects in Entra's deleted items.
// https://learn.microsoft.com/graph/api/resources/directory#deleted-items
import { warn } from "../log";
import { PortalError } from "../portalError";
import { getUnlessMissing, reading } from "./directory";
import { isDenied, isNotFound } from "./graphErrors";
import { aDeletedItem, pageOf } from "./graphShapes";
import { readList } from "./pages";
import { deletedItemPath, deletedItemsPath, select } from "./paths";
import type { Session } from "./session";

export interface DeletedApplication {
    readonly id: string;
    readonly appId: string;
    readonly uniqueName?: string | null;
    readonly deletedDateTime: string;
}

/** Entra keeps a soft-deleted object for this number of days. */
const RESTORABLE_DAYS = 30;

/** Returns the matching application that was deleted last. */
export function findDeleted(
    session: Session,
    matches: (application: DeletedApplication) => boolean,
): Promise<DeletedApplication | undefined> {
    const path = select(deletedItemsPath("application"), "id", "appId", "uniqueName", "deletedDateTime");
    return findDeletedItem(session, path, matches);
}

/** Reads the whole list and filters it here, because Graph does not promise a filter by `appId` or `uniqueName`. */
async function findDeletedItem<T extends { readonly deletedDateTime: string }>(
    session: Session,
    firstPage: string,
    matches: (item: T) => boolean,
): Promise<T | undefined> {
    const request = reading("Entra's deleted items", firstPage, pageOf(aDeletedItem));
    const found = (await readList<T>(session, request)).filter(matches);
    // Several items match if somebody created the object again and deleted it again.
    return found.sort((a, b) => a.deletedDateTime.localeCompare(b.deletedDateTime)).at(-1);
}

/** Returns the soft-deleted application with this object id, by one read. */
export function findDeletedById(session: Session, objectId: string): Promise<DeletedApplication | undefined> {
    const what = `application object ${objectId} in Entra's deleted items`;
    return getUnlessMissing<DeletedApplication>(session, reading(what, deletedItemPath(objectId), aDeletedItem));
}

/** Returns the last day on which a deleted application can be restored. */
export function restorableUntil({ deletedDateTime }: DeletedApplication): string {
    const until = new Date(deletedDateTime);
    until.setUTCDate(until.getUTCDate() + RESTORABLE_DAYS);
    return until.toISOString().slice(0, 10);
}

/** Restores an application or service principal. Returns `false` if the object is not in deleted items. */
export async function restoreObject(session: Session, objectId: string, what: string): Promise<boolean> {
    const path = `${deletedItemPath(objectId)}/restore`;
    try {
        await session.graph.send({ method: "POST", path, purpose: `restoring ${what}` });
        return true;
    } catch (error) {
        if (isNotFound(error)) return false;
        throw error;
    }
}

/**
 * Restores an application and its service principal with all grants, including those that others made. Does nothing if
 * the application is not in deleted items. Restores the service principal first: if the process is killed between both
 * steps, the next run still finds the application in deleted items.
 */
export async function restoreApplication(session: Session, appId: string): Promise<void> {
    const application = await findDeleted(session, (one) => one.appId === appId);
    if (!application) return;
    const servicePrincipal = await findDeletedItem<Omit<DeletedApplication, "uniqueName">>(
        session,
        select(deletedItemsPath("servicePrincipal"), "id", "appId", "deletedDateTime"),
        (one) => one.appId === appId,
    );
    const restorePrincipal = async () =>
        servicePrincipal !== undefined && restoreServicePrincipal(session, servicePrincipal.id, appId);
    let isTooEarly = false;
    try {
        await restorePrincipal();
    } catch (error) {
        // Microsoft does not document whether the application must be restored first. If Entra refuses, the order is
        // reversed.
        isTooEarly = error instanceof PortalError && error.code === "ERR_GRAPH_REFUSED";
        if (!isTooEarly) throw error;
    }
    await restoreObject(session, application.id, `application ${appId}`);
    if (isTooEarly) await restorePrincipal();
}

/**
 * Restores a service principal with its object id, assignments and grants, including those that others made. Returns
 * `false` if the service principal is not in deleted items, or if the caller is not allowed to restore it.
 */
export async function restoreServicePrincipal(session: Session, id: string, appId: string): Promise<boolean> {
    try {
        return await restoreObject(session, id, `the service principal of application ${appId}`);
    } catch (error) {
        if (!isDenied(error)) throw error;
        warn(
            `service principal ${id} of application ${appId} was deleted, and the deploying identity is not allowed to restore it, so a new one is created; consent that others gave to the old one must be given again; to keep that consent, let an administrator delete the new service principal and restore the old one from Entra's deleted items`,
        );
        return false;
    }
}

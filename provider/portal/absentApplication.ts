// Explains why no application has the given Application ID, and what to do in each case.
import { findDeleted, findDeletedById, restorableUntil } from "../entra/deletedItems";
import { readObject } from "../entra/directoryObjects";
import { isDenied } from "../entra/graphErrors";
import { applicationObjectPath, servicePrincipalObjectPath, servicePrincipalPath } from "../entra/paths";
import type { Session } from "../entra/session";
import { PortalError } from "../portalError";
import type { RestorePortalAppInputs } from "./rules/inputs";
import type { PortalState } from "./rules/state";

/**
 * Returns why an adoption cannot use the application. `undefined`: the application is in deleted items, and the program
 * sets `restoreDeleted`, so the deployment restores it.
 */
export async function absenceReason(
    session: Session,
    { region, restoreDeleted }: RestorePortalAppInputs,
    appId: string,
): Promise<string | undefined> {
    const deleted = await findDeleted(session, (application) => application.appId === appId);
    if (deleted && restoreDeleted) return undefined;
    const where = `tenant ${session.tenantId} (${region})`;
    if (deleted) {
        return `application ${appId} is in deleted items of ${where} until ${restorableUntil(deleted)}; set restoreDeleted to true to restore it`;
    }
    return (
        (await otherObject(session, appId, where)) ??
        `application ${appId} does not exist in ${where}; correct applicationId, or give displayName instead to register a new application`
    );
}

/**
 * Returns the reason for refusing the id if it is an object id, or the Application ID of an application in another
 * tenant. Users may copy an object id by mistake, because the Entra admin center shows it next to the Application ID.
 */
async function otherObject(session: Session, id: string, where: string): Promise<string | undefined> {
    const [application, enterpriseApplication, foreign] = await Promise.all(
        [applicationObjectPath(id), servicePrincipalObjectPath(id), servicePrincipalPath(id)].map((path) =>
            readObject(session, path, ["id", "appId", "displayName"]),
        ),
    );
    if (foreign) {
        return `application ${id} is registered in another tenant, and ${where} has only its service principal (enterprise application); use the tenantId and credentials of the application's own tenant, or give displayName instead to register a new application`;
    }
    const found = application ?? enterpriseApplication;
    if (!found) return undefined;
    const kind = application ? "application" : "enterprise application (service principal) of application";
    return `${id} is the object id of the ${kind} "${String(found["displayName"])}"; give its Application (client) ID, ${String(found["appId"])}`;
}

/**
 * Returns the error for an update of an application that existed at the last deployment and is missing now.
 * `mayRestore`: the update restores the application if Entra shows it in deleted items.
 */
export async function goneApplication(session: Session, state: PortalState, mayRestore: boolean): Promise<PortalError> {
    const { applicationId } = state;
    const reason = await whereItIs(session, state, mayRestore);
    return new PortalError(
        "ERR_APPLICATION_NOT_FOUND",
        `configuring application ${applicationId}: tenant ${session.tenantId} has no such application; ${reason}`,
    );
}

const ANOTHER = "give the applicationId of another application, or displayName instead to register a new one";

async function whereItIs(session: Session, { objectId, managed }: PortalState, mayRestore: boolean): Promise<string> {
    try {
        const deleted = await findDeletedById(session, objectId);
        if (deleted) {
            const remedy = mayRestore ? "run the deployment again" : "set restoreDeleted: true";
            return `it is in deleted items until ${restorableUntil(deleted)}; ${remedy} to restore it`;
        }
        return managed.created
            ? "it was deleted permanently; run pulumi up --refresh, which registers a new application"
            : `it was deleted permanently, so restoreDeleted: true cannot restore it; ${ANOTHER}`;
    } catch (error) {
        if (!isDenied(error)) throw error;
        return `the credentials do not allow reading deleted items; ask an administrator to look there and to restore the application; otherwise ${ANOTHER}`;
    }
}

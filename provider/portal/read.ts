// What a refresh sees: each input with its live counterpart, so that the engine names what drifted.
import type { RestorePortalAppInputs } from "./rules/inputs";
import { outputsFrom, type PortalState } from "./rules/state";
import { findDeletedById, restorableUntil } from "../entra/deletedItems";
import { isDenied, isUncertain } from "../entra/graphErrors";
import type { Session } from "../entra/session";
import { messageOf } from "../pulumi/halfDone";
import { warn } from "../log";
import { warnThatGrantsAreNotReadable } from "../sync/grantRequests";
import { observePortal } from "./observe";

export interface ReadAnswer {
    /** Blank: gone for good, the engine forgets the resource. */
    readonly id: string;
    readonly props?: PortalState;
    readonly inputs?: RestorePortalAppInputs;
}

export async function readPortal(
    openSession: () => Promise<Session>,
    id: string,
    state: PortalState,
): Promise<ReadAnswer> {
    try {
        return await readIn(await openSession(), id, state);
    } catch (error) {
        // One portal that cannot be read is its own trouble: the preview of the others goes on.
        if (isDenied(error) || isUncertain(error)) {
            warn(`application ${state.applicationId} is not readable: ${messageOf(error)}`);
            return withStatus(id, state, `not readable: ${messageOf(error)}`);
        }
        throw error;
    }
}

async function readIn(session: Session, id: string, state: PortalState): Promise<ReadAnswer> {
    const inputs = state.desired;
    const found = await observePortal(session, state, inputs);
    if (found === undefined) return readDeleted(session, id, state);
    const { seen } = found;
    if (inputs.adminConsent && seen.live.grants === undefined)
        warnThatGrantsAreNotReadable(`application ${state.applicationId}`);
    const home = { tenantId: session.tenantId, loginUrl: session.cloud.loginUrl };
    // What the resource owns is settled only with a write, so the record stays as it is.
    const { desired, managed, isNew } = state;
    const outcome = { ...found, desired, live: seen.live, managed, retiring: seen.retiring };
    const props = outputsFrom(home, { ...outcome, ...(isNew === true ? { isNew } : {}) });
    // A service principal that is gone may be in deleted items, where only its id finds it.
    const servicePrincipalId = props.servicePrincipalId || state.servicePrincipalId;
    return { id, inputs: found.inputs, props: { ...props, servicePrincipalId } };
}

async function readDeleted(session: Session, id: string, state: PortalState): Promise<ReadAnswer> {
    const deleted = await findDeletedById(session, state.objectId);
    if (deleted) return withStatus(id, state, `in the bin until ${restorableUntil(deleted)}`);
    // An adopted one is somebody else's, and never silently replaced by a new one.
    if (!state.managed.created) return withStatus(id, state, "missing");
    warn(
        `application ${state.applicationId} was deleted for good: a deployment registers a new one, whose applicationId VB365 has to be given`,
    );
    return { id: "" };
}

function withStatus(id: string, state: PortalState, applicationStatus: string): ReadAnswer {
    const inputs = { ...state.desired, applicationStatus };
    return { id, props: { ...state, ...inputs, applicationId: state.applicationId, tenantId: state.tenantId }, inputs };
}

// Refreshes a portal: returns each input with its live value, so that the engine names the drift.
import { lastCertificateEnds } from "./rules/certificateWords";
import type { RestorePortalAppInputs } from "./rules/inputs";
import { outputsFrom, type PortalState } from "./rules/state";
import { clock } from "../entra/clock";
import { findDeletedById, restorableUntil } from "../entra/deletedItems";
import { isAnswerOfGraph } from "../entra/graphErrors";
import type { Session } from "../entra/session";
import { messageOf } from "../pulumi/halfDone";
import { warn } from "../log";
import { warnThatGrantsAreNotReadable } from "../sync/grantRequests";
import { noteRefreshed } from "./announceUpdate";
import { observePortal } from "./observe";

export interface ReadAnswer {
    /** Empty: the application was permanently deleted, and the engine removes the resource from state. */
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
        // If Graph refuses the read or does not answer, the status of the portal says so. An error would stop the
        // preview of all other resources.
        if (isAnswerOfGraph(error)) {
            warn(`application ${state.applicationId} cannot be read, so its drift is unknown: ${messageOf(error)}`);
            return withStatus(id, state, `not readable: ${messageOf(error)}`);
        }
        throw error;
    }
}

async function readIn(session: Session, id: string, state: PortalState): Promise<ReadAnswer> {
    const inputs = state.desired;
    const observed = await observePortal(session, state, inputs);
    if (observed === undefined) return readDeleted(session, id, state);
    const { live, retiring } = observed.observation;
    noteRefreshed(state.desired.identity, live, observed.inputs);
    if (inputs.adminConsent && live.grants === undefined)
        warnThatGrantsAreNotReadable(`application ${state.applicationId}`);
    const ending = lastCertificateEnds(live.application, inputs, clock.now());
    if (ending !== undefined) warn(ending);
    const home = { tenantId: session.tenantId, loginUrl: session.cloud.loginUrl };
    // Only a deployment updates the record of ownership, so a refresh keeps it.
    const { desired, managed, isNew } = state;
    const outcome = { inputs: observed.inputs, desired, live, managed, retiring };
    const props = outputsFrom(home, { ...outcome, ...(isNew ? { isNew } : {}) });
    // If the service principal is missing, it may be in deleted items. It can be restored only by its id, so the id is
    // kept.
    const servicePrincipalId = props.servicePrincipalId || state.servicePrincipalId;
    return { id, inputs: observed.inputs, props: { ...props, servicePrincipalId } };
}

async function readDeleted(session: Session, id: string, state: PortalState): Promise<ReadAnswer> {
    const deleted = await findDeletedById(session, state.objectId);
    if (deleted) return withStatus(id, state, `in the bin until ${restorableUntil(deleted)}`);
    // An adopted application belongs to its owner, and a deployment cannot register it again. So the resource stays in
    // state, and its status says that the application is missing.
    if (!state.managed.created) return withStatus(id, state, "missing");
    warn(
        `application ${state.applicationId} was permanently deleted; the next deployment registers a new one; then enter the applicationId of the new application in VB365`,
    );
    return { id: "" };
}

function withStatus(id: string, state: PortalState, applicationStatus: string): ReadAnswer {
    const inputs = { ...state.desired, applicationStatus };
    return { id, props: { ...state, ...inputs, applicationId: state.applicationId, tenantId: state.tenantId }, inputs };
}

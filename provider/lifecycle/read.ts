// What a refresh sees: each input with its live counterpart, so that the engine names what drifted.
import { liveInputs, type Observation } from "../application/drift";
import type { RestorePortalAppInputs } from "../application/inputs";
import { inputsOf, outputsFrom, retiringCertificates, type PortalState } from "../application/state";
import { clock } from "../entra/clock";
import { findDeletedById, observe, rememberGraphServicePrincipal, restorableUntil } from "../entra/directory";
import { isDenied } from "../entra/graphClient";
import type { Session } from "../entra/session";
import { messageOf } from "../dynamicResource";

export interface ReadAnswer {
    /** Blank: gone for good, the engine forgets the resource. */
    readonly id: string;
    readonly props?: PortalState;
    readonly inputs?: RestorePortalAppInputs;
}

export async function readPortal(session: Session, id: string, state: PortalState): Promise<ReadAnswer> {
    const inputs = inputsOf(state);
    rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    try {
        const live = await observe(session, state.applicationId, { withOwners: inputs.owners !== undefined });
        if (live === undefined) return await readDeleted(session, id, state);
        const retiring = retiringCertificates(state, inputs, clock.now());
        const observation: Observation = { live, managed: state.managed, retiring, now: clock.now() };
        const found = liveInputs(inputs, observation);
        const home = { tenantId: session.tenantId, loginUrl: session.cloud.loginUrl };
        return { id, inputs: found, props: outputsFrom(home, found, observation, retiring) };
    } catch (error) {
        // One application that may not be read is its own trouble: the preview of the others goes on.
        if (isDenied(error)) return withStatus(id, state, `not readable: ${messageOf(error)}`);
        throw error;
    }
}

async function readDeleted(session: Session, id: string, state: PortalState): Promise<ReadAnswer> {
    const deleted = await findDeletedById(session, state.objectId);
    if (deleted) return withStatus(id, state, `in the bin until ${restorableUntil(deleted)}`);
    // A registered one is made anew. An adopted one is somebody else's, and never silently replaced by a new one.
    return state.managed.created ? { id: "" } : withStatus(id, state, "missing");
}

function withStatus(id: string, state: PortalState, applicationStatus: string): ReadAnswer {
    const props = { ...state, ...inputsOf(state), applicationStatus };
    return { id, props, inputs: { ...inputsOf(state), applicationStatus } };
}

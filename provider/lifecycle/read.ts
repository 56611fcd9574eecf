// What a refresh sees: each input with its live counterpart, so that the engine names what drifted.
import { drift, liveInputs, type Observation } from "../application/drift";
import type { RestorePortalAppInputs } from "../application/inputs";
import { inputsOf, outputsFrom, retiringCertificates, type PortalState } from "../application/state";
import { clock } from "../entra/clock";
import { findDeletedById, observe, rememberGraphServicePrincipal, restorableUntil } from "../entra/directory";
import { isDenied, isUncertain } from "../entra/graphClient";
import type { Session } from "../entra/session";
import { messageOf } from "../dynamicResource";
import { warn } from "../log";
import { withoutPassing } from "./refreshed";

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
    const inputs = inputsOf(state);
    rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    const retiring = retiringCertificates(state, inputs, clock.now());
    const look = async (): Promise<Observation | undefined> => {
        const live = await observe(session, state.applicationId, { withOwners: inputs.owners !== undefined });
        return live && { live, managed: state.managed, retiring, now: clock.now() };
    };
    let seen = await look();
    if (seen === undefined) return readDeleted(session, id, state);
    if (inputs.adminConsent && seen.live.grants === undefined)
        sayGrantsAreNotReadable(`application ${state.applicationId}`);
    let found = liveInputs(inputs, seen);
    if (drift(inputs, seen).length > 0) {
        seen = (await look()) ?? seen;
        found = withoutPassing(inputs, found, liveInputs(inputs, seen));
    }
    const home = { tenantId: session.tenantId, loginUrl: session.cloud.loginUrl };
    return { id, inputs: found, props: outputsFrom(home, found, seen, retiring) };
}

export function sayGrantsAreNotReadable(what: string): void {
    warn(
        `grantedPermissions of ${what}: not readable, so taken as unchanged; the deploying identity lacks DelegatedPermissionGrant.ReadWrite.All (or Directory.Read.All)`,
    );
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
    const props = { ...state, ...inputsOf(state), applicationStatus };
    return { id, props, inputs: { ...inputsOf(state), applicationStatus } };
}

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
    const found = await look(session, state, inputs);
    if (found === undefined) return readDeleted(session, id, state);
    const { seen } = found;
    if (inputs.adminConsent && seen.live.grants === undefined) sayGrantsAreNotReadable(state.applicationId);
    const home = { tenantId: session.tenantId, loginUrl: session.cloud.loginUrl };
    return { id, inputs: found.inputs, props: outputsFrom(home, found.inputs, seen, seen.retiring) };
}

/** The inputs as Entra has them; `undefined`: there is no such application. */
export async function look(
    session: Session,
    state: PortalState,
    inputs: RestorePortalAppInputs,
): Promise<{ seen: Observation; inputs: RestorePortalAppInputs } | undefined> {
    rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    const retiring = retiringCertificates(state, inputs, clock.now());
    const once = async (): Promise<Observation | undefined> => {
        const live = await observe(session, state.applicationId, { withOwners: inputs.owners !== undefined });
        return live && { live, managed: state.managed, retiring, now: clock.now() };
    };
    const first = await once();
    if (first === undefined) return undefined;
    const found = liveInputs(inputs, first);
    if (drift(inputs, first).length === 0) return { seen: first, inputs: found };
    // Replicas answer old and new in turn: what differs in one look only is no drift.
    const seen = (await once()) ?? first;
    return { seen, inputs: withoutPassing(inputs, found, liveInputs(inputs, seen)) };
}

function withoutPassing(
    inputs: RestorePortalAppInputs,
    first: RestorePortalAppInputs,
    second: RestorePortalAppInputs,
): RestorePortalAppInputs {
    const keys = Object.keys(second) as (keyof RestorePortalAppInputs)[];
    const isAsWanted = (found: RestorePortalAppInputs, key: keyof RestorePortalAppInputs) =>
        JSON.stringify(found[key]) === JSON.stringify(inputs[key]);
    const entries = keys.map((key) => [key, isAsWanted(first, key) ? inputs[key] : second[key]]);
    const merged: unknown = Object.fromEntries(entries);
    return merged as RestorePortalAppInputs;
}

function sayGrantsAreNotReadable(appId: string): void {
    warn(
        `grantedPermissions of application ${appId}: not readable, so taken as unchanged; the deploying identity lacks DelegatedPermissionGrant.ReadWrite.All (or Directory.Read.All)`,
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

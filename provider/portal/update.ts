// Puts an application right that is under management already: changed inputs, and what somebody changed by hand.
import { findScope, type RetiringCertificate } from "./rules/live";
import type { RestorePortalAppInputs } from "./rules/inputs";
import type { Live } from "../entra/live";
import { withInherited, type Managed } from "../sync/ownership";
import type { PortalState } from "./rules/state";
import { findDeletedById, restoreObject, restoreServicePrincipal } from "../entra/deletedItems";
import { observe, rememberGraphServicePrincipal } from "../entra/directory";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { notFound } from "./register";
import { reconcile, type Reconciled } from "./reconcile";

export interface Update {
    readonly session: Session;
    readonly state: PortalState;
    readonly inputs: RestorePortalAppInputs;
    readonly retiring: readonly RetiringCertificate[];
    readonly progress: (state: Reconciled) => void;
}

export async function updatePortal(update: Update): Promise<Reconciled> {
    const { session, state, inputs } = update;
    return serially(`${session.tenantId}/${state.applicationId}`, async () => {
        rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
        const live = await observeOrRestore(session, state, inputs);
        const start = {
            live: await withServicePrincipal(session, state, inputs, live),
            managed: managedFor(state, inputs, live),
        };
        update.progress(start);
        return reconcile({ ...update, start });
    });
}

/** An application that we registered comes back from the bin with its appId; an adopted one only where that is asked. */
async function observeOrRestore(session: Session, state: PortalState, inputs: RestorePortalAppInputs): Promise<Live> {
    const look = () => observe(session, state.applicationId, { withOwners: inputs.owners !== undefined });
    const live = await look();
    if (live) return live;
    const mayRestore = state.managed.created || inputs.restoreDeleted;
    const deleted = mayRestore ? await findDeletedById(session, state.objectId) : undefined;
    const what = `application ${state.applicationId}`;
    if (deleted && (await restoreObject(session, deleted.id, what))) return untilVisible(`restored ${what}`, look);
    throw notFound(session, state.applicationId);
}

/** One in the bin is better than a new one. */
async function withServicePrincipal(
    session: Session,
    { applicationId, servicePrincipalId }: PortalState,
    inputs: RestorePortalAppInputs,
    live: Live,
): Promise<Live> {
    if (live.servicePrincipal !== undefined || servicePrincipalId === "") return live;
    await restoreServicePrincipal(session, servicePrincipalId, applicationId);
    return (await observe(session, applicationId, { withOwners: inputs.owners !== undefined })) ?? live;
}

/** Naming the application by its id gives up ownership: what we added stays ours, the application is not. */
function managedFor({ managed }: PortalState, inputs: RestorePortalAppInputs, live: Live): Managed {
    return {
        ...withInherited(managed, live),
        created: managed.created && inputs.applicationId === undefined,
        scopeId: findScope(live.application)?.id ?? managed.scopeId,
    };
}

// Updates an application that is already managed: applies changed inputs, and repairs drift.
import { clock } from "../entra/clock";
import {
    findDeletedById,
    restoreObject,
    restoreServicePrincipal,
    type DeletedApplication,
} from "../entra/deletedItems";
import { findByUniqueName, observe, rememberGraphServicePrincipal } from "../entra/directory";
import type { Live } from "../entra/live";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { PortalError } from "../portalError";
import { isTakenOver } from "../sync/holders";
import { nextUniqueName } from "../sync/identity";
import { PORTAL_TAG } from "../sync/tags";
import { resumeRepairs } from "../sync/resumeRepairs";
import { goneApplication } from "./absentApplication";
import { announceUpdate } from "./announceUpdate";
import { reconcile, type Reconciled } from "./reconcile";
import { NOT_APPLIED, notRegisteredHere } from "./release";
import { missingCertificate, registeredCertificates } from "./rules/certificates";
import { observeOptions, type RestorePortalAppInputs } from "./rules/inputs";
import { type RetiringCertificate } from "./rules/live";
import { isRegisteredHere } from "./rules/registeredHere";
import { startOfUpdate } from "./rules/startOfUpdate";
import type { PortalState } from "./rules/state";

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
        assertStillHeld(state, live);
        const whole = await withServicePrincipal(session, state, inputs, live);
        const start = startOfUpdate(state, inputs, { live: whole, retiring: update.retiring, now: clock.now() });
        const { managed, before, retiring } = start;
        assertRegistered(state, inputs, whole);
        update.progress({ live: whole, managed });
        const certificates = registeredCertificates(whole.application, managed, update.retiring);
        announceUpdate({ ...state, certificates }, inputs, start);
        return reconcile({ ...update, retiring, before, start: { live: whole, managed } });
    });
}

/**
 * Reads the application, and first restores it if it is in deleted items. An adopted application is restored only if
 * the program sets `restoreDeleted`.
 */
async function observeOrRestore(session: Session, state: PortalState, inputs: RestorePortalAppInputs): Promise<Live> {
    const { applicationId } = state;
    const again = () => observe(session, applicationId, observeOptions(inputs));
    // A lagging replica may not show an existing application, so a missing application is read a second time.
    const live = (await again()) ?? (await again());
    const what = `application ${applicationId}`;
    if (live) {
        const isRepaired = await resumeRepairs(session, live, what);
        return (isRepaired && (await again())) || live;
    }
    const mayRestore = state.managed.created || inputs.restoreDeleted;
    const deleted = mayRestore ? await findDeletedById(session, state.objectId) : undefined;
    if (deleted && state.managed.created) await assertNotReplaced(session, applicationId, deleted);
    if (deleted && (await restoreObject(session, deleted.id, what)))
        return untilVisible(`Entra to show the restored ${what}`, again);
    throw await goneApplication(session, state, mayRestore);
}

/**
 * State from a backup may be older than the objects in Entra. If a later deployment has registered another application,
 * the deleted one is not restored.
 */
async function assertNotReplaced(session: Session, appId: string, { uniqueName }: DeletedApplication): Promise<void> {
    if (!uniqueName) return;
    const later = await findByUniqueName(session, nextUniqueName(uniqueName));
    if (later === undefined) return;
    throw new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `restoring application ${appId} from deleted items: a later deployment of this resource registered application ${later.appId} ("${later.displayName}") in its place, so the stack's state is not the newest one; nothing was written; restore the newer state (pulumi stack import), or, if application ${later.appId} is not needed, delete it and run the deployment again`,
    );
}

/**
 * Throws if this resource did not register the application although its state says so, or if a clone of this program or
 * a resource that replaced this one now manages the application. An adopted application is not checked.
 */
function assertStillHeld(state: PortalState, live: Live): void {
    const { managed, desired, applicationId } = state;
    const { application } = live;
    if (!managed.created) return;
    if (!isRegisteredHere(state, application)) throw notRegisteredHere("configuring", live);
    if (!isTakenOver(application.tags, desired, managed.holder, PORTAL_TAG)) return;
    throw new PortalError(
        "ERR_APPLICATION_CONFLICT",
        `configuring application ${applicationId}: another deployment with the same project, stack and resource name now manages it; ${NOT_APPLIED}; change the resource name in this deployment; with displayName it then registers another application, and with applicationId "${applicationId}" instead, both deployments configure this application`,
    );
}

/**
 * Refuses a new certificate of the program that somebody has to register first. A certificate that the program had
 * before is checked at the end, so that everything else is still repaired.
 */
function assertRegistered({ desired }: PortalState, inputs: RestorePortalAppInputs, { application }: Live): void {
    if (desired.certificate?.thumbprint === inputs.certificate?.thumbprint) return;
    const unmet = missingCertificate(inputs, application, clock.now());
    if (unmet === undefined) return;
    const reason = `configuring application ${application.appId}: ${NOT_APPLIED}, because ${unmet}`;
    throw new PortalError("ERR_APPLICATION_CONFLICT", reason);
}

/** Restores a deleted service principal, because it keeps its object id, its assignments and its grants. */
async function withServicePrincipal(
    session: Session,
    { applicationId, servicePrincipalId }: PortalState,
    inputs: RestorePortalAppInputs,
    live: Live,
): Promise<Live> {
    if (live.servicePrincipal !== undefined || servicePrincipalId === "") return live;
    await restoreServicePrincipal(session, servicePrincipalId, applicationId);
    return (await observe(session, applicationId, observeOptions(inputs))) ?? live;
}

// Implements the hooks of RestorePortalApp.
import { clock } from "../entra/clock";
import { assertSameTenant } from "../entra/credentials";
import { observe } from "../entra/directory";
import { openSession, type Session } from "../entra/session";
import { HalfDone } from "../pulumi/halfDone";
import type { Hooks } from "../pulumi/hooks";
import { entraReminder } from "../pulumi/refreshReminder";
import { observedAfterFailure, withoutGivenUp } from "../sync/afterFailure";
import { has } from "../sync/ownership";
import { announceHandOver } from "./announce";
import { announceInDiff } from "./announceUpdate";
import { checkPortal, previewPortal } from "./check";
import { assertChangeable, assertCreatable, assertReplaceable } from "./checkBeforeWrite";
import { readExistingPortal } from "./existing";
import { listPortals } from "./list";
import { readPortal } from "./read";
import type { Reconciled } from "./reconcile";
import { registerOrAdopt } from "./register";
import { releasePortal } from "./release";
import { ownedCertificate, retiringCertificates, retiringNow } from "./rules/certificates";
import { liveInputs } from "./rules/drift";
import { observeOptions, type CertificateInput, type RestorePortalAppInputs } from "./rules/inputs";
import { findScope, type Managed, type RetiringCertificate } from "./rules/live";
import { upgraded, upgradedIfWhole } from "./rules/oldState";
import { replacedBy } from "./rules/replacement";
import { outputsFrom, type PortalState } from "./rules/state";
import { updatePortal } from "./update";

export const restorePortalAppHooks: Hooks<RestorePortalAppInputs, PortalState> = {
    readsEntra: true,

    check: checkPortal,

    preview: previewPortal,

    diff: async (_id, old, news) => {
        const state = upgraded(old);
        assertSameTenant(state.tenantId, state.credentials);
        entraReminder.remindIfUnread();
        const inputs = news as unknown as RestorePortalAppInputs;
        announceInDiff(state, inputs);
        const replaces = replacedBy(state, news);
        if (replaces.length > 0) await assertReplaceable(state, inputs);
        // The engine itself names inputs that differ, with both values. Only replacements must be named here. Without
        // `deleteBeforeReplace`, `up --replace` would find the application again in create and then delete it.
        return { replaces, deleteBeforeReplace: true };
    },

    create: async (inputs) => {
        const session = await openSession(inputs);
        await assertCreatable(session, inputs);
        return keepingProgress({ session, inputs, state: undefined, retiring: [] }, (progress) =>
            registerOrAdopt(session, inputs, progress),
        );
    },

    read: async (id, old) => {
        entraReminder.noteRead();
        const state = upgradedIfWhole(old);
        return readPortal(() => openSession(state), id, state);
    },

    update: async (_id, old, inputs) => {
        const state = upgradedIfWhole(old);
        const session = await openSession({ ...inputs, tenantId: state.tenantId });
        await assertChangeable(state, inputs);
        const retiring = retiringCertificates(state.certificates, inputs, clock.now());
        const { outs } = await keepingProgress({ session, inputs, state, retiring }, (progress) =>
            updatePortal({ session, state, inputs, retiring, progress }),
        );
        return { outs };
    },

    delete: async (_id, old) => {
        const state = upgradedIfWhole(old);
        await releasePortal(await openSession(state), state);
    },

    readExisting: readExistingPortal,
    list: listPortals,
};

interface Job {
    readonly session: Session;
    readonly inputs: RestorePortalAppInputs;
    /** `undefined`: the engine called `create`. */
    readonly state: PortalState | undefined;
    readonly retiring: readonly RetiringCertificate[];
}

/**
 * Runs a job that writes. If the job fails after it has reported progress, the engine still receives the live state of
 * the application.
 */
async function keepingProgress(
    job: Job,
    run: (progress: (state: Reconciled) => void) => Promise<Reconciled>,
): Promise<{ id: string; outs: PortalState }> {
    const { session, inputs, retiring } = job;
    const home = { tenantId: session.tenantId, loginUrl: session.cloud.loginUrl };
    let snapshot: Reconciled | undefined;
    try {
        const done = await run((state) => (snapshot = state));
        const now = retiringNow(inputs, done, retiring, clock.now());
        const managed = deployedWith(done);
        const outs = outputsFrom(home, { ...done, managed, inputs, desired: inputs, retiring: now });
        const certificate = newCertificate(job, done);
        if (certificate) announceHandOver(inputs, certificate);
        return { id: done.live.application.appId, outs };
    } catch (error) {
        if (snapshot === undefined) throw error;
        throw new HalfDone(snapshot.live.application.appId, await outputsAfterFailure(job, snapshot), error);
    }
}

/**
 * Returns the program's certificate if it is new since the last deployment and this resource registered it. A
 * certificate that the application had before needs no hand-over.
 */
function newCertificate(
    { inputs: { certificate }, state }: Job,
    { managed }: Reconciled,
): CertificateInput | undefined {
    const isSame = !state?.isNew && state?.desired.certificate?.thumbprint === certificate?.thumbprint;
    const { item } = ownedCertificate(certificate?.thumbprint ?? "");
    return certificate && !isSame && has(managed.owned, item) ? certificate : undefined;
}

/**
 * Adds the ids of the live scope and the live service principal to the record of ownership, and removes the list of
 * items that a failed deployment gave up.
 */
function deployedWith({ live, managed }: Reconciled): Managed {
    const { id: servicePrincipalId } = live.servicePrincipal ?? {};
    return {
        ...withoutGivenUp(managed),
        scopeId: findScope(live.application)?.id ?? managed.scopeId,
        ...(servicePrincipalId === undefined ? {} : { servicePrincipalId }),
    };
}

/**
 * A failed job may have written only some of its changes. So a read provides the outputs, and `desired` keeps the
 * inputs of the last deployment that succeeded. If none has succeeded, `desired` contains the inputs of this job.
 */
async function outputsAfterFailure(
    { session, inputs, state, retiring }: Job,
    snapshot: Reconciled,
): Promise<PortalState> {
    const { appId } = snapshot.live.application;
    const again = () => observe(session, appId, observeOptions(inputs));
    const { live, managed } = await observedAfterFailure(snapshot, state?.managed, again);
    const isNew = state === undefined || Boolean(state.isNew);
    const desired = isNew ? inputs : state.desired;
    const observation = { live, managed, before: desired, retiring, now: clock.now() };
    const home = { tenantId: session.tenantId, loginUrl: session.cloud.loginUrl };
    return outputsFrom(home, { inputs: liveInputs(desired, observation), desired, live, managed, retiring, isNew });
}

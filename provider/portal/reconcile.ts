// Reconciles one application: observes, plans, and determines the order of the writes.
import type { Snapshot } from "../sync/owned";
import type { Live } from "../entra/live";
import { withRemedy } from "../entra/callerPermissions";
import { clock } from "../entra/clock";
import { ownersPath } from "../entra/paths";
import { observe } from "../entra/directory";
import type { Session } from "../entra/session";
import { PortalError } from "../portalError";
import { converge } from "../sync/converge";
import { afterServicePrincipal, servicePrincipalRequest, writeGrants } from "../sync/grantRequests";
import { withoutHolder } from "../sync/holders";
import { noteHolder } from "../sync/notedHolders";
import { currentOwnership } from "../sync/ownership";
import { write, type Write } from "../sync/write";
import { applicationRequest } from "./applicationRequest";
import { onOtherPlatform } from "./rules/adoption";
import { missingCertificate } from "./rules/certificates";
import { observeOptions, type RestorePortalAppInputs } from "./rules/inputs";
import type { Managed, RetiringCertificate } from "./rules/live";
import { plan, type Plan } from "./rules/plan";
import { urisOnOtherPlatforms } from "./rules/redirectUris";

/** The portal before a reconciliation, after one of its steps, or at its end. */
export type Reconciled = Snapshot<Live, Managed>;

export interface Reconciliation {
    readonly session: Session;
    readonly inputs: RestorePortalAppInputs;
    /** The inputs of the last deployment that succeeded. */
    readonly before: RestorePortalAppInputs | undefined;
    readonly start: Reconciled;
    /** An earlier holder that this resource replaces. The first write removes that holder's tags. */
    readonly former?: string | undefined;
    readonly retiring: readonly RetiringCertificate[];
    /** Saves the progress after each step, so that a later failure does not lose it. */
    readonly progress: (state: Reconciled) => void;
}

export async function reconcile(job: Reconciliation): Promise<Reconciled> {
    const { session, inputs, before, start, former, retiring, progress } = job;
    const { appId } = start.live.application;
    assertOwnPlatform(inputs, start);
    noteHolder(`${session.tenantId}/${appId}`, start.managed.holder);
    const snapshot = await converge({
        what: `application ${appId}`,
        start,
        plan: ({ live, managed }) =>
            plan(inputs, { live: withoutHolder(live, former), managed, before, retiring, now: clock.now() }),
        observe: () => observe(session, appId, observeOptions(inputs)),
        settle: ({ live, managed }) => ({ ...managed, ...currentOwnership(managed, live) }),
        carryOut: (next, at, confirm) => carryOut(session, next, at, confirm),
        progress,
    });
    // This check comes last so that everything else is still repaired.
    const unmet = missingCertificate(inputs, snapshot.live.application, clock.now());
    if (unmet !== undefined) throw new PortalError("ERR_APPLICATION_CONFLICT", `verifying the certificate: ${unmet}`);
    return snapshot;
}

/**
 * Refuses a redirect URI that others have registered on another platform. Otherwise Entra would refuse the whole PATCH.
 */
function assertOwnPlatform(inputs: RestorePortalAppInputs, start: Reconciled): void {
    const { appId } = start.live.application;
    const [conflict] = urisOnOtherPlatforms(inputs, start);
    if (conflict === undefined) return;
    const { uri, platform } = conflict;
    const reason = onOtherPlatform(uri, platform, appId);
    throw new PortalError("ERR_APPLICATION_CONFLICT", `configuring application ${appId}: ${reason}`);
}

/** Writes one plan. If the plan was based on stale data, returns the refusal by Entra. */
async function carryOut(
    session: Session,
    next: Plan,
    { live, managed }: Reconciled,
    confirm: (managed: Managed) => void,
): Promise<PortalError | undefined> {
    const { application } = live;
    const of = { appId: application.appId, what: `application ${application.appId}` };
    let current = managed;
    const note = (changed: Managed) => confirm((current = changed));
    try {
        const refusal = await writeObjects(session, next, live, { of, managed, note });
        if (refusal) return refusal;
        const more = next.owners.map((owner) => ownerRequest(session, of.appId, owner));
        return await writeGrants(session, of, live, { grants: next.grants, more, ownership: current }, note);
    } catch (error) {
        throw await withRemedy(error, session);
    }
}

interface Writing {
    readonly of: { readonly appId: string; readonly what: string };
    readonly managed: Managed;
    readonly note: (managed: Managed) => void;
}

/** Writes the application and its service principal in one batch. */
async function writeObjects(
    session: Session,
    next: Plan,
    live: Live,
    { of, managed, note }: Writing,
): Promise<PortalError | undefined> {
    const first = next.application ? [applicationRequest(live.application, next.application.body)] : [];
    const second = next.servicePrincipal ? [servicePrincipalRequest(next.servicePrincipal, of, live)] : [];
    const { answers, refusal, failure } = await write(session, [...first, ...second]);
    let current = managed;
    if (next.application && answers[0] && !answers[0].error) note((current = next.application.managed));
    const answer = answers[first.length];
    if (next.servicePrincipal && answer && !answer.error) {
        note(afterServicePrincipal(current, next.servicePrincipal, answer));
    }
    if (failure) throw failure;
    return refusal;
}

function ownerRequest({ cloud }: Session, appId: string, owner: string): Write {
    return {
        method: "POST",
        path: `${ownersPath(appId)}/$ref`,
        body: { "@odata.id": `${cloud.graphUrl}/v1.0/directoryObjects/${owner}` },
        purpose: `adding owner ${owner} to application ${appId}`,
        retry: "always",
    };
}

// Makes Entra what the program says of one application: which look, which plan, and in which order it is written.
import type { RetiringCertificate } from "./rules/live";
import type { RestorePortalAppInputs } from "./rules/inputs";
import type { Live } from "../entra/live";
import type { Managed } from "../sync/ownership";
import { plan, type Plan } from "./rules/plan";
import { missingCertificate } from "./rules/certificates";
import { withRemedy } from "../entra/callerPermissions";
import { clock } from "../entra/clock";
import { applicationPath } from "../entra/paths";
import { observe } from "../entra/directory";
import type { Session } from "../entra/session";
import { PortalError } from "../portalError";
import { grantRequest, writeServicePrincipal } from "../sync/grantRequests";
import { converge, type Reached } from "../sync/converge";
import { patch, write, type Write } from "../sync/write";

/** Where a reconciliation starts and what it ends with. */
export type Reconciled = Reached<Live, Managed>;

export interface Reconciliation {
    readonly session: Session;
    readonly inputs: RestorePortalAppInputs;
    readonly start: Reconciled;
    readonly retiring: readonly RetiringCertificate[];
    /** Hears of each step, so that a failure in between loses nothing. */
    readonly progress: (state: Reconciled) => void;
}

export async function reconcile(job: Reconciliation): Promise<Reconciled> {
    const { session, inputs, start, retiring, progress } = job;
    const { appId } = start.live.application;
    const reached = await converge({
        what: `application ${appId}`,
        start,
        plan: ({ live, managed }) => plan(inputs, { live, managed, retiring, now: clock.now() }),
        look: () => observe(session, appId, { withOwners: inputs.owners !== undefined }),
        carryOut: (next, live) => carryOut(session, next, live),
        progress,
    });
    // Last, so that the rest is healed all the same.
    const unmet = missingCertificate(inputs, reached.live.application);
    if (unmet !== undefined) throw new PortalError("ERR_APPLICATION_CONFLICT", `verifying the certificate: ${unmet}`);
    return reached;
}

/**
 * Writes one plan; answers what Entra said where the look behind it was out of date. The PATCH of the application goes
 * first, because it leaves our tag, without which nothing else of ours would be found again.
 */
async function carryOut(session: Session, next: Plan, live: Live): Promise<PortalError | undefined> {
    const { application } = live;
    const { appId } = application;
    const of = { appId, what: `application ${appId}` };
    const first = next.application
        ? [patch(applicationPath(appId), application, next.application, `changing application ${appId}`)]
        : [];
    try {
        const { ids, refusal } = await writeServicePrincipal(session, of, live, {
            first,
            change: next.servicePrincipal,
        });
        if (refusal) return refusal;
        const others = await write(session, [
            ...next.grants.map((grant) => grantRequest(grant, of, ids, live)),
            ...next.owners.map((owner) => ownerRequest(session, appId, owner)),
        ]);
        return others.refusal;
    } catch (error) {
        throw await withRemedy(error, session);
    }
}

function ownerRequest({ cloud }: Session, appId: string, owner: string): Write {
    return {
        method: "POST",
        path: `${applicationPath(appId)}/owners/$ref`,
        body: { "@odata.id": `${cloud.graphUrl}/v1.0/directoryObjects/${owner}` },
        purpose: `adding owner ${owner} to application ${appId}`,
        retry: "always",
    };
}

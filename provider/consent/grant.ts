// Consents in a customer's tenant, and repairs consent that somebody changed.
import { restoreObject } from "../entra/deletedItems";
import { observeConsent, rememberGraphServicePrincipal } from "../entra/directory";
import type { LiveConsent } from "../entra/live";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import type { PortalError } from "../portalError";
import { converge } from "../sync/converge";
import { afterServicePrincipal, servicePrincipalRequest, writeGrants } from "../sync/grantRequests";
import type { ConsentPlan } from "../sync/grants";
import { withoutHolder } from "../sync/holders";
import { noteHolder } from "../sync/notedHolders";
import { currentOwnership, givenUpSince } from "../sync/ownership";
import { resumeRepairs } from "../sync/resumeRepairs";
import { CUSTOMER_CONSENT_TAG } from "../sync/tags";
import { tellWhoHolds } from "../sync/toldHolders";
import { write } from "../sync/write";
import { assertMayConsent, withCustomerAdvice } from "./customer";
import { assertMultiTenant, singleTenant, withAudienceAdvice } from "./homeApplication";
import type { ConsentInputs } from "./rules/inputs";
import {
    isSingleTenant,
    planTenantConsent,
    startOfConsent,
    type ConsentManaged,
    type ConsentSnapshot,
} from "./rules/plan";
import type { ConsentState } from "./rules/state";

export interface Grant {
    readonly session: Session;
    readonly inputs: ConsentInputs;
    /**
     * The state from which the deployment continues. `undefined`: according to state, no deployment has written to the
     * tenant.
     */
    readonly state?: ConsentState | undefined;
    /** Saves the progress after each step, so that a later failure does not lose it. */
    readonly progress: (snapshot: ConsentSnapshot) => void;
}

export function consentIn({ tenantId }: Session, { applicationId }: ConsentInputs): string {
    return `application ${applicationId} in tenant ${tenantId}`;
}

export async function grantConsent(grant: Grant): Promise<ConsentSnapshot> {
    const { session, inputs } = grant;
    assertMayConsent(session);
    try {
        return await serially(`${session.tenantId}/${inputs.applicationId}`, () => reconcileConsent(grant));
    } catch (error) {
        throw withAudienceAdvice(withCustomerAdvice(error, session));
    }
}

async function reconcileConsent({ session, inputs, state, progress }: Grant): Promise<ConsentSnapshot> {
    const what = consentIn(session, inputs);
    const again = () => observeConsent(session, inputs.applicationId, what);
    const live = await observeOrRestore(session, state, again, what);
    if (live.servicePrincipal === undefined) await assertMultiTenant(inputs);
    const { managed, former } = startOfConsent(inputs, live, state?.managed);
    const newcomer = { holder: managed.holder, resource: inputs, prefix: CUSTOMER_CONSENT_TAG, former };
    if (state === undefined) tellWhoHolds(`the consent to ${what}`, live, newcomer);
    noteHolder(`${session.tenantId}/${inputs.applicationId}`, managed.holder);
    const start = { live, managed };
    // At the first deployment, there are two cases in which state is saved only after the first write: the service
    // principal does not exist yet, or this resource replaces an earlier holder. So if the first write fails, state
    // contains nothing that Entra does not have.
    if (state || (live.servicePrincipal && former === undefined)) progress(start);
    const givenUp = state ? givenUpSince(state.managed, managed) : [];
    const isChange = Boolean(state?.isNew) || givenUp.includes("servicePrincipal/assignment");
    const before = isChange ? undefined : state?.desired;
    const snapshot = await converge({
        what,
        start,
        plan: (at) => planTenantConsent(inputs, { ...at, live: withoutHolder(at.live, former) }, before),
        observe: again,
        settle: (at) => ({ ...at.managed, ...currentOwnership(at.managed, at.live) }),
        carryOut: (plan, at, confirm) =>
            carryOut(session, { plan, at, confirm, of: { appId: inputs.applicationId, what } }),
        progress,
    });
    // This check comes last so that everything else is still repaired.
    if (isSingleTenant(snapshot.live)) throw singleTenant(inputs.applicationId);
    return snapshot;
}

/** Restores a deleted service principal, because it keeps its object id, its assignments and its grants. */
async function observeOrRestore(
    session: Session,
    state: ConsentState | undefined,
    again: () => Promise<LiveConsent>,
    what: string,
): Promise<LiveConsent> {
    if (state) rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    const live = await again();
    if (await resumeRepairs(session, live, what)) return again();
    if (live.servicePrincipal) return live;
    const lostId = state?.servicePrincipalId ?? "";
    if (lostId === "") return live;
    return (await restoreObject(session, lostId, `the service principal of ${what}`)) ? again() : live;
}

interface Writing {
    readonly plan: ConsentPlan;
    readonly at: ConsentSnapshot;
    readonly of: { readonly appId: string; readonly what: string };
    readonly confirm: (managed: ConsentManaged) => void;
}

/** The service principal is written first, because after a kill the next run recognizes our entries by its tag. */
async function carryOut(session: Session, { plan, at, of, confirm }: Writing): Promise<PortalError | undefined> {
    const { live } = at;
    let { managed } = at;
    const note = (changed: ConsentManaged) => confirm((managed = changed));
    const change = plan.servicePrincipal;
    const requests = change ? [servicePrincipalRequest(change, of, live)] : [];
    const { answers, refusal, failure } = await write(session, requests);
    if (change && answers[0] && !answers[0].error) note(afterServicePrincipal(managed, change, answers[0]));
    if (failure) throw failure;
    if (refusal) return refusal;
    return writeGrants(session, of, live, { grants: plan.grants, ownership: managed }, note);
}

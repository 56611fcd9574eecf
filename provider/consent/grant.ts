// Consents in a customer's tenant, and puts consent right that somebody changed there.
import type { LiveConsent } from "../entra/live";
import { observeConsent, rememberGraphServicePrincipal } from "../entra/directory";
import { restoreObject } from "../entra/deletedItems";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import type { PortalError } from "../portalError";
import { grantRequest, writeServicePrincipal } from "../sync/grantRequests";
import { converge } from "../sync/converge";
import { write } from "../sync/write";
import { assertMayConsent, withCustomerAdvice } from "./customer";
import { assertMultiTenant, singleTenant, withAudienceAdvice } from "./homeApplication";
import type { ConsentInputs } from "./rules/inputs";
import {
    consentManaged,
    isSingleTenant,
    planTenantConsent,
    type ReachedConsent,
    type TenantConsentPlan,
} from "./rules/plan";
import type { ConsentState } from "./rules/state";

export interface Grant {
    readonly session: Session;
    readonly inputs: ConsentInputs;
    /** What an earlier deployment left. */
    readonly state?: ConsentState | undefined;
    /** Hears of each step, so that a failure in between loses nothing. */
    readonly progress: (reached: ReachedConsent) => void;
}

/** In messages. */
export function consentIn({ tenantId }: Session, { applicationId }: ConsentInputs): string {
    return `application ${applicationId} in tenant ${tenantId}`;
}

export async function grantConsent(grant: Grant): Promise<ReachedConsent> {
    const { session, inputs } = grant;
    assertMayConsent(session);
    try {
        return await serially(`${session.tenantId}/${inputs.applicationId}`, () => reconcileConsent(grant));
    } catch (error) {
        throw withAudienceAdvice(withCustomerAdvice(error, session));
    }
}

async function reconcileConsent({ session, inputs, state, progress }: Grant): Promise<ReachedConsent> {
    const what = consentIn(session, inputs);
    const look = () => observeConsent(session, inputs.applicationId, what);
    const found = await lookOrRestore(session, state, look, what);
    if (found.servicePrincipal === undefined) await assertMultiTenant(inputs);
    const start = { live: found, managed: consentManaged(inputs, found, state?.managed) };
    // Where nothing is there yet, a failure before the first write leaves nothing to remember.
    if (state || found.servicePrincipal) progress(start);
    const reached = await converge({
        what,
        start,
        plan: (at) => planTenantConsent(inputs, at),
        look,
        carryOut: (plan, live) => carryOut(session, { plan, live, inputs, what }),
        progress,
    });
    // Last, so that the rest is healed all the same.
    if (isSingleTenant(reached.live)) throw singleTenant(inputs.applicationId);
    return reached;
}

/** A service principal in the bin keeps its object id, its assignments and its grants: better than a new one. */
async function lookOrRestore(
    session: Session,
    state: ConsentState | undefined,
    look: () => Promise<LiveConsent>,
    what: string,
): Promise<LiveConsent> {
    if (state) rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    const live = await look();
    const lostId = live.servicePrincipal === undefined ? (state?.servicePrincipalId ?? "") : "";
    if (lostId === "") return live;
    return (await restoreObject(session, lostId, `the service principal of ${what}`)) ? look() : live;
}

async function carryOut(
    session: Session,
    { plan, live, inputs, what }: { plan: TenantConsentPlan; live: LiveConsent; inputs: ConsentInputs; what: string },
): Promise<PortalError | undefined> {
    const of = { appId: inputs.applicationId, what };
    // The service principal goes first: it carries our tag, without which nothing else of ours would be found again.
    const { ids, refusal } = await writeServicePrincipal(session, of, live, { change: plan.servicePrincipal });
    if (refusal) return refusal;
    const granted = await write(
        session,
        plan.grants.map((grant) => grantRequest(grant, of, ids, live)),
    );
    return granted.refusal;
}

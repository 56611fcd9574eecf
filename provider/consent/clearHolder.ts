// Finds the tags of a holder on the service principal in a customer's tenant, and removes them. Users need this when
// the stack of the holder no longer exists.
import { observeConsent, rememberGraphServicePrincipal } from "../entra/directory";
import { findHolder, type HeldObjects } from "../sync/clearHolder";
import { CUSTOMER_CONSENT_TAG } from "../sync/tags";
import { customerAt, openCustomer, withCustomerAdvice } from "./customer";
import { consentIn } from "./grant";
import type { ConsentState } from "./rules/state";

/** `undefined`: the holder has no tags on the service principal, or the consent is in mode "verify". */
export async function findConsentHolder(state: ConsentState, holder: string): Promise<HeldObjects | undefined> {
    const { desired, managed } = state;
    // A consent in mode "verify" writes nothing, so it cannot take over the entries of the holder.
    if (desired.mode === "verify") return undefined;
    const session = await openCustomer(desired, await customerAt(desired, state.tenantId));
    rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    const { applicationId: appId } = desired;
    const what = consentIn(session, desired);
    const held = await findHolder({
        session,
        appId,
        what,
        holder,
        heir: { ownership: managed, consentPrefix: CUSTOMER_CONSENT_TAG },
        observe: () => observeConsent(session, appId, what),
    });
    const explain = (error: unknown) => {
        // With mode "verify", the holder's tags would stay. So the advice does not name this mode.
        throw withCustomerAdvice(error, session, "");
    };
    return held && { ...held, clear: () => held.clear().catch(explain) };
}

// Releases the consent in a customer's tenant: removes entries that this resource added, and restores values that it
// changed. Entries and values that another resource needs stay.
import { observeConsent, rememberGraphServicePrincipal } from "../entra/directory";
import type { LiveConsent } from "../entra/live";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import { logOnce } from "../log";
import { giveBack } from "../sync/giveBack";
import { isTakenOver } from "../sync/holders";
import { forgetHolder, untilHoldersVisible } from "../sync/notedHolders";
import { currentOwnership } from "../sync/ownership";
import { resumeRepairs } from "../sync/resumeRepairs";
import { CUSTOMER_CONSENT_TAG } from "../sync/tags";
import { tellWhatStays } from "../sync/toldHolders";
import { writeRelease } from "../sync/writeRelease";
import { withCustomerAdvice } from "./customer";
import { consentIn } from "./grant";
import { CUSTOMER_CONSENT, planTenantRelease } from "./rules/plan";
import { tenantReleaseWords } from "./rules/releaseWords";
import type { ConsentState } from "./rules/state";

export async function releaseConsent(session: Session, state: ConsentState): Promise<void> {
    const { desired, managed } = state;
    const key = `${session.tenantId}/${desired.applicationId}`;
    rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    forgetHolder(key, managed.holder);
    try {
        await serially(key, () => release(session, state, key));
    } catch (error) {
        throw withCustomerAdvice(error, session);
    }
}

async function release(session: Session, { desired, managed }: ConsentState, key: string): Promise<void> {
    const what = consentIn(session, desired);
    const of = { appId: desired.applicationId, what };
    const again = () => observeConsent(session, desired.applicationId, what);
    const first = await observeSurely(again, key);
    const start = (await resumeRepairs(session, first, what)) ? await again() : first;
    if (isTakenOver(start.servicePrincipal?.tags ?? [], desired, managed.holder, CUSTOMER_CONSENT_TAG)) {
        logOnce(
            `consent to ${what} is kept, because another resource with the same project, stack and name now manages it`,
        );
        return;
    }
    const ownership = { ...managed, ...currentOwnership(managed, start) };
    tellWhatStays(`the consent to ${what}`, ownership, start, desired);
    const words = tenantReleaseWords(what, start, ownership);
    if (words !== undefined) logOnce(words);
    await giveBack({
        what: `${what} for its release`,
        start,
        plan: (live) => planTenantRelease(live, ownership),
        observe: again,
        carryOut: (plan, live) => writeRelease(session, { of, release: plan, live, ownership, tag: CUSTOMER_CONSENT }),
    });
}

/**
 * If one read does not show the service principal, it may still exist. A replica may also show the tags of other
 * holders late. So the service principal is read again.
 */
async function observeSurely(again: () => Promise<LiveConsent>, key: string): Promise<LiveConsent> {
    const first = await again();
    const live = first.servicePrincipal ? first : await again();
    if (live.servicePrincipal === undefined) return live;
    return untilHoldersVisible(key, live, again, ({ servicePrincipal }) => servicePrincipal?.tags ?? []);
}

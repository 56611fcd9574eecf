// The end of management in a customer's tenant: what this resource added goes, and what others rely on stays.
import { observeConsent, rememberGraphServicePrincipal } from "../entra/directory";
import { serially } from "../entra/serially";
import type { Session } from "../entra/session";
import { untilVisible } from "../entra/untilVisible";
import { releaseRequests } from "../sync/grantRequests";
import { write } from "../sync/write";
import { withCustomerAdvice } from "./customer";
import { consentIn } from "./grant";
import { consentManaged, planTenantRelease } from "./rules/plan";
import { consentInputsOf, type ConsentState } from "./rules/state";

export async function releaseConsent(session: Session, state: ConsentState): Promise<void> {
    const inputs = consentInputsOf(state);
    const what = consentIn(session, inputs);
    rememberGraphServicePrincipal(session.tenantId, state.graphServicePrincipalId);
    const of = { appId: inputs.applicationId, what };
    const look = async () => {
        const live = await observeConsent(session, inputs.applicationId, what);
        return { live, release: planTenantRelease(live, consentManaged(inputs, live, state.managed)) };
    };
    try {
        await serially(`${session.tenantId}/${inputs.applicationId}`, async () => {
            // From a new look each time that Entra refuses because the last one was out of date.
            const attempt = async () => {
                const { live, release } = await look();
                const { refusal } = await write(session, releaseRequests(release, of, live));
                return refusal ? undefined : true;
            };
            await untilVisible(`Entra to accept the release of ${what}`, attempt, { sightings: 1 });
            await untilVisible(`release of ${what}`, async () => {
                const { servicePrincipal, grants } = (await look()).release;
                return servicePrincipal || grants.length > 0 ? undefined : true;
            });
        });
    } catch (error) {
        throw withCustomerAdvice(error, session);
    }
}

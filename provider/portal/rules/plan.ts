// Plans the writes of one round, for differences only. A list becomes (live ∪ desired) − (ours, no longer desired), so
// the entries of others stay as they are. Pure.
import { planConsent, type ConsentTag, type GrantChange, type ServicePrincipalChange } from "../../sync/grants";
import { PORTAL_CONSENT_TAG } from "../../sync/tags";
import { planApplication, type PlannedPatch } from "./applicationPatch";
import type { RestorePortalAppInputs } from "./inputs";
import { desiredServicePrincipal, type Observation } from "./live";

export interface Plan {
    readonly application: PlannedPatch | undefined;
    readonly servicePrincipal: ServicePrincipalChange | undefined;
    readonly grants: readonly GrantChange[];
    readonly owners: readonly string[];
    /** One name per change. A change that is still needed has the same name in the next round. */
    readonly changes: readonly string[];
}

/**
 * The tag of a portal on the service principal. It exists only if the portal owns consent entries, because the tag on
 * the application already shows that the portal exists.
 */
export const HOME_CONSENT: ConsentTag = { prefix: PORTAL_CONSENT_TAG, isAlwaysThere: false };

export function plan(inputs: RestorePortalAppInputs, observation: Observation): Plan {
    const { live, managed, before } = observation;
    const desired = {
        ...desiredServicePrincipal(inputs, managed),
        appId: live.application.appId,
        grantedPermissions: inputs.grantedPermissions,
        before: before?.servicePrincipal,
    };
    const consent = planConsent(desired, live, managed, HOME_CONSENT);
    const application = planApplication(inputs, observation);
    const owners = (inputs.owners ?? []).filter((owner) => live.owners?.includes(owner) === false);
    return {
        application: application.patch,
        servicePrincipal: consent.servicePrincipal,
        grants: consent.grants,
        owners,
        changes: [...application.changes, ...consent.changes, ...owners.map((owner) => `owners/${owner}`)],
    };
}

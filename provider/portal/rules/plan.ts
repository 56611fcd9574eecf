// Decides what has to be written so that Entra becomes what the program says: only what differs, lists as
// (live ∪ desired) − (ours, no longer desired), entries of others as they are. Pure.
import { isAdopting, planApplication, type ApplicationPatch } from "./applicationPatch";
import { planConsent, type GrantChange, type ServicePrincipalChange } from "../../sync/grants";
import type { Observation } from "./live";
import type { RestorePortalAppInputs } from "./inputs";
import type { Managed } from "../../sync/ownership";

/** What is to be written in one round. */
export interface Plan {
    readonly application: ApplicationPatch | undefined;
    readonly servicePrincipal: ServicePrincipalChange | undefined;
    readonly grants: readonly GrantChange[];
    readonly owners: readonly string[];
    /** One name per thing written, the same in each round that it is still needed. */
    readonly changes: readonly string[];
    /** What is ours once the plan is carried out. */
    readonly managed: Managed;
}

export function plan(inputs: RestorePortalAppInputs, observation: Observation): Plan {
    const { live, managed } = observation;
    const { appId } = live.application;
    const subject = { appId, live, added: managed.added, isAdopting: isAdopting(observation) };
    const consent = planConsent(inputs, subject);
    const application = planApplication(inputs, observation, [...managed.added, ...consent.added]);
    const owners = (inputs.owners ?? []).filter((owner) => live.owners?.includes(owner) === false);
    return {
        application: application.patch,
        servicePrincipal: consent.servicePrincipal,
        grants: consent.grants,
        owners,
        changes: [
            ...application.changes,
            ...(consent.servicePrincipal ? ["servicePrincipal"] : []),
            ...consent.grants.map(({ permission }) => `grantedPermissions/${permission}`),
            ...owners.map((owner) => `owners/${owner}`),
        ],
        managed: application.managed,
    };
}

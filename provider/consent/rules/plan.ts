// What to write into a customer's tenant, and what to take back. What is ours stands in state and in a tag on the service
// principal, so that a killed deployment knows its own again and others see that they share. Pure.
import type { LiveConsent } from "../../entra/live";
import { planConsentRelease, type ConsentRelease } from "../../sync/consentRelease";
import { planConsent, type ConsentPlan, type ConsentTag } from "../../sync/grants";
import { holdersOfIdentity } from "../../sync/holders";
import { newHolder } from "../../sync/identity";
import { grantedPermissions, servicePrincipalStatus, type DesiredServicePrincipal } from "../../sync/liveConsent";
import { ownsServicePrincipal } from "../../sync/grants";
import type { Ownership, Reached } from "../../sync/owned";
import { currentOwnership } from "../../sync/ownership";
import { PERMISSIONS } from "../../sync/permissions";
import { shortHash } from "../../sync/ownershipCodes";
import { codesOf, CUSTOMER_CONSENT_TAG } from "../../sync/tags";
import { ASSIGNMENT_REQUIRED, ENABLED } from "../../inputs/statusTexts";
import { READY, type ConsentInputs } from "./inputs";

export interface ConsentManaged extends Ownership {
    /** The tenant as the program names it; the output `tenantId` is its GUID. */
    readonly tenant: string;
}

export type ReachedConsent = Reached<LiveConsent, ConsentManaged>;

/** A service principal in a customer's tenant has no application beside it, so the tag also tells that it is needed. */
const TAG: ConsentTag = { prefix: CUSTOMER_CONSENT_TAG, isAlwaysThere: true };

/** Tells a deployment of the same program from a twin with another one. 0.1.0 wrote no such code. */
function declarationCode({ portalUrl = "", servicePrincipal }: ConsentInputs): string {
    return `d${shortHash(`${portalUrl} ${servicePrincipal}`)}`;
}

export interface StartOfConsent {
    readonly managed: ConsentManaged;
    /** A holder whose place this resource takes: its tags go with the first write. */
    readonly former: string | undefined;
}

/** What the resource owns before it writes; `known`: what an earlier deployment remembers. */
export function startOfConsent(inputs: ConsentInputs, live: LiveConsent, known?: ConsentManaged): StartOfConsent {
    const tenant = inputs.tenantId;
    if (known) return { managed: { ...known, ...currentOwnership(known, live), tenant }, former: undefined };
    const holder = newHolder(inputs);
    const tags = live.servicePrincipal?.tags ?? [];
    // What is exactly as the program says was done by a deployment that was killed before its state was saved, or whose
    // state was lost. A twin that differs keeps what it holds.
    const former = holdersOfIdentity(tags, inputs, holder, CUSTOMER_CONSENT_TAG).find((other) =>
        codesOf(tags, other).includes(declarationCode(inputs)),
    );
    const owned = former === undefined ? [] : currentOwnership({ holder: former, owned: [], tags: [] }, live).owned;
    return { managed: { holder, owned, tags: [], tenant }, former };
}

/** The customer decides who must be assigned to a service principal of its own, unless the program says it. */
function desiredOf(
    { servicePrincipal }: ConsentInputs,
    live: LiveConsent,
    ownership: Ownership,
): DesiredServicePrincipal {
    const isOurs = live.servicePrincipal === undefined || ownsServicePrincipal(ownership.owned, live);
    return { servicePrincipal, leavesAssignment: servicePrincipal === ENABLED && !isOurs };
}

export function planTenantConsent(
    inputs: ConsentInputs,
    { live, managed }: ReachedConsent,
    before: ConsentInputs | undefined,
): ConsentPlan {
    const desired = {
        ...desiredOf(inputs, live, managed),
        appId: inputs.applicationId,
        grantedPermissions: inputs.grantedPermissions ?? [],
        before: before?.servicePrincipal,
    };
    const needed = inputs.servicePrincipal === ASSIGNMENT_REQUIRED ? ["~pa"] : [];
    return planConsent(desired, live, managed, { ...TAG, codes: [declarationCode(inputs), ...needed] });
}

export interface TenantRelease extends ConsentRelease {
    /** One name for each thing that is still to be done. */
    readonly changes: readonly string[];
}

export function planTenantRelease(live: LiveConsent, managed: ConsentManaged): TenantRelease {
    const release = planConsentRelease(live, managed, TAG);
    return {
        ...release,
        changes: [
            ...(release.servicePrincipal ? ["servicePrincipal"] : []),
            ...release.grants.map(({ id }) => `grants/${id}`),
        ],
    };
}

export const SINGLE_TENANT = "AzureADMyOrg";

/** The inputs with each live value in its place: what `read` returns for a tenant that is managed. */
export function liveConsentInputs(inputs: ConsentInputs, live: LiveConsent, ownership: Ownership): ConsentInputs {
    return {
        ...inputs,
        status: isSingleTenant(live) ? `application is single-tenant (${SINGLE_TENANT})` : READY,
        servicePrincipal: servicePrincipalStatus(live, desiredOf(inputs, live, ownership)),
        grantedPermissions: grantedPermissions(live),
    };
}

/** The service principal stays when its application becomes single-tenant, but nobody of the tenant can sign in. */
export function isSingleTenant({ servicePrincipal }: LiveConsent): boolean {
    return servicePrincipal?.signInAudience === SINGLE_TENANT;
}

/** The output `consent`: whether users of the tenant can sign in without being asked. */
export function consentOf(live: LiveConsent): "granted" | "incomplete" | "unknown" {
    if (live.grants === undefined) return "unknown";
    const isEnabled = live.servicePrincipal?.accountEnabled === true;
    return isEnabled && grantedPermissions(live).length === PERMISSIONS.length ? "granted" : "incomplete";
}

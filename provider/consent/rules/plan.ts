// Plans the writes in a customer's tenant, and the release of the consent. State and a tag on the service principal
// record the entries of this resource. So the next run after a kill recognizes the entries, and other resources can
// read who shares the consent. Pure.
import type { LiveConsent } from "../../entra/live";
import { planConsentRelease, type ConsentRelease } from "../../sync/consentRelease";
import { planConsent, type ConsentPlan, type ConsentTag } from "../../sync/grants";
import { holdersOfIdentity } from "../../sync/holders";
import { newHolder } from "../../sync/identity";
import { grantedPermissions, servicePrincipalStatus, type DesiredServicePrincipal } from "../../sync/liveConsent";
import { ownsServicePrincipal } from "../../sync/grants";
import type { Ownership, Snapshot } from "../../sync/owned";
import { currentOwnership } from "../../sync/ownership";
import { PERMISSIONS } from "../../sync/permissions";
import { neededAssignment, shortHash } from "../../sync/ownershipCodes";
import { codesOf, CUSTOMER_CONSENT_TAG } from "../../sync/tags";
import { ENABLED } from "../../inputs/statusTexts";
import { READY, type ConsentInputs } from "./inputs";

export interface ConsentManaged extends Ownership {
    /** The input `tenantId`, which may be a domain. The output `tenantId` is the GUID. */
    readonly tenant: string;
}

export type ConsentSnapshot = Snapshot<LiveConsent, ConsentManaged>;

/**
 * The service principal gets the tag even if the resource owns no entries, because a customer's tenant has no
 * application object that could carry a tag instead.
 */
export const CUSTOMER_CONSENT: ConsentTag = { prefix: CUSTOMER_CONSENT_TAG, isAlwaysThere: true };

/**
 * Returns a code in the tag that distinguishes an earlier deployment of this program from a clone with another
 * `portalUrl` or `servicePrincipal`. Tags of release 0.1.0 lack this code.
 */
function declarationCode({ portalUrl = "", servicePrincipal }: ConsentInputs): string {
    return `d${shortHash(`${portalUrl} ${servicePrincipal}`)}`;
}

export interface StartOfConsent {
    readonly managed: ConsentManaged;
    /** An earlier holder that this resource replaces. The first write removes that holder's tags. */
    readonly former: string | undefined;
}

/** Returns the record of ownership before the first write. `known`: the record in state. */
export function startOfConsent(inputs: ConsentInputs, live: LiveConsent, known?: ConsentManaged): StartOfConsent {
    const tenant = inputs.tenantId;
    if (known) return { managed: { ...known, ...currentOwnership(known, live), tenant }, former: undefined };
    const holder = newHolder(inputs);
    const tags = live.servicePrincipal?.tags ?? [];
    // A holder with our identity, `portalUrl` and `servicePrincipal` counts as an earlier deployment of this program.
    // That deployment was killed before it saved its state, or its state was lost. A clone with another `portalUrl` or
    // `servicePrincipal` keeps its entries.
    const former = holdersOfIdentity(tags, inputs, holder, CUSTOMER_CONSENT_TAG).find((other) =>
        codesOf(tags, other).includes(declarationCode(inputs)),
    );
    const owned = former === undefined ? [] : currentOwnership({ holder: former, owned: [], tags: [] }, live).owned;
    return { managed: { holder, owned, tags: [], tenant }, former };
}

/**
 * If the program does not say whether users must be assigned, the customer decides. Exception: if this resource creates
 * or created the service principal, no user needs an assignment.
 */
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
    { live, managed }: ConsentSnapshot,
    before: ConsentInputs | undefined,
): ConsentPlan {
    const desired = {
        ...desiredOf(inputs, live, managed),
        appId: inputs.applicationId,
        grantedPermissions: inputs.grantedPermissions ?? [],
        before: before?.servicePrincipal,
    };
    const needed = neededAssignment(inputs).map((code) => `~${code}`);
    return planConsent(desired, live, managed, { ...CUSTOMER_CONSENT, codes: [declarationCode(inputs), ...needed] });
}

export interface TenantRelease extends ConsentRelease {
    /** One name for each change that is still to be made. */
    readonly changes: readonly string[];
}

export function planTenantRelease(live: LiveConsent, managed: ConsentManaged): TenantRelease {
    const release = planConsentRelease(live, managed, CUSTOMER_CONSENT);
    return {
        ...release,
        changes: [
            ...(release.servicePrincipal ? ["servicePrincipal"] : []),
            ...release.grants.map(({ id }) => `grants/${id}`),
        ],
    };
}

export const SINGLE_TENANT = "AzureADMyOrg";

/** Returns the inputs with their live values, as `read` does with `mode: "manage"`. */
export function liveConsentInputs(inputs: ConsentInputs, live: LiveConsent, ownership: Ownership): ConsentInputs {
    return {
        ...inputs,
        status: isSingleTenant(live) ? `application is single-tenant (${SINGLE_TENANT})` : READY,
        servicePrincipal: servicePrincipalStatus(live, desiredOf(inputs, live, ownership)),
        grantedPermissions: grantedPermissions(live),
    };
}

/** If the application becomes single-tenant, the service principal stays, but no user of the tenant can sign in. */
export function isSingleTenant({ servicePrincipal }: LiveConsent): boolean {
    return servicePrincipal?.signInAudience === SINGLE_TENANT;
}

/** Returns the output `consent`. `granted`: no user of the tenant sees a consent prompt. */
export function consentOf(live: LiveConsent): "granted" | "incomplete" | "unknown" {
    if (live.grants === undefined) return "unknown";
    const isEnabled = live.servicePrincipal?.accountEnabled === true;
    return isEnabled && grantedPermissions(live).length === PERMISSIONS.length ? "granted" : "incomplete";
}

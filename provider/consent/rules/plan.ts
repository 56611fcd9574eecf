// What to write into a customer's tenant, and what to take back. What is ours stands in state and in a tag on the service
// principal, `portal-consent:<hash>:<codes>`, so that a killed deployment finds its own again and others see that they
// share. Not `restore-portal:`: tags of the application itself are copied there under that name. Pure.
import type { LiveConsent } from "../../entra/live";
import {
    grantedPermissions,
    planConsent,
    planConsentRelease,
    servicePrincipalStatus,
    type ConsentPlan,
    type ConsentRelease,
} from "../../sync/grants";
import { identityHash } from "../../sync/identity";
import {
    formatTags,
    inheritTags,
    isNeededByOthers,
    othersTags,
    ownTags,
    sharedItemsFromTags,
    withoutOwnTags,
    type Item,
} from "../../sync/ownership";
import { PERMISSIONS } from "../../sync/permissions";
import type { Reached } from "../../sync/converge";
import { READY, type ConsentInputs } from "./inputs";

export interface ConsentManaged {
    /** Tells this resource's tag from others'. */
    readonly hash: string;
    /** What this resource added: the only things that it takes away. */
    readonly added: readonly Item[];
    /** The tenant as the program names it; the output `tenantId` is its GUID. */
    readonly tenant: string;
}

export interface TenantConsentPlan extends ConsentPlan {
    readonly changes: readonly string[];
    readonly managed: ConsentManaged;
}

export type ReachedConsent = Reached<LiveConsent, ConsentManaged>;

/** What is ours before anything was written; `known`: what an earlier deployment remembers. */
export function consentManaged(inputs: ConsentInputs, live: LiveConsent, known?: ConsentManaged): ConsentManaged {
    const hash = known?.hash ?? identityHash(inputs);
    const tagged = sharedItemsFromTags(readTags(live), hash);
    return { hash, added: [...new Set([...(known?.added ?? []), ...tagged])].sort(), tenant: inputs.tenantId };
}

export function planTenantConsent(inputs: ConsentInputs, { live, managed }: ReachedConsent): TenantConsentPlan {
    const present = ownTags(readTags(live), managed.hash);
    const isAdopting = present.length === 0 && !managed.added.includes("servicePrincipal");
    const wish = { servicePrincipal: inputs.servicePrincipal, grantedPermissions: inputs.grantedPermissions ?? [] };
    const consent = planConsent(wish, { appId: inputs.applicationId, live, added: managed.added, isAdopting });
    const added = [...new Set([...managed.added, ...consent.added])].sort();
    const wanted = formatTags(managed.hash, added, []);
    const isTagged = wanted.length === present.length && wanted.every((tag) => present.includes(tag));
    return {
        ...consent,
        servicePrincipal: isTagged ? consent.servicePrincipal : withTags(consent, live, managed.hash, wanted),
        changes: [
            ...(consent.servicePrincipal ? ["servicePrincipal"] : []),
            ...consent.grants.map(({ permission }) => `grantedPermissions/${permission}`),
            ...(isTagged || !(consent.servicePrincipal ?? live.servicePrincipal) ? [] : [`tags/${wanted.join(" ")}`]),
        ],
        managed: { ...managed, added },
    };
}

function withTags(
    { servicePrincipal: change }: ConsentPlan,
    { servicePrincipal: existing }: LiveConsent,
    hash: string,
    wanted: readonly string[],
): ConsentPlan["servicePrincipal"] {
    if (change === undefined && existing === undefined) return undefined;
    const tags = (change?.body["tags"] as readonly string[] | undefined) ?? withoutOwnTags(existing?.tags ?? []);
    const kept = tags.filter((tag) => ownTags(asPortalTags([tag]), hash).length === 0);
    return { id: existing?.id, body: { ...change?.body, tags: [...kept, ...asConsentTags(wanted)] } };
}

/** What goes when the resource goes: what it added, unless the tag of another one still needs it. */
export function planTenantRelease(live: LiveConsent, managed: ConsentManaged): ConsentRelease {
    const tags = readTags(live);
    const others = othersTags(tags, managed.hash);
    const going = new Set(managed.added.filter((item) => !isNeededByOthers(item, others)));
    const release = planConsentRelease(live, going);
    const existing = live.servicePrincipal;
    const goesWhole = release.servicePrincipal !== undefined && release.servicePrincipal.body === undefined;
    if (!existing || goesWhole || ownTags(tags, managed.hash).length === 0) return release;
    const handedOver = managed.added.filter((item) => !going.has(item));
    const rest =
        (release.servicePrincipal?.body?.["tags"] as readonly string[] | undefined) ?? withoutOwnTags(existing.tags);
    const kept = [...rest.filter((tag) => !tag.startsWith(PREFIX)), ...asConsentTags(inheritTags(others, handedOver))];
    return {
        ...release,
        servicePrincipal: { id: existing.id, body: { ...release.servicePrincipal?.body, tags: kept } },
    };
}

export const SINGLE_TENANT = "AzureADMyOrg";

const PREFIX = "portal-consent:";
const PORTAL_PREFIX = "restore-portal:";

/** The tags of consents on the service principal, as those of applications are written. */
function readTags({ servicePrincipal }: LiveConsent): string[] {
    return asPortalTags(servicePrincipal?.tags ?? []);
}

function asPortalTags(tags: readonly string[]): string[] {
    return tags.filter((tag) => tag.startsWith(PREFIX)).map((tag) => PORTAL_PREFIX + tag.slice(PREFIX.length));
}

function asConsentTags(tags: readonly string[]): string[] {
    return tags.map((tag) => PREFIX + tag.slice(PORTAL_PREFIX.length));
}

/** The inputs with each live value in its place: what `read` answers for a tenant that is managed. */
export function liveConsentInputs(inputs: ConsentInputs, live: LiveConsent): ConsentInputs {
    return {
        ...inputs,
        status: isSingleTenant(live) ? `application is single-tenant (${SINGLE_TENANT})` : READY,
        servicePrincipal: servicePrincipalStatus(live),
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

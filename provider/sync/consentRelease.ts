// Plans the release of consent. The plan removes entries that a resource added, and restores values that the resource
// changed. Entries and values that another resource needs stay, and so do values that somebody changed again. These
// rules apply to portals and to customers' consents. Pure.
import { isConsentItem, type LiveObjects, type Owned, type Ownership } from "./owned";
import type { LiveConsent, LiveServicePrincipal } from "../entra/live";
import { findGrant, findGrantOf, scopesOf } from "./liveConsent";
import { ownsGrant, ownsServicePrincipal, type ConsentTag } from "./grants";
import { handedOver, tagsWith, type HandedOver } from "./handOver";
import { isNeededByOthers, isSameSet } from "./ownership";
import { encodeOwned } from "./ownershipCodes";
import { ENTERPRISE_APPLICATION_TAG, PERMISSION_RESOURCES, PERMISSIONS, permissionsOf } from "./permissions";
import { formatTags, tagsOf, withoutCopiedTags } from "./tags";

export interface ReleaseGrant {
    readonly id: string;
    /** The scopes that stay, separated by spaces. If the text is empty, the grant is deleted. */
    readonly scope: string;
}

export interface ConsentRelease {
    /**
     * `undefined`: the service principal does not exist or stays unchanged. If only `body` is `undefined`, the service
     * principal is deleted.
     */
    readonly servicePrincipal:
        { readonly id: string; readonly body: Readonly<Record<string, unknown>> | undefined } | undefined;
    readonly grants: readonly ReleaseGrant[];
}

export function planConsentRelease(live: LiveObjects, { holder, owned }: Ownership, tag: ConsentTag): ConsentRelease {
    const { servicePrincipal } = live;
    if (servicePrincipal === undefined) return { servicePrincipal: undefined, grants: [] };
    const consent = owned.filter(({ item }) => isConsentItem(item));
    const going = consent.filter((entry) => !isNeededByOthers(entry, holder, live));
    // The service principal is deleted only if others have no grants on it, because Entra would delete their grants
    // too.
    if (ownsServicePrincipal(going, live) && !hasForeignGrants(live, consent)) {
        return { servicePrincipal: { id: servicePrincipal.id, body: undefined }, grants: [] };
    }
    const tags = releasedTags(servicePrincipal, going, handedOver(live, holder, consent), { holder, tag });
    const body = { ...settingsBack(servicePrincipal, going), ...tags };
    return {
        servicePrincipal: Object.keys(body).length === 0 ? undefined : { id: servicePrincipal.id, body },
        grants: releaseGrants(live, going),
    };
}

/**
 * Returns the tags for a service principal whose release failed half-way. The tag of this resource names the grants
 * that are left. It is written even if none is left, because without a tag the next run would trust the state.
 * `undefined`: the service principal needs no new tag.
 */
export function tagsOfRest(
    live: LiveObjects,
    { servicePrincipal: sent }: Pick<ConsentRelease, "servicePrincipal">,
    left: { readonly ownership: Ownership; readonly tag: ConsentTag; readonly rest: readonly ReleaseGrant[] },
): string[] | undefined {
    const { holder, owned } = left.ownership;
    const isDeleted = sent !== undefined && sent.body === undefined;
    if (isDeleted || !owned.some(({ item }) => isConsentItem(item))) return undefined;
    const present = withoutCopiedTags(
        (sent?.body?.["tags"] as string[] | undefined) ?? live.servicePrincipal?.tags ?? [],
    );
    if (tagsOf(present, holder).length > 0) return undefined;
    const permissions = PERMISSIONS.filter((one) => left.rest.some(({ id }) => id === findGrant(one, live)?.id));
    const codes = permissions
        .filter((permission) => ownsGrant(owned, permission, live))
        .flatMap((permission) => encodeOwned({ item: `grantedPermissions/${permission}` }) ?? []);
    return [...present, ...formatTags(left.tag.prefix, holder, codes)];
}

/**
 * A scope that the record of ownership does not name belongs to others. Grants that cannot be read count as grants of
 * others.
 */
function hasForeignGrants(live: LiveConsent, owned: readonly Owned[]): boolean {
    if (live.grants === undefined) return true;
    const own = PERMISSIONS.filter((permission) => ownsGrant(owned, permission, live));
    return live.grants.some((grant) =>
        scopesOf(grant).some((scope) => !own.some((one) => one === scope && findGrant(one, live)?.id === grant.id)),
    );
}

function settingsBack(live: LiveServicePrincipal, going: readonly Owned[]): Record<string, unknown> {
    const back = (item: string, value: boolean) => {
        const entry = going.find((one) => one.item === item && (one.id ?? live.id) === live.id);
        return entry?.changed?.to === value ? entry.changed.from : undefined;
    };
    const accountEnabled = back("servicePrincipal/enabled", live.accountEnabled);
    const assignment = back("servicePrincipal/assignment", live.appRoleAssignmentRequired);
    return {
        ...(accountEnabled === undefined ? {} : { accountEnabled }),
        ...(assignment === undefined ? {} : { appRoleAssignmentRequired: assignment }),
    };
}

function releasedTags(
    live: LiveServicePrincipal,
    going: readonly Owned[],
    handed: HandedOver,
    { holder, tag }: { readonly holder: string; readonly tag: ConsentTag },
): Record<string, unknown> {
    const present = withoutCopiedTags(live.tags);
    const isOurs = going.some(({ item, id }) => item === "servicePrincipal/tag" && (id ?? live.id) === live.id);
    const own = tagsOf(present, holder);
    const isGoing = (one: string) => own.includes(one) || (isOurs && one === ENTERPRISE_APPLICATION_TAG);
    const kept = present.filter((one) => !isGoing(one));
    const tags = tagsWith(kept, handed, tag.prefix);
    return isSameSet(tags, present) ? {} : { tags };
}

function releaseGrants(live: LiveConsent, going: readonly Owned[]): ReleaseGrant[] {
    return PERMISSION_RESOURCES.flatMap((resource) => {
        const grant = findGrantOf(resource, live);
        const own = permissionsOf(resource).filter((permission) => ownsGrant(going, permission, live));
        if (grant === undefined || own.length === 0) return [];
        const rest = scopesOf(grant).filter((scope) => !own.some((permission) => permission === scope));
        return [{ id: grant.id, scope: rest.join(" ") }];
    });
}

// Plans consent in one tenant: the service principal of the application and its tenant-wide grants. Pure.
import { isConsentItem, type Item, type LiveObjects, type Owned, type Ownership } from "./owned";
import type { LiveConsent, LiveServicePrincipal } from "../entra/live";
import { redirectUriOf } from "../inputs/portalUrl";
import { ASSIGNMENT_REQUIRED } from "../inputs/statusTexts";
import {
    findGrant,
    findGrantOf,
    hasScope,
    isDesiredServicePrincipal,
    servicePrincipalDrift,
    type DesiredServicePrincipal,
} from "./liveConsent";
import { handedOver, tagsWith, type HandedOver } from "./handOver";
import { isNeededByOthers, isSameSet, undoesAnother, withOwned } from "./ownership";
import { encodeOwned } from "./ownershipCodes";
import {
    ENTERPRISE_APPLICATION_TAG,
    PERMISSION_RESOURCES,
    permissionsOf,
    type Permission,
    type PermissionResource,
} from "./permissions";
import { formatTags, tagsOf, withoutCopiedTags, type TagPrefix } from "./tags";

export interface DesiredConsent extends DesiredServicePrincipal {
    readonly appId: string;
    readonly grantedPermissions: readonly string[];
    /**
     * The input `servicePrincipal` of the last deployment that succeeded. Release does not undo a repair that brings
     * `accountEnabled` or "Assignment required" back to this input. Release undoes other changes. `undefined`: every
     * write is a change, not a repair.
     */
    readonly before: string | undefined;
}

/** Defines how a resource writes its tag on a service principal. */
export interface ConsentTag {
    readonly prefix: TagPrefix;
    /** `true`: the tag is written even if the resource owns nothing, because it shows that the resource exists. */
    readonly isAlwaysThere: boolean;
    /** Further codes for the tag. They do not name owned items. */
    readonly codes?: readonly string[];
}

export interface ServicePrincipalChange {
    /** `undefined`: the service principal does not exist, so it is created. */
    readonly id: string | undefined;
    readonly body: Readonly<Record<string, unknown>>;
    /** Entries that the resource owns after Entra has answered. */
    readonly gained: readonly Owned[];
    /** Items that the resource no longer owns. */
    readonly lost: readonly Item[];
}

/** Entra keeps one tenant-wide grant per API, so one change contains all missing permissions of the API. */
export interface GrantChange {
    readonly resource: PermissionResource;
    /** The permissions that the grant lacks. */
    readonly permissions: readonly Permission[];
    /** `undefined`: the API has no grant, so a grant is created. */
    readonly id: string | undefined;
    /** The new value of the property `scope`, which also contains the scopes of others. */
    readonly scope: string;
}

export interface ConsentPlan {
    readonly servicePrincipal: ServicePrincipalChange | undefined;
    readonly grants: readonly GrantChange[];
    /** One name for each change. */
    readonly changes: readonly string[];
}

/** A change before its tags are added. The tags depend on the record of ownership after all changes. */
interface Change extends Pick<ServicePrincipalChange, "gained" | "lost"> {
    readonly body: Readonly<Record<string, unknown>>;
    readonly mustList: boolean;
}

const NO_CHANGE: Change = { body: {}, mustList: false, gained: [], lost: [] };

export function planConsent(
    desired: DesiredConsent,
    live: LiveObjects,
    ownership: Ownership,
    tag: ConsentTag,
): ConsentPlan {
    const { servicePrincipal } = live;
    const grants = planGrants(desired, live);
    const change = planServicePrincipal(desired, live, ownership);
    const isWritten = Object.keys(change.body).length > 0 || change.mustList;
    // The next request writes the grants. The tag already names them, so a kill between the two requests loses nothing.
    const gained = [...change.gained, ...grants.flatMap(ownedGrants)];
    const tags = tagsAfter(withOwned(ownership.owned, gained, change.lost), ownership.holder, tag);
    const present = withoutCopiedTags(servicePrincipal?.tags ?? []);
    const own = tagsOf(present, ownership.holder);
    const leaving = ownership.owned.filter(({ item }) => change.lost.includes(item));
    // If the service principal no longer exists, nothing on it can be handed over.
    const handed: HandedOver = servicePrincipal === undefined ? new Map() : handedOver(live, ownership.holder, leaving);
    const isTagged = isSameSet(own, tags) && handed.size === 0;
    const mustTag = !isTagged && (servicePrincipal !== undefined || isWritten);
    const listed = change.mustList ? [ENTERPRISE_APPLICATION_TAG] : [];
    const others = tagsWith(
        present.filter((one) => !own.includes(one)),
        handed,
        tag.prefix,
    );
    const allTags = [...others, ...listed, ...tags];
    const body = { ...change.body, ...(mustTag || change.mustList ? { tags: allTags } : {}) };
    return {
        servicePrincipal: Object.keys(body).length === 0 ? undefined : { ...change, id: servicePrincipal?.id, body },
        grants,
        changes: [
            ...(isWritten ? ["servicePrincipal"] : []),
            ...grants.flatMap(({ permissions }) => permissions.map((name) => `grantedPermissions/${name}`)),
            ...(mustTag ? [`tags/${tags.join(" ")}`] : []),
        ],
    };
}

function tagsAfter(
    owned: readonly Owned[],
    holder: string,
    { prefix, isAlwaysThere, codes: more = [] }: ConsentTag,
): string[] {
    const codes = owned.filter(({ item }) => isConsentItem(item)).flatMap((entry) => encodeOwned(entry) ?? []);
    return codes.length > 0 || isAlwaysThere ? formatTags(prefix, holder, [...codes, ...more]) : [];
}

export function ownedGrants({ permissions, id }: GrantChange): Owned[] {
    const known = id === undefined ? {} : { id };
    return permissions.map((name) => ({ item: `grantedPermissions/${name}`, ...known, how: "answered" }));
}

function planServicePrincipal(desired: DesiredConsent, objects: LiveObjects, ownership: Ownership): Change {
    const { owned } = ownership;
    const live = objects.servicePrincipal;
    if (!isDesiredServicePrincipal(desired.servicePrincipal)) return NO_CHANGE;
    if (live === undefined) return creation(desired, owned);
    const { isDisabled, isUnlisted } = servicePrincipalDrift(live, desired);
    const { id } = live;
    // A service principal that we created is deleted as a whole, so it needs no entry if we enable or list it again.
    const isOurs = owned.some((entry) => entry.item === "servicePrincipal" && entry.id === id);
    const { servicePrincipalId = id } = ownership;
    const before = id === servicePrincipalId ? desired.before : undefined;
    const isNew = before === undefined;
    const assignment = planAssignment({ ...desired, before }, live, objects, ownership);
    return {
        body: {
            ...(isDisabled ? { accountEnabled: true } : {}),
            ...(assignment.value === undefined ? {} : { appRoleAssignmentRequired: assignment.value }),
        },
        mustList: isUnlisted,
        gained: [
            ...(isDisabled && isNew && !isOurs ? [changed("enabled", id, false)] : []),
            ...(assignment.gained ?? []),
            ...(isUnlisted && !isOurs ? [{ item: "servicePrincipal/tag", id, how: "answered" as const }] : []),
        ],
        lost: assignment.lost ?? [],
    };
}

function creation({ appId, servicePrincipal }: DesiredConsent, owned: readonly Owned[]): Change {
    const needsAssignment = servicePrincipal === ASSIGNMENT_REQUIRED;
    return {
        body: { appId, ...(needsAssignment ? { appRoleAssignmentRequired: true } : {}) },
        mustList: true,
        gained: [{ item: "servicePrincipal", how: "answered" }],
        // If there was an earlier service principal, Entra deleted all our entries together with it.
        lost: owned.map(({ item }) => item).filter((item) => isConsentItem(item)),
    };
}

function changed(setting: "enabled" | "assignment", id: string, from: boolean): Owned {
    return { item: `servicePrincipal/${setting}`, id, changed: { from, to: !from }, how: "answered" };
}

interface AssignmentChange extends Partial<Pick<Change, "gained" | "lost">> {
    /** The value to write. `undefined`: the live value stays. */
    readonly value?: boolean | undefined;
}

/**
 * Plans the setting "Assignment required". If the program no longer sets it, the previous value is restored, unless
 * somebody else changed our value. If another holder needs our value, the value stays, and that holder owns it.
 */
function planAssignment(
    desired: DesiredConsent,
    live: LiveServicePrincipal,
    objects: LiveObjects,
    { holder, owned }: Ownership,
): AssignmentChange {
    const entry = owned.find(({ item, id }) => item === "servicePrincipal/assignment" && id === live.id);
    const { assignment } = servicePrincipalDrift(live, desired);
    if (assignment !== undefined) {
        const change = changed("assignment", live.id, !assignment);
        const isRepair = desired.before === desired.servicePrincipal;
        const isUndone = entry === undefined && undoesAnother(change, holder, objects);
        return { value: assignment, gained: isRepair || isUndone ? [] : [change] };
    }
    if (!desired.leavesAssignment || entry?.changed === undefined) return {};
    const { from, to } = entry.changed;
    const isGoing = to === live.appRoleAssignmentRequired && !isNeededByOthers(entry, holder, objects);
    return { value: isGoing ? from === true : undefined, lost: [entry.item] };
}

function planGrants(
    { grantedPermissions: desired, servicePrincipal }: DesiredConsent,
    live: LiveConsent,
): GrantChange[] {
    // Grants that the caller is not allowed to read are left alone. Without a service principal there can be no grants.
    const canHaveGrants = live.servicePrincipal !== undefined || isDesiredServicePrincipal(servicePrincipal);
    if (live.grants === undefined || !canHaveGrants) return [];
    return PERMISSION_RESOURCES.flatMap((resource): GrantChange[] => {
        const grant = findGrantOf(resource, live);
        const permissions = permissionsOf(resource).filter(
            (permission) => desired.includes(permission) && !(grant && hasScope(grant, permission)),
        );
        if (permissions.length === 0) return [];
        const scope = [grant?.scope.trim() ?? "", ...permissions].filter(Boolean).join(" ");
        return [{ resource, permissions, id: grant?.id, scope }];
    });
}

export function ownsServicePrincipal(owned: readonly Owned[], { servicePrincipal }: LiveConsent): boolean {
    const entry = owned.find(({ item }) => item === "servicePrincipal");
    return (
        entry !== undefined &&
        servicePrincipal !== undefined &&
        (entry.id ?? servicePrincipal.id) === servicePrincipal.id
    );
}

export function ownsGrant(owned: readonly Owned[], permission: Permission, live: LiveConsent): boolean {
    const entry = owned.find(({ item }) => item === `grantedPermissions/${permission}`);
    const grant = findGrant(permission, live);
    return (
        entry !== undefined && grant !== undefined && (entry.id ?? grant.id) === grant.id && hasScope(grant, permission)
    );
}

/**
 * Returns the URL of the page on which an administrator of the tenant consents by hand to all permissions that the
 * application requires. If `portalUrl` is given, Entra sends the administrator to the portal after the consent.
 */
export function consentUrlOf(loginUrl: string, tenantId: string, appId: string, portalUrl?: string): string {
    const back = portalUrl === undefined ? "" : `&redirect_uri=${encodeURIComponent(redirectUriOf(portalUrl))}`;
    return `${loginUrl}/${tenantId}/adminconsent?client_id=${appId}${back}`;
}

// Consent in one tenant: the application's service principal there and the two tenant-wide grants. The same rules hold in
// the tenant of the application and in those of a service provider's customers. Pure.
import { ASSIGNMENT_REQUIRED, ENABLED } from "../inputs/statusTexts";
import type { LiveConsent, LiveGrant } from "../entra/live";
import { withoutOwnTags, type Item } from "./ownership";
import { redirectUriOf } from "../inputs/portalUrl";
import { ENTERPRISE_APPLICATION_TAG, PERMISSIONS, type Permission } from "./permissions";

export interface ConsentWish {
    readonly servicePrincipal: string;
    readonly grantedPermissions: readonly string[];
}

export interface ServicePrincipalChange {
    /** `undefined`: there is none, it has to be made. */
    readonly id: string | undefined;
    readonly body: Readonly<Record<string, unknown>>;
}

export interface GrantChange {
    readonly permission: Permission;
    /** `undefined`: there is none for the resource, it has to be made. */
    readonly id: string | undefined;
    /** The whole scope string, others' scopes included. */
    readonly scope: string;
}

export interface ConsentPlan {
    readonly servicePrincipal: ServicePrincipalChange | undefined;
    readonly grants: readonly GrantChange[];
    /** What becomes ours by it. */
    readonly added: readonly Item[];
}

export interface ConsentSubject {
    readonly appId: string;
    readonly live: LiveConsent;
    /** What is ours already. */
    readonly added: readonly Item[];
    /** What is found otherwise now is put back on release; what is healed later is not. */
    readonly isAdopting: boolean;
}

export function planConsent(wish: ConsentWish, subject: ConsentSubject): ConsentPlan {
    const servicePrincipal = planServicePrincipal(wish, subject);
    const grants = planGrants(wish, subject.live);
    return {
        servicePrincipal: servicePrincipal.change,
        grants,
        added: [...servicePrincipal.added, ...grants.map(({ permission }) => `grantedPermissions/${permission}`)],
    };
}

function planServicePrincipal(
    wish: ConsentWish,
    { appId, live, added, isAdopting }: ConsentSubject,
): { change: ServicePrincipalChange | undefined; added: Item[] } {
    const existing = live.servicePrincipal;
    if (![ENABLED, ASSIGNMENT_REQUIRED].includes(wish.servicePrincipal)) return { change: undefined, added: [] };
    const needsAssignment = wish.servicePrincipal === ASSIGNMENT_REQUIRED;
    if (existing === undefined) {
        const body = {
            appId,
            tags: [ENTERPRISE_APPLICATION_TAG],
            ...(needsAssignment ? { appRoleAssignmentRequired: true } : {}),
        };
        return { change: { id: undefined, body }, added: ["servicePrincipal"] };
    }
    const isTagged = existing.tags.includes(ENTERPRISE_APPLICATION_TAG);
    const mustOpen = existing.appRoleAssignmentRequired && !needsAssignment;
    const body = {
        ...(existing.accountEnabled ? {} : { accountEnabled: true }),
        ...(existing.appRoleAssignmentRequired === needsAssignment
            ? {}
            : { appRoleAssignmentRequired: needsAssignment }),
        ...(isTagged ? {} : { tags: [...withoutOwnTags(existing.tags), ENTERPRISE_APPLICATION_TAG] }),
    };
    const adopted = [
        ...(existing.accountEnabled || !isAdopting ? [] : ["servicePrincipal/enabled"]),
        ...(mustOpen && isAdopting ? ["servicePrincipal/unassigned"] : []),
        // One that we made goes as a whole.
        ...(isTagged || added.includes("servicePrincipal") ? [] : ["servicePrincipal/tag"]),
    ];
    return { change: Object.keys(body).length === 0 ? undefined : { id: existing.id, body }, added: adopted };
}

function planGrants({ grantedPermissions: wanted }: ConsentWish, live: LiveConsent): GrantChange[] {
    // Grants that the caller may not read are left alone.
    if (live.grants === undefined) return [];
    return PERMISSIONS.filter((permission) => wanted.includes(permission)).flatMap((permission): GrantChange[] => {
        const grant = findGrant(permission, live);
        if (grant === undefined) return [{ permission, id: undefined, scope: permission }];
        if (hasScope(grant, permission)) return [];
        return [{ permission, id: grant.id, scope: [grant.scope.trim(), permission].filter(Boolean).join(" ") }];
    });
}

/** The tenant-wide grant of one permission's resource to the application, where there is one. */
export function findGrant(permission: Permission, live: LiveConsent): LiveGrant | undefined {
    const resourceId = permission === "User.Read" ? live.graphServicePrincipalId : live.servicePrincipal?.id;
    return live.grants?.find((grant) => grant.consentType === "AllPrincipals" && grant.resourceId === resourceId);
}

export function hasScope(grant: LiveGrant, permission: Permission): boolean {
    return grant.scope.split(" ").includes(permission);
}

/** Live counterpart of the input `servicePrincipal`. */
export function servicePrincipalStatus({ servicePrincipal }: LiveConsent): string {
    if (servicePrincipal === undefined) return "missing";
    if (!servicePrincipal.accountEnabled) return "disabled";
    if (servicePrincipal.appRoleAssignmentRequired) return ASSIGNMENT_REQUIRED;
    return servicePrincipal.tags.includes(ENTERPRISE_APPLICATION_TAG) ? ENABLED : "not among enterprise applications";
}

/** Live counterpart of the input `grantedPermissions`. */
export function grantedPermissions(live: LiveConsent): readonly Permission[] {
    // Grants go with their service principal: a missing one is named once, by its own input.
    if (live.servicePrincipal === undefined || live.grants === undefined) return PERMISSIONS;
    return PERMISSIONS.filter((permission) => {
        const grant = findGrant(permission, live);
        return grant !== undefined && hasScope(grant, permission);
    });
}

export interface ReleaseGrant {
    readonly id: string;
    /** What is left of the grant; empty: nothing, the grant goes. */
    readonly scope: string;
}

export interface ConsentRelease {
    /** Without a body: it goes as a whole. */
    readonly servicePrincipal:
        { readonly id: string; readonly body: Readonly<Record<string, unknown>> | undefined } | undefined;
    readonly grants: readonly ReleaseGrant[];
}

/** What is taken back; `going`: what is ours and needed by nobody else. */
export function planConsentRelease(live: LiveConsent, going: ReadonlySet<Item>): ConsentRelease {
    const { servicePrincipal } = live;
    // Its deletion would take the grants of others with it.
    if (servicePrincipal && going.has("servicePrincipal") && !hasForeignGrants(live)) {
        return { servicePrincipal: { id: servicePrincipal.id, body: undefined }, grants: [] };
    }
    return { servicePrincipal: releaseServicePrincipal(live, going), grants: releaseGrants(live, going) };
}

/** Grants that cannot be read count as somebody's. */
function hasForeignGrants(live: LiveConsent): boolean {
    if (live.grants === undefined) return true;
    const ours = PERMISSIONS.map((permission) => findGrant(permission, live)?.id);
    const isPermission = (scope: string) => (PERMISSIONS as readonly string[]).includes(scope);
    return live.grants.some(
        ({ id, scope }) => !ours.includes(id) || !scope.split(" ").filter(Boolean).every(isPermission),
    );
}

function releaseServicePrincipal(
    { servicePrincipal }: LiveConsent,
    going: ReadonlySet<Item>,
): ConsentRelease["servicePrincipal"] {
    if (servicePrincipal === undefined) return undefined;
    const { id, accountEnabled, appRoleAssignmentRequired, tags } = servicePrincipal;
    const isTagOurs = going.has("servicePrincipal/tag") && tags.includes(ENTERPRISE_APPLICATION_TAG);
    const body = {
        ...(going.has("servicePrincipal/enabled") && accountEnabled ? { accountEnabled: false } : {}),
        ...(going.has("servicePrincipal/unassigned") && !appRoleAssignmentRequired
            ? { appRoleAssignmentRequired: true }
            : {}),
        ...(isTagOurs ? { tags: withoutOwnTags(tags).filter((tag) => tag !== ENTERPRISE_APPLICATION_TAG) } : {}),
    };
    return Object.keys(body).length === 0 ? undefined : { id, body };
}

function releaseGrants(live: LiveConsent, going: ReadonlySet<Item>): ReleaseGrant[] {
    const permissions = PERMISSIONS.filter((permission) => going.has(`grantedPermissions/${permission}`));
    return permissions.flatMap((permission) => {
        const grant = findGrant(permission, live);
        if (grant === undefined || !hasScope(grant, permission)) return [];
        const rest = grant.scope.split(" ").filter((scope) => scope !== "" && scope !== permission);
        return [{ id: grant.id, scope: rest.join(" ") }];
    });
}

/**
 * Page on which an administrator of the tenant consents by hand, to all that the application requires. `portalUrl`: where
 * Entra sends the administrator afterwards, if it is registered; else Entra's own choice.
 */
export function consentUrlOf(loginUrl: string, tenantId: string, appId: string, portalUrl?: string): string {
    const back = portalUrl === undefined ? "" : `&redirect_uri=${encodeURIComponent(redirectUriOf(portalUrl))}`;
    return `${loginUrl}/${tenantId}/adminconsent?client_id=${appId}${back}`;
}

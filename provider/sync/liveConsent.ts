// Finds the tenant-wide grants in an observation of consent, and compares the service principal and the grants with the
// inputs. Pure.
import type { LiveConsent, LiveGrant, LiveServicePrincipal } from "../entra/live";
import { ALL_USERS, ASSIGNMENT_REQUIRED, ENABLED } from "../inputs/statusTexts";
import {
    ENTERPRISE_APPLICATION_TAG,
    PERMISSIONS,
    rowOf,
    type Permission,
    type PermissionResource,
} from "./permissions";

/** Returns the tenant-wide grant for the API that publishes a permission. */
export function findGrant(permission: Permission, live: LiveConsent): LiveGrant | undefined {
    return findGrantOf(rowOf(permission).resource, live);
}

export function findGrantOf(resource: PermissionResource, live: LiveConsent): LiveGrant | undefined {
    const resourceId = resource === "graph" ? live.graphServicePrincipalId : live.servicePrincipal?.id;
    return live.grants?.find((grant) => grant.consentType === "AllPrincipals" && grant.resourceId === resourceId);
}

export function scopesOf({ scope }: Pick<LiveGrant, "scope">): string[] {
    return scope.split(" ").filter(Boolean);
}

export function hasScope(grant: LiveGrant, permission: Permission): boolean {
    return scopesOf(grant).includes(permission);
}

export interface DesiredServicePrincipal {
    /** The input `servicePrincipal`. */
    readonly servicePrincipal: string;
    /** `true`: "Assignment required" stays as the owner of the service principal sets it. */
    readonly leavesAssignment: boolean;
}

export interface ServicePrincipalDrift {
    readonly isDisabled: boolean;
    /** The service principal is not in the list "Enterprise applications". */
    readonly isUnlisted: boolean;
    /** The value that "Assignment required" must get. `undefined`: the setting is as desired, or left alone. */
    readonly assignment: boolean | undefined;
}

/** Compares a service principal with the desired one. Preview and plan both use this function, so they always agree. */
export function servicePrincipalDrift(
    { accountEnabled, appRoleAssignmentRequired, tags }: LiveServicePrincipal,
    { servicePrincipal, leavesAssignment }: DesiredServicePrincipal,
): ServicePrincipalDrift {
    const desired = servicePrincipal === ASSIGNMENT_REQUIRED;
    return {
        isDisabled: !accountEnabled,
        isUnlisted: !tags.includes(ENTERPRISE_APPLICATION_TAG),
        assignment: leavesAssignment || desired === appRoleAssignmentRequired ? undefined : desired,
    };
}

/**
 * Returns whether the input `servicePrincipal` is a desired value. If the input is in `ignoreChanges`, the engine may
 * pass a live text instead.
 */
export function isDesiredServicePrincipal(text: string): boolean {
    return [ENABLED, ALL_USERS, ASSIGNMENT_REQUIRED].includes(text);
}

/** Returns the live value of the input `servicePrincipal`. */
export function servicePrincipalStatus(
    { servicePrincipal: live }: LiveConsent,
    desired: DesiredServicePrincipal,
): string {
    if (live === undefined) return "missing";
    const { isDisabled, isUnlisted, assignment } = servicePrincipalDrift(live, desired);
    if (isDisabled) return "disabled";
    if (isUnlisted) return "not among enterprise applications";
    if (assignment === undefined) return desired.servicePrincipal;
    return assignment ? ENABLED : ASSIGNMENT_REQUIRED;
}

/** Returns the live value of the input `grantedPermissions`. */
export function grantedPermissions(live: LiveConsent): readonly Permission[] {
    // If the service principal is missing, no grants can exist. The input `servicePrincipal` already shows this, so the
    // grants do not count as missing. Grants that cannot be read count as unchanged.
    if (live.servicePrincipal === undefined || live.grants === undefined) return PERMISSIONS;
    return PERMISSIONS.filter((permission) => {
        const grant = findGrant(permission, live);
        return grant !== undefined && hasScope(grant, permission);
    });
}

/**
 * Returns the beginning of the warning that grants cannot be read. The command `report` searches the output of a
 * preview for this text.
 */
export function grantsNotReadable(what: string): string {
    return `grantedPermissions of ${what} cannot be read`;
}

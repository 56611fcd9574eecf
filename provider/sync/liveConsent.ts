// What rules read in an observation of consent: the service principal, and the tenant-wide grants. Pure.
import type { LiveConsent, LiveGrant, LiveServicePrincipal } from "../entra/live";
import { ALL_USERS, ASSIGNMENT_REQUIRED, ENABLED } from "../inputs/statusTexts";
import {
    ENTERPRISE_APPLICATION_TAG,
    PERMISSIONS,
    rowOf,
    type Permission,
    type PermissionResource,
} from "./permissions";

/** The tenant-wide grant of one permission's resource to the application. */
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

/** What a program says of the service principal. */
export interface DesiredServicePrincipal {
    /** The input `servicePrincipal`. */
    readonly servicePrincipal: string;
    /** Whether "assignment required" is left as the owner of the service principal sets it. */
    readonly leavesAssignment: boolean;
}

export interface ServicePrincipalDrift {
    readonly isDisabled: boolean;
    /** Not in the list "Enterprise applications". */
    readonly isUnlisted: boolean;
    /** What "assignment required" must become. `undefined`: it is as desired, or left alone. */
    readonly assignment: boolean | undefined;
}

/** How a service principal differs. The preview and the plan both use it, so they never disagree. */
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

/** Whether the input says anything about the service principal. `ignoreChanges` may hand back a live text instead. */
export function isDesiredServicePrincipal(text: string): boolean {
    return [ENABLED, ALL_USERS, ASSIGNMENT_REQUIRED].includes(text);
}

/** Live counterpart of the input `servicePrincipal`. */
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

/** Live counterpart of the input `grantedPermissions`. */
export function grantedPermissions(live: LiveConsent): readonly Permission[] {
    // Grants go with their service principal, whose own input already names a missing one.
    if (live.servicePrincipal === undefined || live.grants === undefined) return PERMISSIONS;
    return PERMISSIONS.filter((permission) => {
        const grant = findGrant(permission, live);
        return grant !== undefined && hasScope(grant, permission);
    });
}

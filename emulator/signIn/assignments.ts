// Evaluates assignments of users, groups and applications to an application at sign-in. A direct member of an assigned
// group counts as assigned. A member of a nested group does not.
import { rolesOf } from "../appRoleAssignments";
import type { Viewpoint } from "../foreignApplications";
import type { Application, AppRoleAssignment, ServicePrincipal, TenantUser } from "../graphTypes";
import type { Tenant } from "../tenant";
import { SignInFault } from "./signInError";

/** Returns the ids of the user and of the groups of which the user is a direct member. */
export function principalsOf(tenant: Tenant, { id }: TenantUser): string[] {
    const groups = tenant.groups.all().filter((group) => tenant.membersOf(group.id).includes(id));
    return [id, ...groups.map((group) => group.id)];
}

function assignmentsOf(tenant: Tenant, principalIds: readonly string[], resourceId: string): AppRoleAssignment[] {
    const all = principalIds.flatMap((id) => tenant.appRoleAssignments.inGroup(id));
    return all.filter((one) => one.resourceId === resourceId);
}

/** Returns the values of the `roles` claim. */
export function assignedRoles(
    viewpoint: Viewpoint,
    principalIds: readonly string[],
    resource: ServicePrincipal,
): string[] {
    const ids = new Set(assignmentsOf(viewpoint.tenant, principalIds, resource.id).map(({ appRoleId }) => appRoleId));
    const roles = rolesOf(viewpoint, resource).filter(({ id, isEnabled }) => isEnabled && ids.has(id));
    return roles.flatMap(({ value }) => value ?? []);
}

export function assertAssigned(
    tenant: Tenant,
    user: TenantUser,
    { appId, displayName }: Application,
    principal: ServicePrincipal,
): void {
    if (!principal.appRoleAssignmentRequired) return;
    if (assignmentsOf(tenant, principalsOf(tenant, user), principal.id).length > 0) return;
    const text = `Your administrator has configured the application ${displayName} ('${appId}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '${user.userPrincipalName}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.`;
    throw new SignInFault(400, "invalid_grant", 50105, text);
}

/**
 * If a resource requires assignment, an application that signs in as itself must have an assignment to this resource. A
 * resource needs no assignment to itself.
 */
export function assertApplicationAssigned(
    tenant: Tenant,
    { appId, displayName }: Application,
    principal: ServicePrincipal,
    resource: { readonly principal: ServicePrincipal; readonly name: string },
): void {
    if (!resource.principal.appRoleAssignmentRequired || resource.principal.id === principal.id) return;
    if (assignmentsOf(tenant, [principal.id], resource.principal.id).length > 0) return;
    const text = `Application '${appId}'(${displayName}) is not assigned to a role for the application '${resource.principal.appId}'(${resource.name}).`;
    throw new SignInFault(400, "invalid_grant", 501051, text);
}

// Lists app role assignments as Graph shows them, with the display names of the principal and of the resource.
import type { GraphCall } from "./context";
import { findObject } from "./directoryObjects";
import type { AppRoleAssignment } from "./graphTypes";
import { displayNameOf } from "./servicePrincipalView";

export function shownAssignment(call: GraphCall, assignment: AppRoleAssignment): object {
    return {
        ...assignment,
        principalDisplayName: nameOf(call, assignment.principalId),
        resourceDisplayName: nameOf(call, assignment.resourceId),
    };
}

function nameOf(call: GraphCall, id: string): string | null {
    const found = findObject(call.tenant, id);
    if (found?.type === "servicePrincipal") return displayNameOf(call, found.object);
    return found?.object.displayName ?? null;
}

export function assignmentsFrom(call: GraphCall, principalId: string): object[] {
    const lagMs = call.replica.behind("appRoleAssignment");
    return call.tenant.appRoleAssignments.inGroup(principalId, lagMs).map((one) => shownAssignment(call, one));
}

export function assignmentsTo(call: GraphCall, resourceId: string): object[] {
    const all = call.tenant.appRoleAssignments.all(call.replica.behind("appRoleAssignment"));
    return all.filter((one) => one.resourceId === resourceId).map((one) => shownAssignment(call, one));
}

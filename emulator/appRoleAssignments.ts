// Handles Graph's routes for app role assignments, both of the resource (`appRoleAssignedTo`) and of the principal
// (`appRoleAssignments`). https://learn.microsoft.com/graph/api/resources/approleassignment
import { assignmentsFrom, assignmentsTo, shownAssignment } from "./assignmentLists";
import { created, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { findObject } from "./directoryObjects";
import { backingApplication } from "./foreignApplications";
import { badRequest, detailed, notFound } from "./graphError";
import type { AppRole, AppRoleAssignment, ServicePrincipal } from "./graphTypes";
import { isGuid } from "./guids";
import { GRAPH_APP_ID, MICROSOFT_GRAPH } from "./microsoftGraph";
import { newAssignment } from "./newAssignment";
import { countAnswer, entityAnswer, listAnswer, type Kind } from "./odata/collection";
import { assertMayAssign, assertMayReadAssignments } from "./permissions";
import { existingServicePrincipal } from "./servicePrincipals";
import { existingGroup } from "./groups";
import { existingUser } from "./userRoutes";

const KIND: Kind = {
    set: "appRoleAssignments",
    type: "appRoleAssignment",
    filterable: { principalId: ["eq"], resourceId: ["eq"], principalDisplayName: ["eq", "startswith"] },
    orderable: ["principalDisplayName"],
};

/** The id of "Default access", an assignment without a role. */
const NO_ROLE = "00000000-0000-0000-0000-000000000000";

/** Each route handles the assignments of one object, which is either the resource or the principal. */
interface Side {
    readonly path: string;
    readonly id: string;
    readonly key: "principalId" | "resourceId";
}

type SideOf = (call: GraphCall) => Side;

const principalSide = (collection: string, find: (call: GraphCall) => { readonly id: string }) => (call: GraphCall) => {
    const { id } = find(call);
    return { path: `/${collection}/${id}/appRoleAssignments`, id, key: "principalId" } as const;
};

export const ofResource: SideOf = (call) => {
    const { id } = servicePrincipal(call);
    return { path: `/servicePrincipals/${id}/appRoleAssignedTo`, id, key: "resourceId" };
};
export const ofServicePrincipal: SideOf = principalSide("servicePrincipals", servicePrincipal);
export const ofGroup: SideOf = principalSide("groups", existingGroup);
export const ofUser: SideOf = principalSide("users", existingUser);

function servicePrincipal(call: GraphCall): ServicePrincipal {
    return existingServicePrincipal(call, call.replica.behind("servicePrincipal"));
}

export const listAssignments = (sideOf: SideOf) => (call: GraphCall) => {
    assertMayReadAssignments(call);
    const { path, id, key } = sideOf(call);
    const objects = key === "resourceId" ? assignmentsTo(call, id) : assignmentsFrom(call, id);
    return listAnswer(call, KIND, { path, objects });
};

export const countAssignments = (sideOf: SideOf) => (call: GraphCall) => {
    assertMayReadAssignments(call);
    const { id, key } = sideOf(call);
    return countAnswer(call, KIND, {
        objects: key === "resourceId" ? assignmentsTo(call, id) : assignmentsFrom(call, id),
    });
};

export const getAssignment = (sideOf: SideOf) => (call: GraphCall) => {
    assertMayReadAssignments(call);
    const found = existing(call, sideOf(call), call.replica.behind("appRoleAssignment"));
    return entityAnswer(call, KIND, shownAssignment(call, found));
};

export const deleteAssignment = (sideOf: SideOf) => (call: GraphCall) => {
    assertMayAssign(call);
    call.tenant.appRoleAssignments.remove(existing(call, sideOf(call)).id);
    return NO_CONTENT;
};

function existing({ tenant, params }: GraphCall, { id, key }: Side, lagMs = 0): AppRoleAssignment {
    const wanted = params["assignment"] ?? "";
    const found = tenant.appRoleAssignments.asOf(wanted, lagMs);
    if (found?.[key] === id) return found;
    throw notFound(wanted);
}

export const postAssignment =
    (sideOf: SideOf) =>
    (call: GraphCall): Answer => {
        assertMayAssign(call);
        const side = sideOf(call);
        const { tenant } = call;
        const { appRoleId, principalId, resourceId } = call.body;
        if (!isGuid(appRoleId) || !isGuid(principalId) || !isGuid(resourceId))
            throw badRequest("One or more properties are invalid or missing: appRoleId, principalId, resourceId.");
        if (call.body[side.key] !== side.id) throw badRequest("Not a valid reference update.");
        const principal = findObject(tenant, principalId);
        const resource = tenant.servicePrincipals.asOf(resourceId, call.replica.behind("servicePrincipal"));
        if (!principal || principal.type === "application" || !resource)
            throw badRequest("Not a valid reference update.");
        assertRole(call, resource, appRoleId, principal.type);
        const isSame = (one: AppRoleAssignment) => one.resourceId === resourceId && one.appRoleId === appRoleId;
        if (tenant.appRoleAssignments.inGroup(principalId).some(isSame)) {
            throw detailed(
                "Permission being assigned already exists on the object",
                "InvalidUpdate",
                "appRoleAssignment",
            );
        }
        const principalType = `${principal.type.slice(0, 1).toUpperCase()}${principal.type.slice(1)}`;
        const of = { principalId, principalType, resourceId, appRoleId };
        const assignment = newAssignment(of, new Date(tenant.now()));
        tenant.appRoleAssignments.put(assignment);
        return created(call, "appRoleAssignments", shownAssignment(call, assignment));
    };

export function rolesOf(call: Pick<GraphCall, "tenant" | "tenants">, { appId }: ServicePrincipal): readonly AppRole[] {
    if (appId === GRAPH_APP_ID) return MICROSOFT_GRAPH.appRoles;
    return backingApplication(call, appId)?.application.appRoles ?? [];
}

function assertRole(call: GraphCall, resource: ServicePrincipal, appRoleId: string, type: string): void {
    const roles = rolesOf(call, resource);
    const member = type === "servicePrincipal" ? "Application" : "User";
    const role = roles.find(({ id }) => id === appRoleId);
    // "Default access" can be assigned only if the application has no enabled role for this kind of principal.
    const isDefault =
        appRoleId === NO_ROLE && !roles.some((one) => one.isEnabled && one.allowedMemberTypes.includes(member));
    if (isDefault || (role?.isEnabled === true && role.allowedMemberTypes.includes(member))) return;
    throw badRequest("Permission being assigned was not found on application");
}

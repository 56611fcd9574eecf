// Handles Graph's routes for groups, their members and their owners.
// https://learn.microsoft.com/graph/api/resources/group
import { created, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { badRequest, notFound } from "./graphError";
import type { Group } from "./graphTypes";
import { blankGroup, changedGroup, shownGroup } from "./groupBody";
import { countAnswer, entityAnswer, listAnswer, type Kind } from "./odata/collection";
import { deltaAnswer } from "./odata/delta";
import { assertMayCreateGroups, assertMayReadGroups, assertMayWriteGroup, assertMayWriteMembers } from "./permissions";
import * as references from "./references";
import { relatedObjects } from "./relatedRoutes";

const MEMBER_TYPES = ["user", "group", "servicePrincipal"] as const;
const OWNER_TYPES = ["user", "servicePrincipal"] as const;

function kindFor(call: GraphCall): Kind {
    const { tenant } = call;
    return {
        set: "groups",
        type: "group",
        expand: {
            members: ({ id }: Group) => relatedObjects(call, tenant.membersOf(id)),
            owners: ({ id }: Group) => relatedObjects(call, tenant.ownersOf(id)),
        },
        filterable: {
            id: ["eq"],
            displayName: ["eq", "startswith"],
            groupTypes: ["any"],
            mailEnabled: ["eq"],
            mailNickname: ["eq", "startswith"],
            securityEnabled: ["eq"],
        },
        searchable: ["displayName", "description"],
        orderable: ["displayName"],
    };
}

export function existingGroup(call: GraphCall, lagMs = call.replica.behind("group")): Group {
    const id = call.params["group"] ?? "";
    const found = call.tenant.groups.asOf(id, lagMs);
    if (found) return found;
    throw notFound(id);
}

function listed(call: GraphCall): object[] {
    return call.tenant.groups.all(call.replica.listBehind("group")).map((one) => shownGroup(call, one));
}

export function listGroups(call: GraphCall): Answer {
    assertMayReadGroups(call);
    return listAnswer(call, kindFor(call), { path: "/groups", objects: listed(call) });
}

export function deltaOfGroups(call: GraphCall): Answer {
    assertMayReadGroups(call);
    const show = (one: Group) => shownGroup(call, one);
    return deltaAnswer(call, { kind: kindFor(call), path: "/groups", history: call.tenant.groups, show });
}

export function countGroups(call: GraphCall): Answer {
    assertMayReadGroups(call);
    return countAnswer(call, kindFor(call), { objects: listed(call) });
}

export function getGroup(call: GraphCall): Answer {
    assertMayReadGroups(call);
    return entityAnswer(call, kindFor(call), shownGroup(call, existingGroup(call)));
}

const REQUIRED = ["displayName", "mailEnabled", "mailNickname", "securityEnabled"] as const;

export function postGroup(call: GraphCall): Answer {
    assertMayCreateGroups(call);
    const { tenant, body, caller } = call;
    const missing = REQUIRED.find((name) => body[name] === undefined || body[name] === null);
    if (missing !== undefined) throw badRequest(`A value is required for property '${missing}' of resource 'Group'.`);
    const group = changedGroup(blankGroup(new Date(tenant.now())), body);
    const members = references.boundIds(call, { name: "members", types: MEMBER_TYPES });
    const owners = references.boundIds(call, { name: "owners", types: OWNER_TYPES });
    tenant.groups.put(group);
    tenant.setMembers(group.id, members);
    // If the request names no owner, the caller becomes the owner.
    tenant.setOwners(group.id, owners.length > 0 ? owners : [caller.objectId]);
    return created(call, "groups", shownGroup(call, group));
}

export function patchGroup(call: GraphCall): Answer {
    existingGroup(call);
    const group = existingGroup(call, 0);
    assertMayWriteGroup(call, group.id);
    call.tenant.groups.put(changedGroup(group, call.body));
    const added = references.boundIds(call, { name: "members", types: MEMBER_TYPES });
    const before = call.tenant.membersOf(group.id);
    if (added.some((id) => before.includes(id))) throw references.alreadyExists("members");
    if (added.length > 0) call.tenant.setMembers(group.id, [...before, ...added]);
    return NO_CONTENT;
}

/** Entra also removes the app role assignments of the group. A security group cannot be restored. */
export function deleteGroup(call: GraphCall): Answer {
    const { id } = existingGroup(call, 0);
    assertMayWriteGroup(call, id);
    for (const assignment of call.tenant.appRoleAssignments.inGroup(id)) {
        call.tenant.appRoleAssignments.remove(assignment.id);
    }
    call.tenant.groups.remove(id);
    return NO_CONTENT;
}

function related(call: GraphCall, name: "owners" | "members", lagMs = 0): references.Relationship {
    const { tenant } = call;
    const { id } = existingGroup(call, lagMs);
    const path = `/groups/${id}`;
    return name === "owners"
        ? { name, path, types: OWNER_TYPES, ids: tenant.ownersOf(id, lagMs), set: (ids) => tenant.setOwners(id, ids) }
        : {
              name,
              path,
              types: MEMBER_TYPES,
              ids: tenant.membersOf(id, lagMs),
              set: (ids) => tenant.setMembers(id, ids),
          };
}

type Name = "owners" | "members";

export const readOf =
    (name: Name) =>
    (call: GraphCall): references.Relationship => {
        assertMayReadGroups(call);
        return related(call, name, call.replica.behind("group"));
    };

export const addTo =
    (name: Name) =>
    (call: GraphCall): Answer => {
        assertMayWriteMembers(call, call.params["group"] ?? "");
        return references.addReference(call, related(call, name));
    };

export const removeFrom =
    (name: Name) =>
    (call: GraphCall): Answer => {
        assertMayWriteMembers(call, call.params["group"] ?? "");
        return references.removeReference(call, related(call, name));
    };

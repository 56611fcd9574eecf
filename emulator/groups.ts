// Handles Graph's routes for groups, their members and their owners.
// https://learn.microsoft.com/graph/api/resources/group
import { randomUUID } from "node:crypto";

import { isoSeconds } from "./blankObjects";
import { created, NO_CONTENT, type Answer, type GraphCall } from "./context";
import { badRequest, invalidValue, notFound } from "./graphError";
import type { Group } from "./graphTypes";
import { countAnswer, entityAnswer, listAnswer, type Kind } from "./odata/collection";
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

export function listGroups(call: GraphCall): Answer {
    assertMayReadGroups(call);
    const objects = call.tenant.groups.all(call.replica.listBehind("group"));
    return listAnswer(call, kindFor(call), { path: "/groups", objects });
}

export function countGroups(call: GraphCall): Answer {
    assertMayReadGroups(call);
    return countAnswer(call, kindFor(call), { objects: call.tenant.groups.all(call.replica.listBehind("group")) });
}

export function getGroup(call: GraphCall): Answer {
    assertMayReadGroups(call);
    return entityAnswer(call, kindFor(call), existingGroup(call));
}

const REQUIRED = ["displayName", "mailEnabled", "mailNickname", "securityEnabled"] as const;

export function postGroup(call: GraphCall): Answer {
    assertMayCreateGroups(call);
    const { tenant, body, caller } = call;
    const missing = REQUIRED.find((name) => body[name] === undefined || body[name] === null);
    if (missing !== undefined) throw badRequest(`A value is required for property '${missing}' of resource 'Group'.`);
    const blank: Group = {
        createdDateTime: isoSeconds(new Date(tenant.now())),
        deletedDateTime: null,
        description: null,
        displayName: "",
        groupTypes: [],
        id: randomUUID(),
        isAssignableToRole: null,
        mail: null,
        mailEnabled: false,
        mailNickname: "",
        membershipRule: null,
        membershipRuleProcessingState: null,
        securityEnabled: true,
        visibility: null,
    };
    const group = changed(blank, body);
    const members = references.boundIds(call, { name: "members", types: MEMBER_TYPES });
    const owners = references.boundIds(call, { name: "owners", types: OWNER_TYPES });
    tenant.groups.put(group);
    tenant.setMembers(group.id, members);
    // If the request names no owner, the caller becomes the owner.
    tenant.setOwners(group.id, owners.length > 0 ? owners : [caller.objectId]);
    return created(call, "groups", group);
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
    description: (value) => value === null || (typeof value === "string" && value.length > 0 && value.length <= 1024),
    displayName: (value) => typeof value === "string" && value.length > 0 && value.length <= 256,
    groupTypes: (value) =>
        Array.isArray(value) && value.every((one) => ["Unified", "DynamicMembership"].includes(one as string)),
    isAssignableToRole: (value) => value === null || typeof value === "boolean",
    mailEnabled: (value) => typeof value === "boolean",
    mailNickname: (value) =>
        typeof value === "string" && /^[\x21-\x7e]{1,64}$/.test(value) && !/[@()\\[\]";:<>,]/.test(value),
    membershipRule: (value) => value === null || typeof value === "string",
    membershipRuleProcessingState: (value) => value === null || value === "On" || value === "Paused",
    securityEnabled: (value) => typeof value === "boolean",
    visibility: (value) => value === null || ["Private", "Public", "HiddenMembership"].includes(value as string),
};

function changed(base: Group, body: GraphCall["body"]): Group {
    const sent = Object.entries(body).filter(
        ([name, value]) => !name.includes("@odata") && !(name === "id" && value === base.id),
    );
    for (const [name, value] of sent) {
        const isRight = TYPES[name];
        if (!isRight) throw badRequest(`Invalid property '${name}'.`);
        if (!isRight(value)) throw invalidValue(name, "Group");
    }
    const next = { ...base, ...(Object.fromEntries(sent) as Partial<Group>) };
    if (next.mailEnabled && !next.groupTypes.includes("Unified"))
        throw badRequest(
            "The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.",
        );
    if (!next.mailEnabled && !next.securityEnabled) throw invalidValue("securityEnabled", "Group");
    return next;
}

export function patchGroup(call: GraphCall): Answer {
    existingGroup(call);
    const group = existingGroup(call, 0);
    assertMayWriteGroup(call, group.id);
    call.tenant.groups.put(changed(group, call.body));
    const added = references.boundIds(call, { name: "members", types: MEMBER_TYPES });
    const before = call.tenant.membersOf(group.id);
    if (added.some((id) => before.includes(id))) throw references.alreadyExists("members");
    if (added.length > 0) call.tenant.setMembers(group.id, [...before, ...added]);
    return NO_CONTENT;
}

/** Entra also removes the group's assignments. A security group cannot be restored. */
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

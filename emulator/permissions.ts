// Checks the caller's Graph permissions. With only `Application.ReadWrite.OwnedBy`, a caller may change only the
// applications and service principals that it owns.
// https://learn.microsoft.com/graph/permissions-reference
import type { GraphCall } from "./context";
import { denied } from "./graphError";

const WRITE_ALL = "Application.ReadWrite.All";
const WRITE_OWNED = "Application.ReadWrite.OwnedBy";
const ASSIGN = "AppRoleAssignment.ReadWrite.All";
const DIRECTORY = ["Directory.Read.All", "Directory.ReadWrite.All"];
const READ_APPLICATIONS = ["Application.Read.All", WRITE_ALL, WRITE_OWNED, ...DIRECTORY];
const READ_GRANTS = ["Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All"];
const WRITE_POLICIES = "Policy.ReadWrite.ApplicationConfiguration";
const WRITE_GRANTS = ["DelegatedPermissionGrant.ReadWrite.All"];
const CONDITIONAL_ACCESS = "Policy.ReadWrite.ConditionalAccess";
const WRITE_GROUPS = ["Group.ReadWrite.All", "Directory.ReadWrite.All"];
const READ_GROUPS = [
    ...WRITE_GROUPS,
    "Group.Read.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    ...DIRECTORY,
];
const WRITE_USERS = ["User.ReadWrite.All", "Directory.ReadWrite.All"];
const READ_USERS = [...WRITE_USERS, "User.Read.All", "User.ReadBasic.All", ...DIRECTORY];
const READ_ORGANIZATION = ["Organization.Read.All", "Organization.ReadWrite.All", "User.Read", ...READ_APPLICATIONS];
const READ_DOMAINS = ["Domain.Read.All", "Domain.ReadWrite.All", ...DIRECTORY];

function hasAny({ caller }: GraphCall, permissions: readonly string[]): boolean {
    return permissions.some((permission) => caller.roles.has(permission));
}

function assertAny(call: GraphCall, permissions: readonly string[]): void {
    if (!hasAny(call, permissions)) throw denied();
}

/**
 * By Graph's permissions table, a caller with `Application.ReadWrite.OwnedBy` may read every application and service
 * principal, whoever owns it.
 */
export const assertMayReadApplications = (call: GraphCall): void => assertAny(call, READ_APPLICATIONS);
export const assertMayReadGrants = (call: GraphCall): void => assertAny(call, READ_GRANTS);
export const assertMayWriteGrants = (call: GraphCall): void => assertAny(call, WRITE_GRANTS);
export const assertMayCreate = (call: GraphCall): void => assertAny(call, [WRITE_ALL, WRITE_OWNED]);
/** A caller with only `Application.ReadWrite.OwnedBy` may not add owners (microsoft-graph-docs issue 11297). */
export const assertMayAddOwners = (call: GraphCall): void => assertAny(call, [WRITE_ALL]);

export const assertMayReadPolicies = (call: GraphCall): void => assertAny(call, ["Policy.Read.All", WRITE_POLICIES]);
export const assertMayWritePolicies = (call: GraphCall): void => assertAny(call, [WRITE_POLICIES]);

export const assertMayReadAssignments = (call: GraphCall): void => assertAny(call, [...READ_APPLICATIONS, ASSIGN]);
/** To add or remove an assignment, the caller also needs a permission to read applications. */
export function assertMayAssign(call: GraphCall): void {
    assertAny(call, [ASSIGN]);
    assertAny(call, READ_APPLICATIONS);
}

export const assertMayReadConditionalAccess = (call: GraphCall): void =>
    assertAny(call, ["Policy.Read.All", "Policy.Read.ConditionalAccess"]);
export function assertMayWriteConditionalAccess(call: GraphCall): void {
    assertAny(call, [CONDITIONAL_ACCESS]);
    assertMayReadConditionalAccess(call);
}

export const assertMayReadUsers = (call: GraphCall): void => assertAny(call, READ_USERS);
export const assertMayWriteUsers = (call: GraphCall): void => assertAny(call, WRITE_USERS);
export const assertMayReadOrganization = (call: GraphCall): void => assertAny(call, READ_ORGANIZATION);
export const assertMayReadDomains = (call: GraphCall): void => assertAny(call, READ_DOMAINS);
export const assertMayReadDirectory = (call: GraphCall): void =>
    assertAny(call, [...READ_APPLICATIONS, ...READ_GROUPS, ...READ_USERS]);
export const assertMayReadGroups = (call: GraphCall): void => assertAny(call, READ_GROUPS);
export const assertMayCreateGroups = (call: GraphCall): void => assertAny(call, [...WRITE_GROUPS, "Group.Create"]);

/** A caller with the permission `Group.Create` may also change a group that it owns. */
export function assertMayWriteGroup(call: GraphCall, id: string): void {
    if (!ownsCreated(call, id)) assertAny(call, WRITE_GROUPS);
}

export function assertMayWriteMembers(call: GraphCall, id: string): void {
    if (!ownsCreated(call, id)) assertAny(call, [...WRITE_GROUPS, "GroupMember.ReadWrite.All"]);
}

function ownsCreated(call: GraphCall, id: string): boolean {
    return hasAny(call, ["Group.Create"]) && call.tenant.ownersOf(id).includes(call.caller.objectId);
}

/**
 * A caller with only `Application.ReadWrite.OwnedBy` must own an object in `ids`: the changed object or, for a service
 * principal, its application.
 */
export function assertMayWrite(call: GraphCall, ...ids: (string | undefined)[]): void {
    if (hasAny(call, [WRITE_ALL])) return;
    const owns = ids.some((id) => id !== undefined && call.tenant.ownersOf(id).includes(call.caller.objectId));
    if (!hasAny(call, [WRITE_OWNED]) || !owns) throw denied();
}

export function writesOnlyOwned(call: GraphCall): boolean {
    return !hasAny(call, [WRITE_ALL]) && hasAny(call, [WRITE_OWNED]);
}

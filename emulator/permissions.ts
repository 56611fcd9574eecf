// Checks Graph application permissions. `Application.ReadWrite.OwnedBy` also requires ownership.
// https://learn.microsoft.com/graph/permissions-reference
import type { GraphCall } from "./context";
import { denied } from "./graphError";

const WRITE_ALL = "Application.ReadWrite.All";
const WRITE_OWNED = "Application.ReadWrite.OwnedBy";
const READ_APPLICATIONS = ["Application.Read.All", WRITE_ALL, WRITE_OWNED, "Directory.Read.All"];
const READ_GRANTS = ["Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All"];
const WRITE_POLICIES = "Policy.ReadWrite.ApplicationConfiguration";
const WRITE_GRANTS = ["DelegatedPermissionGrant.ReadWrite.All"];

function hasAny({ caller }: GraphCall, permissions: readonly string[]): boolean {
    return permissions.some((permission) => caller.roles.has(permission));
}

function assertAny(call: GraphCall, permissions: readonly string[]): void {
    if (!hasAny(call, permissions)) throw denied();
}

/** Graph's permissions table allows OwnedBy to read every application and service principal, whoever owns it. */
export const assertMayReadApplications = (call: GraphCall): void => assertAny(call, READ_APPLICATIONS);
export const assertMayReadGrants = (call: GraphCall): void => assertAny(call, READ_GRANTS);
export const assertMayWriteGrants = (call: GraphCall): void => assertAny(call, WRITE_GRANTS);
export const assertMayCreate = (call: GraphCall): void => assertAny(call, [WRITE_ALL, WRITE_OWNED]);
/** Graph refuses to add other principals as owners with OwnedBy (microsoft-graph-docs issue 11297). */
export const assertMayAddOwners = (call: GraphCall): void => assertAny(call, [WRITE_ALL]);

export const assertMayReadPolicies = (call: GraphCall): void => assertAny(call, ["Policy.Read.All", WRITE_POLICIES]);
export const assertMayWritePolicies = (call: GraphCall): void => assertAny(call, [WRITE_POLICIES]);

/** With OwnedBy, the caller must own one of these objects: the object itself, or the application behind it. */
export function assertMayWrite(call: GraphCall, ...ids: (string | undefined)[]): void {
    if (hasAny(call, [WRITE_ALL])) return;
    const owns = ids.some((id) => id !== undefined && call.tenant.ownersOf(id).includes(call.caller.objectId));
    if (!hasAny(call, [WRITE_OWNED]) || !owns) throw denied();
}

export function writesOnlyOwned(call: GraphCall): boolean {
    return !hasAny(call, [WRITE_ALL]) && hasAny(call, [WRITE_OWNED]);
}

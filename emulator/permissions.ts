// Who may do what: Graph application permissions, and ownership where the permission is OwnedBy.
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

/** The permissions table maps GET of applications and service principals to OwnedBy too, whoever owns them. */
export const assertMayReadApplications = (call: GraphCall): void => assertAny(call, READ_APPLICATIONS);
export const assertMayReadGrants = (call: GraphCall): void => assertAny(call, READ_GRANTS);
export const assertMayWriteGrants = (call: GraphCall): void => assertAny(call, WRITE_GRANTS);
export const assertMayCreate = (call: GraphCall): void => assertAny(call, [WRITE_ALL, WRITE_OWNED]);
/** Adding other principals as owners was refused with OwnedBy (msgraph docs issue 11297). */
export const assertMayAddOwners = (call: GraphCall): void => assertAny(call, [WRITE_ALL]);

export const assertMayReadPolicies = (call: GraphCall): void => assertAny(call, ["Policy.Read.All", WRITE_POLICIES]);
export const assertMayWritePolicies = (call: GraphCall): void => assertAny(call, [WRITE_POLICIES]);

/** OwnedBy writes only what the caller owns: the object itself, or the application behind a service principal. */
export function assertMayWrite(call: GraphCall, ...ids: (string | undefined)[]): void {
    if (hasAny(call, [WRITE_ALL])) return;
    const owns = ids.some((id) => id !== undefined && call.tenant.ownersOf(id).includes(call.caller.objectId));
    if (!hasAny(call, [WRITE_OWNED]) || !owns) throw denied();
}

export function writesOnlyOwned(call: GraphCall): boolean {
    return !hasAny(call, [WRITE_ALL]) && hasAny(call, [WRITE_OWNED]);
}

// Checks whether the owners that a program adds exist, and whether the deploying identity may add them. Without this
// check, Entra would refuse them only after other writes.
import { mayWriteOnlyOwned } from "../entra/callerPermissions";
import { missingObjects } from "../entra/directoryObjects";
import type { Session } from "../entra/session";
import { isUnknown, type InputFailure, type RawInputs } from "../inputs/rawInputs";
import type { RestorePortalAppInputs } from "./rules/inputs";
import { MAX_BOUND_OWNERS } from "./rules/registration";

export function newOwners({ owners }: RestorePortalAppInputs, olds: RawInputs): string[] {
    const before = Array.isArray(olds["owners"]) ? (olds["owners"] as unknown[]) : [];
    if (owners === undefined || isUnknown(owners)) return [];
    return owners.filter((owner) => !isUnknown(owner) && !before.includes(owner));
}

/**
 * Refuses owners that Entra would refuse only after other writes: `Application.ReadWrite.OwnedBy` does not allow adding
 * other owners to an existing application (microsoft-graph-docs issue 11297). `present`: the live owners, if they were
 * read.
 */
export function addedOwnerFailures(
    session: Session,
    { owners }: RestorePortalAppInputs,
    present: readonly string[] | undefined,
): InputFailure[] {
    if (present === undefined || owners === undefined || isUnknown(owners) || !mayWriteOnlyOwned(session)) return [];
    const added = owners.filter((owner) => !isUnknown(owner) && !present.includes(owner));
    if (added.length === 0) return [];
    const reason = `adding ${added.join(" and ")} needs the Microsoft Graph application permissions Application.ReadWrite.All and Directory.Read.All, because an identity with Application.ReadWrite.OwnedBy cannot add other owners; grant the deploying identity both permissions, or let an owner of the application add each new owner in the Entra admin center first`;
    return [{ property: "owners", reason }];
}

/** Refuses owners that a registration cannot bind, so that they would have to be added to the new application. */
export function unboundOwnerFailures(session: Session, inputs: RestorePortalAppInputs): InputFailure[] {
    const { owners } = inputs;
    const bound = owners === undefined || isUnknown(owners) ? undefined : owners.slice(0, MAX_BOUND_OWNERS);
    return addedOwnerFailures(session, inputs, bound);
}

export async function ownerFailures(
    session: Session,
    inputs: RestorePortalAppInputs,
    olds: RawInputs,
): Promise<InputFailure[]> {
    const missing = await missingObjects(session, newOwners(inputs, olds));
    return missing.map((owner) => ({
        property: `owners[${inputs.owners?.indexOf(owner) ?? 0}]`,
        reason: `no object of tenant ${session.tenantId} has the id "${owner}"; give the object id of a user or of a service principal (enterprise application), not an Application ID`,
    }));
}

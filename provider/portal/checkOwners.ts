// Checks whether the owners that a program adds exist. Without this check, Entra would refuse them only after other
// writes.
import { missingObjects } from "../entra/directoryObjects";
import type { Session } from "../entra/session";
import { isUnknown, type InputFailure, type RawInputs } from "../inputs/rawInputs";
import type { RestorePortalAppInputs } from "./rules/inputs";

export function newOwners({ owners }: RestorePortalAppInputs, olds: RawInputs): string[] {
    const before = Array.isArray(olds["owners"]) ? (olds["owners"] as unknown[]) : [];
    if (owners === undefined || isUnknown(owners)) return [];
    return owners.filter((owner) => !isUnknown(owner) && !before.includes(owner));
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

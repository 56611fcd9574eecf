// Turns the changes of one request into entries of the directory audit log.
// https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
import type { Changes } from "./journal";
import { assignmentEntries, grantEntries } from "./grantEntries";
import type { Names } from "./names";
import {
    addedApplication,
    addedServicePrincipal,
    changedApplication,
    changedServicePrincipal,
    deletionEntries,
    federationEntries,
    ownerEntries,
} from "./objectEntries";
import { otherEntries } from "./otherEntries";
import type { Draft } from "./record";

export function entriesOf(changes: Changes, names: Names): Draft[] {
    const deleted = changes.of("deleted");
    const moved = new Set(deleted.map(({ before, after }) => (after ?? before)?.id));
    const living = [...changes.of("application"), ...changes.of("servicePrincipal")];
    const restored = new Set(living.flatMap(({ after }) => (after && moved.has(after.id) ? [after.id] : [])));
    // Entra removes and restores grants and assignments together with their service principal, and writes no entries
    // about the grants and assignments.
    const goesAlong = (...ids: string[]) => ids.some((id) => moved.has(id));
    return [
        ...deletionEntries(deleted, restored, names),
        ...applicationEntries(changes, moved, names),
        ...servicePrincipalEntries(changes, moved, names),
        ...federationEntries(changes.of("federatedCredential"), names),
        ...ownerEntries(changes.of("owners"), names),
        ...changes.of("grant").flatMap((one) => {
            const { clientId = "", resourceId = "" } = one.after ?? one.before ?? {};
            return goesAlong(clientId, resourceId) ? [] : grantEntries(one, names);
        }),
        ...changes.of("appRoleAssignment").flatMap((one) => {
            const { principalId = "", resourceId = "" } = one.after ?? one.before ?? {};
            return goesAlong(principalId, resourceId) ? [] : assignmentEntries(one, names);
        }),
        ...otherEntries(changes),
    ];
}

type Moved = ReadonlySet<string | undefined>;

function applicationEntries(changes: Changes, moved: Moved, names: Names): Draft[] {
    return changes.of("application").flatMap(({ before, after }) => {
        if (!after || moved.has(after.id)) return [];
        return before ? changedApplication(before, after, names) : addedApplication(after, names);
    });
}

function servicePrincipalEntries(changes: Changes, moved: Moved, names: Names): Draft[] {
    return changes.of("servicePrincipal").flatMap(({ before, after }) => {
        if (!after || moved.has(after.id)) return [];
        return before ? changedServicePrincipal(before, after, names) : addedServicePrincipal(after, names);
    });
}

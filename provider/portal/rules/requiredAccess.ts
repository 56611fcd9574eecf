// Plans the permissions that an application requires: adds missing ones, and removes our permissions to a scope that no
// longer exists. Pure.
import { OWN_PERMISSION } from "../../sync/ownershipCodes";
import { PERMISSIONS } from "../../sync/permissions";
import { isLeftAlone, type RestorePortalAppInputs } from "./inputs";
import { accessOf, findScope, isRequired, UNCHANGED, type Field, type Managed, type Observation } from "./live";

type Resources = Observation["live"]["application"]["requiredResourceAccess"];

export function planRequiredResourceAccess(
    inputs: RestorePortalAppInputs,
    { live: { application }, managed }: Observation,
): Field {
    const missing = PERMISSIONS.filter((permission) => {
        const isNameable = accessOf(permission, application, managed.scopeId).resourceAppId !== "";
        return (
            inputs.requiredPermissions?.includes(permission) === true &&
            !isRequired(permission, application, managed.scopeId) &&
            isNameable
        );
    });
    const entries = missing.map((permission) => ({
        item: `requiredPermissions/${permission}`,
        ...accessOf(permission, application, managed.scopeId),
    }));
    const outdated = isLeftAlone(inputs, "requiredPermissions") ? [] : outdatedAccess(application, managed);
    if (missing.length + outdated.length === 0) return UNCHANGED;
    const kept = outdated.reduce(
        (list, id) => withoutAccess(list, application.appId, id),
        [...application.requiredResourceAccess],
    );
    const isOutdated = outdated.length > 0;
    const current = managed.owned.filter(({ item, id }) => item === OWN_PERMISSION && !outdated.includes(id ?? ""));
    return {
        body: {
            requiredResourceAccess: entries.reduce<Resources>(
                (list, { resourceAppId, id }) => withAccess(list, resourceAppId, id),
                kept.filter(({ resourceAccess }) => resourceAccess.length > 0),
            ),
        },
        changes: [...entries.map(({ item }) => item), ...outdated.map((id) => `${OWN_PERMISSION}/${id}`)],
        gained: [
            ...(isOutdated ? current : []),
            ...entries.map(({ item, id }) => ({ item, id, how: "answered" as const })),
        ],
        lost: isOutdated ? [OWN_PERMISSION] : [],
    };
}

/**
 * Returns the ids of our entries whose scope the application's owner has replaced by another one. These entries refer
 * to a missing scope.
 */
function outdatedAccess(application: Observation["live"]["application"], { owned }: Managed): string[] {
    const scope = findScope(application);
    const present = application.requiredResourceAccess
        .filter(({ resourceAppId }) => resourceAppId === application.appId)
        .flatMap(({ resourceAccess }) => resourceAccess.map(({ id }) => id));
    return owned
        .filter(({ item, id }) => item === OWN_PERMISSION && scope !== undefined && id !== scope.id)
        .flatMap(({ id }) => (id !== undefined && present.includes(id) ? [id] : []));
}

function withAccess(list: Resources, resourceAppId: string, id: string): Resources {
    const isThere = list.some((entry) => entry.resourceAppId === resourceAppId);
    const entries = isThere ? list : [...list, { resourceAppId, resourceAccess: [] }];
    return entries.map((entry) =>
        entry.resourceAppId === resourceAppId
            ? { ...entry, resourceAccess: [...entry.resourceAccess, { id, type: "Scope" }] }
            : entry,
    );
}

function withoutAccess(list: Resources, resourceAppId: string, id: string): Resources[number][] {
    return list.map((entry) =>
        entry.resourceAppId === resourceAppId
            ? { ...entry, resourceAccess: entry.resourceAccess.filter((one) => one.id !== id || one.type !== "Scope") }
            : entry,
    );
}

// Defines an entry of the directory audit log, in the form of Graph's real entries.
// https://learn.microsoft.com/graph/api/resources/directoryaudit
export interface ModifiedProperty {
    readonly displayName: string;
    readonly oldValue: string | null;
    readonly newValue: string | null;
}

export interface Target {
    readonly id: string;
    readonly displayName: string | null;
    readonly type: string;
    readonly userPrincipalName: string | null;
    readonly groupType: string | null;
    readonly modifiedProperties: readonly ModifiedProperty[];
}

export interface KeyValue {
    readonly key: string;
    readonly value: string;
}

export interface AuditRecord {
    readonly id: string;
    readonly category: string;
    readonly correlationId: string;
    readonly result: "success" | "failure";
    readonly resultReason: string;
    readonly activityDisplayName: string;
    readonly activityDateTime: string;
    readonly loggedByService: string;
    readonly operationType: string;
    readonly initiatedBy: object;
    readonly targetResources: readonly Target[];
    readonly additionalDetails: readonly KeyValue[];
}

/** The content of an entry, before the entry gets its ids and its time. */
export interface Draft {
    readonly activity: string;
    readonly operation: "Add" | "Assign" | "Delete" | "Unassign" | "Update";
    readonly targets: readonly Target[];
    /** Default: `ApplicationManagement`. */
    readonly category?: string;
    /** Default: `Core Directory`. */
    readonly service?: string;
    readonly details?: readonly KeyValue[];
    /** The entry is dated this many milliseconds before the request. */
    readonly earlierMs?: number;
}

export function target(type: string, id: string, more: Partial<Target> = {}): Target {
    return {
        id,
        displayName: null,
        type,
        userPrincipalName: null,
        groupType: null,
        modifiedProperties: [],
        ...more,
    };
}

/**
 * Describes a change of a directory attribute. Both values are JSON lists. A missing value is an empty list. Returns no
 * property if both values are equal.
 */
export function attribute(name: string, before: readonly unknown[], after: readonly unknown[]): ModifiedProperty[] {
    const [oldValue, newValue] = [JSON.stringify(before), JSON.stringify(after)];
    return oldValue === newValue ? [] : [{ displayName: name, oldValue, newValue }];
}

/** Describes a property that is not a directory attribute. Each of its values is a JSON string or null. */
export function derived(name: string, before: string | null, after: string | null): ModifiedProperty {
    const value = (text: string | null) => (text === null ? null : JSON.stringify(text));
    return { displayName: name, oldValue: value(before), newValue: value(after) };
}

/**
 * Describes a property in an entry about an added or removed owner, group member or app role assignment. After an
 * addition, the property has only a new value, and after a removal only an old value.
 */
export function oneSided(name: string, text: string | null, isAdded: boolean): ModifiedProperty {
    return isAdded ? derived(name, null, text) : derived(name, text, null);
}

/** Adds one more property, which lists the names of the changed attributes. Entra does the same. */
export function included(properties: readonly ModifiedProperty[]): ModifiedProperty[] {
    const names = properties.map(({ displayName }) => displayName).join(", ");
    return [...properties, derived("Included Updated Properties", null, names)];
}

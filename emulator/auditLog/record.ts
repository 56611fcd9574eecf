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
    /** How much earlier than the request the time of the entry is. */
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

/** An attribute of the directory. Both values are complete JSON lists. If a value is absent, it is an empty list. */
export function attribute(name: string, before: readonly unknown[], after: readonly unknown[]): ModifiedProperty[] {
    const [oldValue, newValue] = [JSON.stringify(before), JSON.stringify(after)];
    return oldValue === newValue ? [] : [{ displayName: name, oldValue, newValue }];
}

/** A property that is not an attribute. Its value is JSON text. */
export function derived(name: string, before: string | null, after: string | null): ModifiedProperty {
    const value = (text: string | null) => (text === null ? null : JSON.stringify(text));
    return { displayName: name, oldValue: value(before), newValue: value(after) };
}

/** A property of a reference. It has an old value if the reference was removed, otherwise a new one. */
export function oneSided(name: string, text: string | null, isAdded: boolean): ModifiedProperty {
    return isAdded ? derived(name, null, text) : derived(name, text, null);
}

/** Entra also lists the names of the changed attributes. The list is empty if none of them has a name. */
export function included(properties: readonly ModifiedProperty[]): ModifiedProperty[] {
    const names = properties.map(({ displayName }) => displayName).join(", ");
    return [...properties, derived("Included Updated Properties", null, names)];
}

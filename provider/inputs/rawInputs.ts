// Defines the unchecked inputs that the engine passes to `check`. Pure.

/** One refused input. The engine prints the value of the property next to the reason. */
export interface InputFailure {
    /** Empty if the failure is not about a single input. The engine then names only the resource. */
    readonly property: string;
    readonly reason: string;
}

/** Inputs by name. A value may be of any type, or the placeholder for a value that is not known yet. */
export type RawInputs = Readonly<Record<string, unknown>>;

export interface InputFindings {
    readonly failures: InputFailure[];
    readonly warnings: string[];
}

/** The engine's placeholder for a value of any type that a preview does not know yet (pulumi/sdk rpc.ts). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUnknown(value: unknown): boolean {
    return value === UNKNOWN || (Array.isArray(value) && value.some(isUnknown));
}

export function isGuid(value: unknown): value is string {
    return typeof value === "string" && GUID.test(value);
}

// Defines the unchecked inputs that the engine passes to `check`. Pure.

/** One refused input. The engine prints the value of the property next to the reason, unless the property is nested. */
export interface InputFailure {
    /**
     * Empty if the failure is not about a single input, or if the engine must not print the value. The engine then
     * names only the resource.
     */
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

/** The engine's placeholders for unknown values of one type: boolean, number, list, object (pulumi/sdk rpc.go). */
const TYPED_UNKNOWNS: readonly unknown[] = [
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** Replaces each placeholder for an unknown value of one type by `UNKNOWN`. */
export function untypedUnknowns(value: unknown): unknown {
    if (TYPED_UNKNOWNS.includes(value)) return UNKNOWN;
    if (Array.isArray(value)) return value.map(untypedUnknowns);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, untypedUnknowns(part)]));
}

export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUnknown(value: unknown): boolean {
    return value === UNKNOWN || (Array.isArray(value) && value.some(isUnknown));
}

export function isGuid(value: unknown): value is string {
    return typeof value === "string" && GUID.test(value);
}

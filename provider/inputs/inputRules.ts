// Checks inputs that several resources have, and formats their values for messages. Pure.
import { isGuid, isUnknown, type InputFailure, type RawInputs } from "./rawInputs";
import { CLOSED_REGIONS, REGION_NAMES } from "./regions";

const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

export type InputType = "string" | "boolean" | "number" | "strings" | "object";

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Also removes `null`, which the engine sends for an input that a program leaves unset. */
export function withoutUndefined(record: RawInputs): Record<string, unknown> {
    return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null));
}

export function lowerCase(value: unknown): unknown {
    return typeof value === "string" ? value.toLowerCase() : value;
}

/**
 * Formats a value for a message. Never used for a password or a key. Hides text before an `@`, because an address may
 * contain a password there. pulumi/printable.ts hides the values that the program marks as secret.
 */
export function shown(value: unknown): string {
    if (value === undefined || value === null) return "nothing";
    if (typeof value === "object") return typeName(value);
    return typeof value === "string" ? quoted(value.replace(/^.*@/s, "***@")) : JSON.stringify(value);
}

/** Quotes a text without doubling the backslashes of a Windows path. */
export function quoted(text: string): string {
    return JSON.stringify(text).replaceAll("\\\\", "\\");
}

/**
 * Returns whether an input has its old value. If the input is in `ignoreChanges`, the engine passes the value of the
 * last refresh. `check` must accept this value, even if it is a text that a program may not set, such as
 * `not registered`.
 */
export function isUnchanged(property: string, inputs: RawInputs, olds: RawInputs): boolean {
    return JSON.stringify(inputs[property]) === JSON.stringify(olds[property]);
}

const TYPES: Readonly<Record<InputType, { readonly name: string; accepts(value: unknown): boolean }>> = {
    string: { name: "a string", accepts: (value) => typeof value === "string" },
    boolean: { name: "a boolean", accepts: (value) => typeof value === "boolean" },
    number: { name: "a number", accepts: (value) => typeof value === "number" },
    strings: {
        name: "a list of strings",
        accepts: (value) => Array.isArray(value) && value.every((entry) => typeof entry === "string"),
    },
    object: { name: "an object", accepts: (value) => typeof value === "object" && !Array.isArray(value) },
};

/** Returns a failure for each input of a wrong type. */
export function typeFailures(inputs: RawInputs, types: Readonly<Record<string, InputType>>): InputFailure[] {
    return Object.entries(types).flatMap(([property, type]) => {
        const value = inputs[property];
        if (value === undefined || isUnknown(value) || TYPES[type].accepts(value)) return [];
        return [{ property, reason: `must be ${TYPES[type].name}, got ${typeName(value)}` }];
    });
}

/** Returns only the type of a value, because the value itself may be secret. */
export function typeName(value: unknown): string {
    if (Array.isArray(value)) return "a list";
    return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

export function oneOf(inputs: RawInputs, property: string, allowed: readonly string[]): InputFailure[] {
    const value = inputs[property];
    if (typeof value !== "string" || isUnknown(value) || allowed.includes(value)) return [];
    return [{ property, reason: `must be one of ${allowed.map(quoted).join(", ")}, got ${quoted(value)}` }];
}

/**
 * Checks an input that exists only so that a preview can name its drift. Refuses every known value except `value`.
 */
export function fixed(inputs: RawInputs, property: string, value: unknown): InputFailure[] {
    if (isUnknown(inputs[property]) || JSON.stringify(inputs[property]) === JSON.stringify(value)) return [];
    return [{ property, reason: filledIn(value) }];
}

export function filledIn(value: unknown): string {
    const alternative = isUnknown(value) ? "" : `, or set it to ${JSON.stringify(value)}`;
    return `is filled in by the provider; leave it out${alternative}`;
}

export function regionFailures(inputs: RawInputs): InputFailure[] {
    const { region } = inputs;
    const closed =
        typeof region === "string" && Object.hasOwn(CLOSED_REGIONS, region) ? CLOSED_REGIONS[region] : undefined;
    if (closed === undefined) return oneOf(inputs, "region", REGION_NAMES);
    return [{ property: "region", reason: `must not be ${shown(region)}: ${closed}` }];
}

export function applicationIdFailures({ applicationId }: RawInputs): InputFailure[] {
    if (typeof applicationId !== "string" || isUnknown(applicationId) || isGuid(applicationId)) return [];
    return [{ property: "applicationId", reason: guidReason(applicationId) }];
}

export function guidReason(value: unknown): string {
    return `must be a GUID such as 58a0f8e1-97bd-4804-ba69-bf1ed293e017, got ${shown(value)}`;
}

export function tenantIdFailures({ tenantId }: RawInputs): InputFailure[] {
    if (typeof tenantId !== "string" || isUnknown(tenantId) || isGuid(tenantId) || DOMAIN.test(tenantId)) return [];
    return [{ property: "tenantId", reason: `must be a GUID or a verified domain, got ${quoted(tenantId)}` }];
}

export function credentialsFailures({ credentials }: RawInputs): InputFailure[] {
    if (typeof credentials !== "string" || isUnknown(credentials) || /^[A-Za-z][A-Za-z0-9_]*$/.test(credentials))
        return [];
    const reason = `must be a name of letters, digits and _ that begins with a letter, such as "CHINA" for CHINA_AZURE_CLIENT_ID, got ${quoted(credentials)}`;
    return [{ property: "credentials", reason }];
}

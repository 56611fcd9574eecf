// Rules for inputs that several resources have, and the words in which a value is refused. Pure.
import { isGuid, isUnknown, type InputFailure, type RawInputs } from "./rawInputs";

const REGIONS = ["Worldwide", "China", "USGovernment", "USDefence"];
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

export type InputType = "string" | "boolean" | "number" | "strings" | "object";

export function withoutUndefined(record: RawInputs): Record<string, unknown> {
    return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null));
}

export function lowerCase(value: unknown): unknown {
    return typeof value === "string" ? value.toLowerCase() : value;
}

/** `ignoreChanges` hands back what a refresh found, in words that a program would not write. */
export function isUnchanged(property: string, inputs: RawInputs, olds: RawInputs): boolean {
    return JSON.stringify(inputs[property]) === JSON.stringify(olds[property]);
}

export function typeFailures(inputs: RawInputs, types: Readonly<Record<string, InputType>>): InputFailure[] {
    return Object.entries(types).flatMap(([property, type]) => {
        const value = inputs[property];
        if (value === undefined || isUnknown(value) || isOfType(value, type)) return [];
        const wanted = type === "strings" ? "a list of strings" : `a ${type}`;
        return [{ property, reason: `must be ${wanted}, got ${typeof value}` }];
    });
}

function isOfType(value: unknown, type: string): boolean {
    if (type === "strings") return Array.isArray(value) && value.every((entry) => typeof entry === "string");
    return typeof value === type && !Array.isArray(value);
}

export function oneOf(inputs: RawInputs, property: string, allowed: readonly string[]): InputFailure[] {
    const value = inputs[property];
    if (typeof value !== "string" || isUnknown(value) || allowed.includes(value)) return [];
    return [{ property, reason: `must be one of ${allowed.map(quoted).join(", ")}, got ${quoted(value)}` }];
}

// These have a name only so that drift has one; a program has nothing to choose.
export function fixed(inputs: RawInputs, property: string, value: unknown): InputFailure[] {
    if (isUnknown(inputs[property]) || JSON.stringify(inputs[property]) === JSON.stringify(value)) return [];
    return [{ property, reason: `is filled in by the provider and must be left out or be ${JSON.stringify(value)}` }];
}

export function regionFailures(inputs: RawInputs): InputFailure[] {
    if (inputs["region"] !== "Germany") return oneOf(inputs, "region", REGIONS);
    const reason = `must not be "Germany": Microsoft Cloud Germany was closed in October 2021; its tenants moved to "Worldwide"`;
    return [{ property: "region", reason }];
}

export function applicationIdFailures({ applicationId }: RawInputs): InputFailure[] {
    if (typeof applicationId !== "string" || isUnknown(applicationId) || isGuid(applicationId)) return [];
    const reason = `must be a GUID such as 58a0f8e1-97bd-4804-ba69-bf1ed293e017, got ${quoted(applicationId)}`;
    return [{ property: "applicationId", reason }];
}

export function tenantIdFailures({ tenantId }: RawInputs): InputFailure[] {
    if (typeof tenantId !== "string" || isUnknown(tenantId) || isGuid(tenantId) || DOMAIN.test(tenantId)) return [];
    return [{ property: "tenantId", reason: `must be a GUID or a verified domain, got ${quoted(tenantId)}` }];
}

export function credentialsFailures({ credentials }: RawInputs): InputFailure[] {
    if (typeof credentials !== "string" || isUnknown(credentials) || /^[A-Za-z][A-Za-z0-9_]*$/.test(credentials))
        return [];
    const reason = `must be a name of letters, digits and _, such as "CHINA" for CHINA_AZURE_CLIENT_ID, got ${quoted(credentials)}`;
    return [{ property: "credentials", reason }];
}

export function quoted(text: string): string {
    return JSON.stringify(text);
}

// Checks whether a value from outside has the form that the code expects. Pure.

/**
 * Returns the fault of a value, such as `value[3].id is missing`. `undefined`: the value has the form. `at`: the path
 * of the value.
 */
export type Shape = (value: unknown, at?: string) => string | undefined;

export const text = ofType("string", "text");
export const flag = ofType("boolean", "true or false");
export const number = ofType("number", "a number");

/** A text that is a date or a time, such as `2026-06-01T00:00:00Z`. */
export const time: Shape = (value, at = "") =>
    typeof value === "string" && !Number.isNaN(Date.parse(value)) ? undefined : other(value, at, "a time");

/** Returns whether the value has the form. The caller names the type that the shape describes. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function hasShape<T>(value: unknown, shape: Shape): value is T {
    return shape(value) === undefined;
}

export function optional(shape: Shape): Shape {
    return (value, at) => (value === undefined || value === null ? undefined : shape(value, at));
}

export function listOf(shape: Shape): Shape {
    return (value, at = "") => {
        if (!Array.isArray(value)) return other(value, at, "a list");
        return firstProblem(value, (one, index) => shape(one, `${at}[${index}]`));
    };
}

/** Requires these fields, unless their shape is `optional`. Allows further fields. */
export function object(fields: Readonly<Record<string, Shape>>): Shape {
    return (value, at = "") => {
        if (typeof value !== "object" || value === null || Array.isArray(value)) return other(value, at, "an object");
        return firstProblem(Object.entries(fields), ([name, shape]) =>
            shape((value as Record<string, unknown>)[name], at === "" ? name : `${at}.${name}`),
        );
    };
}

function ofType(type: "string" | "boolean" | "number", name: string): Shape {
    return (value, at = "") => (typeof value === type ? undefined : other(value, at, name));
}

function firstProblem<T>(list: readonly T[], problemOf: (one: T, index: number) => string | undefined) {
    for (const [index, one] of list.entries()) {
        const problem = problemOf(one, index);
        if (problem !== undefined) return problem;
    }
    return undefined;
}

function other(value: unknown, at: string, expected: string): string {
    const place = at === "" ? "it" : at;
    if (value === undefined) return `${place} is missing`;
    const came = value === null ? "null" : Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
    return `${place} is ${came} instead of ${expected}`;
}

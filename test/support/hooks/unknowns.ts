// Makes variants of a program with unknown values, as a preview passes them.
import { UNKNOWN } from "../../../provider/inputs/rawInputs";

type Json = Record<string, unknown>;

/** Returns the paths of all values at every level, except the identity, which is always known. */
export function placesOf(program: Json): string[][] {
    const below = (value: unknown, path: string[]): string[][] =>
        typeof value === "object" && value !== null
            ? [path, ...Object.entries(value).flatMap(([name, part]) => below(part, [...path, name]))]
            : [path];
    return Object.entries(program)
        .filter(([name]) => name !== "identity")
        .flatMap(([name, value]) => below(value, [name]));
}

export function withUnknown(program: Json, ...paths: readonly (readonly string[])[]): Json {
    return paths.reduce<Json>((changed, path) => replaced(changed, path) as Json, program);
}

function replaced(value: unknown, [name, ...rest]: readonly string[]): unknown {
    if (name === undefined) return UNKNOWN;
    if (typeof value !== "object" || value === null) return value;
    const inner = replaced((value as Json)[name], rest);
    if (Array.isArray(value)) return value.map((one: unknown, index) => (String(index) === name ? inner : one));
    return { ...value, [name]: inner };
}

export function pairsOf<T>(list: readonly T[]): [T, T][] {
    return list.flatMap((one, index) => list.slice(index + 1).map((other): [T, T] => [one, other]));
}

// Mutates JSON values and texts. Every boundary may use these mutations.
import type { Random } from "../../walk/random";

/** Texts that a terminal, a pipeline or a careless program obeys. */
export const STEERING_TEXTS = [
    "\u001b[2J\u001b[31mred",
    "\u001b]0;title\u0007",
    "\u009b31m",
    "a\r\n::error::planted",
    "\n::set-output name=x::y",
    "##vso[task.setvariable variable=x]y",
    "\n##[error]planted",
    "\u202Egnp.exe",
    "\u2066isolated\u2069",
    "line\u2028separator",
    "\b\b\b\bover",
    "\u0000",
];

/** Values that code seldom expects. */
const ODD_VALUES: readonly unknown[] = [
    null,
    true,
    false,
    0,
    -1,
    1e308,
    9007199254740993,
    "",
    " ",
    "null",
    "undefined",
    [],
    [null],
    [[]],
    {},
    { length: 3 },
    { toString: null, valueOf: null },
    { then: "not a promise" },
    "x".repeat(20_000),
    ...STEERING_TEXTS,
];

export type Path = readonly (string | number)[];

/** Returns the paths of the places in a value, including the value itself. Goes at most 13 levels deep. */
function places(value: unknown, path: Path = [], depth = 0): Path[] {
    if (typeof value !== "object" || value === null || depth > 12) return [path];
    return [path, ...Object.entries(value).flatMap(([key, one]) => places(one, [...path, key], depth + 1))];
}

/** Returns a copy in which one place was replaced, removed, extended or wrapped. */
export function mutateJson(random: Random, value: unknown): unknown {
    const path = random.of(places(value));
    const replacement = (old: unknown): unknown => {
        switch (random.number(8)) {
            case 0:
                return { value: old };
            case 1:
                return [old];
            case 2:
                return typeof old === "object" && old !== null ? JSON.stringify(old) : { [String(old)]: old };
            case 3:
                return Array.isArray(old) ? [...(old as unknown[]), random.of(ODD_VALUES)] : `${String(old)}\u0000`;
            default:
                return random.of(ODD_VALUES);
        }
    };
    return random.chance(0.25) ? without(value, path) : replaced(value, path, replacement);
}

function replaced(value: unknown, [key, ...rest]: Path, replacement: (old: unknown) => unknown): unknown {
    if (key === undefined) return replacement(value);
    const inner = replaced((value as Record<string, unknown>)[key], rest, replacement);
    if (Array.isArray(value))
        return (value as unknown[]).map((one, index) => (String(index) === String(key) ? inner : one));
    return { ...(value as object), [key]: inner };
}

function without(value: unknown, [key, ...rest]: Path): unknown {
    if (key === undefined) return undefined;
    if (rest.length > 0) {
        const inner = without((value as Record<string, unknown>)[key], rest);
        return replaced(value, [key], () => inner);
    }
    if (Array.isArray(value)) return (value as unknown[]).filter((_, index) => String(index) !== String(key));
    return Object.fromEntries(Object.entries(value as object).filter(([name]) => name !== String(key)));
}

/** Returns a copy that was cut, extended, doubled or reversed, or whose characters or line breaks were changed. */
export function mutateText(random: Random, text: string): string {
    const at = random.number(text.length + 1);
    switch (random.number(8)) {
        case 0:
            return text.slice(0, at);
        case 1:
            return text.slice(at);
        case 2:
            return text.slice(0, at) + random.of(STEERING_TEXTS) + text.slice(at);
        case 3:
            return `\uFEFF${text}`;
        case 4:
            return text.slice(0, at) + String.fromCharCode(random.number(0x250)) + text.slice(at + 1);
        case 5:
            return text + text;
        case 6:
            return Buffer.from(text).reverse().toString();
        default:
            return text.replaceAll(/\r?\n|(?<=.{40})/g, random.of(["\n", "\r\n", "\r", " "]));
    }
}

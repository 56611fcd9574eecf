// Refuses names that are not inputs, and suggests the most similar input. Without this check, a misspelled
// input would silently have no effect. Pure.
import { distance } from "fastest-levenshtein";

import { isRecord } from "./inputRules";
import type { InputFailure } from "./rawInputs";

/** The input names at one level of the arguments. */
export interface KnownNames {
    /** Name of the resource or input that has these inputs, for messages: `RestorePortalApp`, `source.generate`. */
    readonly of: string;
    readonly known: readonly string[];
    /** Names that `check` fills in. They are not refused here, and messages do not suggest them. */
    readonly filled?: readonly string[];
    /** Path of the object. Empty at the top level. */
    readonly path?: string;
}

const NOT_AN_INPUT = "is not an input of";

/** Returns one failure for each unknown name. An input that is `undefined` or `null` counts as left out. */
export function unknownNames(value: unknown, { of, known, filled = [], path = "" }: KnownNames): InputFailure[] {
    if (!isRecord(value)) return [];
    return Object.entries(value).flatMap(([name, given]) => {
        if (given === undefined || given === null || known.includes(name) || filled.includes(name)) return [];
        const nearest = nearestName(name, known);
        const remedy =
            nearest === undefined
                ? `remove it, or write one of these: ${known.join(", ")}`
                : `write ${nearest}, or remove it`;
        const property = path === "" ? name : `${path}.${name}`;
        return [{ property, reason: `${NOT_AN_INPUT} ${of}; ${remedy}` }];
    });
}

/**
 * Returns whether a failure is about an unknown name. The engine must not print the value of a misspelled input,
 * because the value may be a secret.
 */
export function isUnknownName({ reason }: InputFailure): boolean {
    return reason.startsWith(NOT_AN_INPUT);
}

/** Returns the known name that differs in only a few letters, or only in upper and lower case. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
    const plain = (text: string) => text.replace(/[^a-z0-9]/gi, "").toLowerCase();
    const [nearest] = known
        .map((candidate) => ({ candidate, letters: distance(plain(name), plain(candidate)) }))
        .filter(({ candidate, letters }) => letters <= Math.max(1, Math.floor(candidate.length / 3)))
        .sort((a, b) => a.letters - b.letters);
    return nearest?.candidate;
}

// Keeps the old spelling of an input if a new spelling has the same meaning. So the new spelling is not a change. Pure.
import { isDeepStrictEqual } from "node:util";

import { isRecord } from "./inputRules";
import type { RawInputs } from "./rawInputs";

export type IsSame = (now: string, before: string) => boolean;

/**
 * Returns the inputs. An input keeps its old spelling if its rule says that both spellings mean the same. The order of
 * a list does not matter.
 */
export function keepingSpelling(inputs: RawInputs, olds: unknown, rules: Readonly<Record<string, IsSame>>): RawInputs {
    if (!isRecord(olds)) return inputs;
    const kept = Object.entries(rules).filter(
        ([name, isSame]) =>
            name in inputs &&
            !isDeepStrictEqual(inputs[name], olds[name]) &&
            isSameValue(inputs[name], olds[name], isSame),
    );
    return { ...inputs, ...Object.fromEntries(kept.map(([name]) => [name, olds[name]])) };
}

function isSameValue(now: unknown, before: unknown, isSame: IsSame): boolean {
    if (typeof now === "string" && typeof before === "string") return isSame(now, before);
    if (!isTexts(now) || !isTexts(before)) return false;
    const isIn = (one: string, list: readonly string[]) => list.some((other) => isSame(one, other));
    return now.every((one) => isIn(one, before)) && before.every((one) => isIn(one, now));
}

function isTexts(value: unknown): value is readonly string[] {
    return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

export const isEqual: IsSame = (now, before) => now === before;

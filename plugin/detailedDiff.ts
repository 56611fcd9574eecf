// Compares the old inputs of a resource with the new ones, as the engine does for a dynamic provider. So a preview
// shows the old and the new value of each property that changes. Pure.
import { rootOf } from "../provider/inputs/givenInputs";
import { stepTo, type Decoded } from "./values";

export type ChangeKind = "add" | "delete" | "update";

/**
 * Returns the path of each input that changes, with the kind of change. Properties of the protocol, such as
 * `__provider`, are not inputs.
 */
export function changedPaths(
    olds: Decoded,
    news: Decoded,
    ignored: readonly string[] = [],
): ReadonlyMap<string, ChangeKind> {
    const changes = new Map<string, ChangeKind>();
    compare(olds.values, news.values, "", changes);
    // The mark of a secret is stored with the outputs, so a new or a removed mark needs an update.
    for (const path of [...olds.secret, ...news.secret])
        if (olds.secret.includes(path) !== news.secret.includes(path) && !isCovered(path, changes))
            changes.set(path, "update");
    const isIgnored = (path: string) =>
        ignored.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`));
    return new Map([...changes].filter(([path]) => !rootOf(path).startsWith("__") && !isIgnored(path)));
}

function isCovered(path: string, changes: ReadonlyMap<string, ChangeKind>): boolean {
    return [...changes.keys()].some((changed) => path === changed || path.startsWith(changed));
}

function compare(old: unknown, now: unknown, path: string, changes: Map<string, ChangeKind>): void {
    if (isEqual(old, now)) return;
    if (isAbsent(old)) changes.set(path, "add");
    else if (isAbsent(now)) changes.set(path, "delete");
    else if (isNested(old) && isNested(now) && Array.isArray(old) === Array.isArray(now)) {
        const names = new Set([...Object.keys(old), ...Object.keys(now)]);
        for (const name of names) {
            const next = Array.isArray(now) ? `${path}[${name}]` : stepTo(path, name);
            compare(old[name], now[name], next, changes);
        }
    } else changes.set(path, "update");
}

function isNested(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null;
}

function isAbsent(value: unknown): boolean {
    return value === undefined || value === null;
}

function isEqual(old: unknown, now: unknown): boolean {
    return old === now || (isAbsent(old) && isAbsent(now));
}

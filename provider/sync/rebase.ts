// Applies a planned change to a newer version of an object, if somebody else wrote between our observation and our
// write. Graph replaces whole lists and has no ETag, so this step keeps the entries of others. Pure.
import { parseTag } from "./tags";

type Fields = Readonly<Record<string, unknown>>;
type Entry = string | Fields;

/**
 * `base`: the object as it was observed. `sent`: the body that was made from `base`. `before`: the object immediately
 * before the write. Returns a body that keeps the changes of others. `undefined`: `sent` already keeps them.
 */
export function rebase(base: Fields, sent: Fields, before: Fields): Fields | undefined {
    const rebased = Object.fromEntries(
        Object.entries(sent).map(([name, value]) => [name, rebaseField(name, base[name], value, before[name])]),
    );
    return isSame(rebased, sent) ? undefined : rebased;
}

/** Returns whether a list in the body changed between observation and write. Then the plan was based on stale data. */
export function hasMoved(base: Fields, sent: Fields, before: Fields): boolean {
    const only = (fields: Fields) => Object.fromEntries(Object.keys(sent).map((name) => [name, fields[name]]));
    return rebase(base, only(base), before) !== undefined || rebase(before, only(before), base) !== undefined;
}

/** Returns the entries of a repaired body that are missing in `sent`. The caller puts these entries back. */
export function entriesBeyond(sent: Fields, repaired: Fields): Fields {
    const entries = Object.entries(repaired).map(([name, value]): [string, unknown] => {
        const other = sent[name];
        if (isList(value) && isList(other))
            return [name, value.filter((entry) => find(name, other, entry) === undefined)];
        if (isScope(name, value, other)) {
            return [
                name,
                words(value)
                    .filter((word) => !words(String(other)).includes(word))
                    .join(" "),
            ];
        }
        return [name, isObject(value) && isObject(other) ? entriesBeyond(other, value) : undefined];
    });
    return Object.fromEntries(entries.filter(([, value]) => !isEmpty(value)));
}

/** Returns the body that adds the entries `lost` to a live object. `undefined`: the object has all of them. */
export function withEntries(live: Fields, lost: Fields): Fields | undefined {
    const entries = Object.entries(lost).flatMap(([name, value]): [string, unknown][] => {
        const now = live[name];
        if (isList(value) && isList(now)) {
            const missing = value.filter((entry) => find(name, now, entry) === undefined);
            return missing.length === 0 ? [] : [[name, [...now, ...missing]]];
        }
        if (isScope(name, value, now)) {
            const missing = words(value).filter((word) => !words(String(now)).includes(word));
            return missing.length === 0 ? [] : [[name, [...words(String(now)), ...missing].join(" ")]];
        }
        const inner = isObject(value) && isObject(now) ? withEntries(now, value) : undefined;
        return inner ? [[name, inner]] : [];
    });
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isEmpty(value: unknown): boolean {
    if (isList(value)) return value.length === 0;
    return value === undefined || value === "" || (isObject(value) && Object.keys(value).length === 0);
}

function rebaseField(name: string, base: unknown, sent: unknown, before: unknown): unknown {
    if (isList(base) && isList(sent) && isList(before)) return rebaseList(name, base, sent, before);
    if (isScope(name, sent, base) && typeof base === "string" && typeof before === "string") {
        return (rebaseList(name, words(base), words(sent), words(before)) as string[]).join(" ");
    }
    // In `api`, `spa`, `web` and `publicClient` the lists are one level deeper.
    if (isObject(base) && isObject(sent) && isObject(before)) return rebase(base, sent, before) ?? sent;
    return sent;
}

/** The `scope` of a grant is the only text property that contains a list. */
function isScope(name: string, a: unknown, b: unknown): a is string {
    return name === "scope" && typeof a === "string" && typeof b === "string";
}

function rebaseList(name: string, base: readonly Entry[], sent: readonly Entry[], before: readonly Entry[]): Entry[] {
    // If an entry is missing immediately before the write, somebody removed it, or the replica lags. The read does not
    // show which of the two happened, so the entry stays in the body.
    const kept = sent.map((entry) => {
        const [observed, now] = [find(name, base, entry), find(name, before, entry)];
        return observed === undefined || now === undefined ? entry : rebaseEntry(name, observed, entry, now);
    });
    const theirs = before.filter(
        (entry) => find(name, base, entry) === undefined && find(name, sent, entry) === undefined,
    );
    return [...kept, ...theirs];
}

/** Each field that we did not change keeps its present value. */
function rebaseEntry(name: string, base: Entry, sent: Entry, now: Entry): Entry {
    if (typeof sent === "string" || typeof base === "string" || typeof now === "string") return sent;
    // Graph shows the bytes of a key only if `$select` names `keyCredentials`. So the bytes are not compared.
    if (name === "keyCredentials" && isSame({ ...base, key: null }, { ...now, key: null })) return sent;
    if (isSame(base, sent)) return now;
    const names = [...new Set([...Object.keys(now), ...Object.keys(sent)])];
    return Object.fromEntries(
        names.map((field) => {
            const value = isSame(sent[field], base[field])
                ? now[field]
                : rebaseField(field, base[field], sent[field], now[field]);
            return [field, value];
        }),
    );
}

/** The fields that identify an entry of a list, even if its other fields change. */
const IDENTITIES: Readonly<Record<string, readonly string[]>> = {
    keyCredentials: ["keyId"],
    passwordCredentials: ["keyId"],
    oauth2PermissionScopes: ["id"],
    requiredResourceAccess: ["resourceAppId"],
    resourceAccess: ["id", "type"],
};

function find(name: string, list: readonly Entry[], entry: Entry): Entry | undefined {
    return list.find((other) => keyOf(name, other) === keyOf(name, entry));
}

function keyOf(name: string, entry: Entry): string {
    if (typeof entry === "string") return tagKey(entry);
    const identity = IDENTITIES[name];
    // An entry without an identity is the same only if all fields are equal.
    return JSON.stringify(identity ? identity.map((field) => entry[field]) : entry);
}

/**
 * A holder's tag is the same tag even if its codes change. Every other text, such as a redirect URI, is identified by
 * the whole text.
 */
function tagKey(text: string): string {
    const tag = parseTag(text);
    return tag ? `${tag.prefix}:${tag.holder}` : text;
}

function isList(value: unknown): value is readonly Entry[] {
    return Array.isArray(value);
}

function words(scope: string): string[] {
    return scope.split(" ").filter(Boolean);
}

function isObject(value: unknown): value is Fields {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
    return JSON.stringify(a) === JSON.stringify(b);
}

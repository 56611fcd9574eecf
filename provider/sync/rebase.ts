// What to write when somebody else wrote between our look and our write: the same change, made to what was really there.
// Graph replaces lists whole and has no ETag, so this is what keeps others' entries. Pure.

type Fields = Readonly<Record<string, unknown>>;
type Entry = string | Fields;

/**
 * `base`: the object as it was looked at; `sent`: the body made from it; `before`: the object right before the write.
 * Answers the body that undoes nothing of others; `undefined`: what was sent is that already.
 */
export function rebase(base: Fields, sent: Fields, before: Fields): Fields | undefined {
    const rebased = Object.fromEntries(
        Object.entries(sent).map(([name, value]) => [name, rebaseField(name, base[name], value, before[name])]),
    );
    return isSame(rebased, sent) ? undefined : rebased;
}

/** Whether a list that the body replaces was another one right before the write: then the look was out of date. */
export function hasMoved(base: Fields, sent: Fields, before: Fields): boolean {
    const only = (fields: Fields) => Object.fromEntries(Object.keys(sent).map((name) => [name, fields[name]]));
    return rebase(base, only(base), before) !== undefined || rebase(before, only(before), base) !== undefined;
}

function rebaseField(name: string, base: unknown, sent: unknown, before: unknown): unknown {
    if (isList(base) && isList(sent) && isList(before)) return rebaseList(base, sent, before);
    // The only text that is a list: the scopes of a grant.
    if (name === "scope" && typeof base === "string" && typeof sent === "string" && typeof before === "string") {
        return (rebaseList(words(base), words(sent), words(before)) as string[]).join(" ");
    }
    // `api`, `spa`, `web`, `publicClient`: the lists lie one level deeper.
    if (isObject(base) && isObject(sent) && isObject(before)) return rebase(base, sent, before) ?? sent;
    return sent;
}

function rebaseList(base: readonly Entry[], sent: readonly Entry[], before: readonly Entry[]): Entry[] {
    // What is missing right before the write was taken away since, or the replica that was read is behind: it stays.
    const kept = sent.map((entry) => {
        const [looked, now] = [find(base, entry), find(before, entry)];
        return looked === undefined || now === undefined ? entry : rebaseEntry(looked, entry, now);
    });
    const theirs = before.filter((entry) => find(base, entry) === undefined && find(sent, entry) === undefined);
    return [...kept, ...theirs];
}

function rebaseEntry(base: Entry, sent: Entry, now: Entry): Entry {
    if (typeof sent === "string" || typeof base === "string" || typeof now === "string") return sent;
    // A key credential cannot be edited, and goes back as it was read.
    if ("keyId" in sent) return sent;
    return isSame(base, sent) ? now : { ...sent, ...(rebase(base, onlyLists(sent), now) ?? {}) };
}

/** Of `requiredResourceAccess`: each resource holds a list of its own. */
function onlyLists(entry: Fields): Fields {
    return Object.fromEntries(Object.entries(entry).filter(([, value]) => isList(value)));
}

function find(list: readonly Entry[], entry: Entry): Entry | undefined {
    return list.find((other) => keyOf(other) === keyOf(entry));
}

function keyOf(entry: Entry): string {
    // The tag of one resource says something else each time, and is the same tag.
    if (typeof entry === "string") return /^(restore-portal|portal-consent):\w+:/.exec(entry)?.[0] ?? entry;
    const { keyId, resourceAppId, id, type } = entry as Readonly<Record<string, string | undefined>>;
    return keyId ?? resourceAppId ?? `${id ?? ""}/${type ?? ""}`;
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

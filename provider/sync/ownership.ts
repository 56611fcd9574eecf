// What a resource owns in Entra: the things that it made, and the values that it changed. Nothing else is ever taken
// away. State keeps the record. Tags on the object keep it too, written in the same request as the change. Pure.
import { isConsentItem, type Item, type LiveObjects, type Owned, type Ownership } from "./owned";
import { decodeOwned, encodeOwned, OWN_PERMISSION } from "./ownershipCodes";
import { codesOf, othersOf, tagsOf, withoutCopiedTags } from "./tags";

/** All tags that may speak of what a resource holds. Copies of an application's tags on a service principal do not. */
function allTags({ application, servicePrincipal }: LiveObjects): string[] {
    return [...(application?.tags ?? []), ...withoutCopiedTags(servicePrincipal?.tags ?? [])];
}

/**
 * What the resource owns now. State is right while the live tags are the ones that it noted. Other tags were written
 * later: by a deployment that was killed before its state was saved, or by a resource that left and handed things over.
 */
export function currentOwnership({ holder, owned, tags: noted }: Ownership, live: LiveObjects): Ownership {
    const { application, consent } = ownTags(holder, live);
    const decoded = decodeOwned(codesOf([...application, ...consent], holder), live);
    // Tags that somebody took away say nothing, so state is all that is left.
    const isNoted = (tags: readonly string[], prefix: RegExp) =>
        tags.length === 0 || isSameSet(tags, noted?.filter((tag) => prefix.test(tag)) ?? []);
    const [isApplicationNoted, isConsentNoted] = [
        isNoted(application, /^restore-portal:/),
        isNoted(consent, /consent:/),
    ];
    const kept =
        noted === undefined
            ? owned
            : owned.filter(({ item }) => (isConsentItem(item) ? isConsentNoted : isApplicationNoted));
    const newer = isApplicationNoted && isConsentNoted ? [] : decoded;
    return {
        holder,
        owned: withOwned(
            kept,
            newer.filter(({ item }) => !has(kept, item)),
        ),
        tags: [...application, ...consent],
    };
}

function ownTags(holder: string, live: LiveObjects) {
    const application = tagsOf(live.application?.tags ?? [], holder);
    return { application, consent: tagsOf(withoutCopiedTags(live.servicePrincipal?.tags ?? []), holder) };
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
    return a.length === b.length && a.every((entry) => b.includes(entry));
}

export function has(owned: readonly Owned[], item: Item): boolean {
    return owned.some((one) => one.item === item);
}

/** The record with further entries. A value that is changed again keeps what it was at first. */
export function withOwned(owned: readonly Owned[], gained: readonly Owned[], lost: readonly Item[] = []): Owned[] {
    const kept = owned.filter(({ item }) => !lost.includes(item) && !has(gained, item));
    const next = gained.flatMap((entry) => {
        const before = owned.find(({ item }) => item === entry.item);
        if (!entry.changed || !before?.changed) return [entry];
        const changed = { from: before.changed.from, to: entry.changed.to };
        // A value that is as it was at first is no longer changed.
        return changed.from === changed.to ? [] : [{ ...entry, changed }];
    });
    return [...kept, ...next].sort((a, b) => a.item.localeCompare(b.item));
}

/** The other resources of this provider that hold something on the same objects, in this or another stack. */
export function otherHolders(holder: string, live: LiveObjects): string[] {
    return othersOf(allTags(live), holder);
}

/** Whether another holder needs an item. */
export function isNeededByOthers(entry: Owned, holder: string, live: LiveObjects): boolean {
    return heirOf(entry, holder, live) !== undefined;
}

/** The other holder that takes an item over when this one gives it up. */
export function heirOf(entry: Owned, holder: string, live: LiveObjects): string | undefined {
    const tags = allTags(live);
    const others = othersOf(tags, holder);
    if (isOfAnotherScope(entry, live)) return undefined;
    const code = needCodeOf(entry);
    // What every portal needs is needed by all. The rest is needed by those whose tags name it.
    if (code === undefined) return others[0];
    const names = (other: string) => codesOf(tags, other).some((one) => isCodeOf(one.replace(/^~/, ""), code));
    return others.find(names);
}

/** A permission to a scope in whose place its owner has put another one leads nowhere, so nobody needs it. */
function isOfAnotherScope({ item, id }: Owned, { application }: LiveObjects): boolean {
    const scope = application?.api.oauth2PermissionScopes.find(({ value }) => value === "access_as_user");
    return item === OWN_PERMISSION && id !== undefined && scope !== undefined && scope.id !== id;
}

/** How the tags of a holder name an item that only some programs have. `undefined`: every portal needs it. */
function needCodeOf(entry: Owned): string | undefined {
    if (/^(redirectUris|certificates)\//.test(entry.item)) return encodeOwned(entry);
    return NEEDED_SETTINGS.find(({ item }) => item === entry.item)?.code;
}

function isCodeOf(code: string, need: string): boolean {
    if (/^[uc]/.test(need)) return code === need;
    return need === "pa" ? code === "pa" || code === "pu" : code[0] === need;
}

/** Values that a program may leave unsaid. A tag names them by `~` and the code if the program says them. */
export const NEEDED_SETTINGS = [
    { item: "signInAudience", code: "a" },
    { item: "serviceManagementReference", code: "m" },
    { item: "servicePrincipal/assignment", code: "pa" },
] as const;

// Determines which entries a resource owns in Entra, because it added or changed them. The provider removes no other
// entries. Pulumi's state contains the record of these entries, and so do tags in Entra. The request that makes a
// change also writes the tags. For a grant, an earlier request writes them. Pure.
import { isConsentItem, type Item, type LiveObjects, type Owned, type Ownership } from "./owned";
import {
    decodeOwned,
    encodeOwned,
    isNamedBy,
    isValueItem,
    OWN_PERMISSION,
    valueCode,
    valueHash,
    type ValueCode,
} from "./ownershipCodes";
import { findGrant } from "./liveConsent";
import type { Permission } from "./permissions";
import { codesOf, othersOf, tagsOf, withoutCopiedTags } from "./tags";

/** Returns the tags of both objects, without Entra's copies of our application tags on the service principal. */
function allTags({ application, servicePrincipal }: LiveObjects): string[] {
    return [...(application?.tags ?? []), ...withoutCopiedTags(servicePrincipal?.tags ?? [])];
}

/**
 * Returns the current record of ownership. If the live tags equal the tags in state, the record in state is right. Tags
 * that differ were written later: by a deployment that was killed before it saved its state, or when entries of another
 * resource were handed over to this one.
 */
export function currentOwnership({ holder, owned, tags: noted }: Ownership, live: LiveObjects): Ownership {
    const { application, consent } = ownTags(holder, live);
    const codes = codesOf([...application, ...consent], holder);
    const texts = owned.map(({ changed }) => changed?.to).filter((text) => typeof text === "string");
    const decoded = decodeOwned(codes, live, texts);
    // If somebody removed the tags from the object, the record in state counts.
    const isNoted = (tags: readonly string[], prefix: RegExp) =>
        tags.length === 0 || isSameSet(tags, noted?.filter((tag) => prefix.test(tag)) ?? []);
    const [isApplicationNoted, isConsentNoted] = [
        isNoted(application, /^restore-portal:/),
        isNoted(consent, /consent:/),
    ];
    const known =
        noted === undefined
            ? // A state of release 0.1.0 lists all planned entries, even those that Entra refused. The tags of that
              // release name only entries that Entra accepted.
              owned.filter((entry) => codes.length === 0 || isNamedBy(codes, entry))
            : owned.filter(
                  (entry) =>
                      (isConsentItem(entry.item) ? isConsentNoted : isApplicationNoted) ||
                      // A tag cannot contain a long text, so newer tags do not show whether the entry still exists.
                      (encodeOwned(entry) === undefined && !has(decoded, entry.item)),
              );
    const kept = known.filter((entry) => isOfLiveObject(entry, live));
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

/**
 * If somebody replaced the service principal, Entra deleted our entries together with the old one. The new service
 * principal does not belong to this resource.
 */
function isOfLiveObject({ item, id }: Owned, live: LiveObjects): boolean {
    const { servicePrincipal } = live;
    if (!isConsentItem(item) || id === undefined || servicePrincipal === undefined) return true;
    const [kind = "", value = ""] = item.split("/");
    if (kind === "servicePrincipal") return id === servicePrincipal.id;
    const grant = findGrant(value as Permission, live);
    return grant === undefined || grant.id === id;
}

function ownTags(holder: string, live: LiveObjects) {
    const application = tagsOf(live.application?.tags ?? [], holder);
    return { application, consent: tagsOf(withoutCopiedTags(live.servicePrincipal?.tags ?? []), holder) };
}

export function isSameSet(a: readonly string[], b: readonly string[]): boolean {
    return a.length === b.length && a.every((entry) => b.includes(entry));
}

export function has(owned: readonly Owned[], item: Item): boolean {
    return owned.some((one) => one.item === item);
}

/**
 * Returns the items that a deployment gave up although it failed or was killed: the items of the record in state that
 * the record `now` does not contain.
 */
export function givenUpSince({ owned, givenUp = [] }: Ownership, now: Ownership): Item[] {
    const items = [...owned.map(({ item }) => item), ...givenUp].filter((item) => !has(now.owned, item));
    return [...new Set(items)];
}

/** Adds gained entries to the record, and removes lost ones. A value that is changed again keeps its first `from`. */
export function withOwned(owned: readonly Owned[], gained: readonly Owned[], lost: readonly Item[] = []): Owned[] {
    const kept = owned.filter(({ item }) => !lost.includes(item) && !has(gained, item));
    const next = gained.flatMap((entry) => {
        const before = owned.find(({ item }) => item === entry.item);
        if (!entry.changed || !before?.changed) return [entry];
        const changed = { from: before.changed.from, to: entry.changed.to };
        // A value that is back at its first `from` is no longer changed.
        return changed.from === changed.to ? [] : [{ ...entry, changed }];
    });
    return [...kept, ...next].sort((a, b) => a.item.localeCompare(b.item));
}

/** Returns the other resources of this provider that hold entries on the same objects, in this or another stack. */
export function otherHolders(holder: string, live: LiveObjects): string[] {
    return othersOf(allTags(live), holder);
}

/** Returns whether another holder needs an item. If so, the item stays in Entra. */
export function isNeededByOthers(entry: Owned, holder: string, live: LiveObjects): boolean {
    return neededBy(entry, holder, live) !== undefined;
}

/**
 * Returns the heir of an item: another holder that owns the item after this resource releases it. The heir needs the
 * item, or has changed its value further.
 */
export function heirOf(entry: Owned, holder: string, live: LiveObjects): string | undefined {
    const { item, changed } = entry;
    const goesOn = ({ from }: ValueCode) => from !== undefined && from === changed?.to;
    return neededBy(entry, holder, live) ?? holderOfValue(item, holder, live, goesOn);
}

/**
 * Returns whether our planned change only restores a value that another holder replaced. Then the owner's value is in
 * effect again, and release has nothing to undo.
 */
export function undoesAnother({ item, changed }: Owned, holder: string, live: LiveObjects): boolean {
    if (changed === undefined) return false;
    const isUndone = ({ from, to }: ValueCode) => from === changed.to && to === valueHash(changed.from);
    return holderOfValue(item, holder, live, isUndone) !== undefined;
}

function neededBy(entry: Owned, holder: string, live: LiveObjects): string | undefined {
    const { item, changed } = entry;
    const others = otherHolders(holder, live);
    if (isOfAnotherScope(entry, live)) return undefined;
    if (/^(redirectUris|certificates)\//.test(item)) {
        const code = encodeOwned(entry) ?? "";
        return others.find((other) => [code, `~${code}`].some((one) => codesOf(allTags(live), other).includes(one)));
    }
    // Every holder needs the remaining items, except values that programs can choose. A holder needs such a value only
    // if its code names the same value, or names the item without a value.
    if (!isValueItem(item)) return others[0];
    const isNamed = ({ to }: ValueCode) => to === undefined || to === valueHash(changed?.to ?? "");
    return holderOfValue(item, holder, live, isNamed);
}

/** Returns another holder whose code for this item meets the condition `isIt`. */
function holderOfValue(
    item: Item,
    holder: string,
    live: LiveObjects,
    isIt: (code: ValueCode) => boolean,
): string | undefined {
    const tags = allTags(live);
    return otherHolders(holder, live).find((other) =>
        codesOf(tags, other)
            .map(valueCode)
            .some((code) => code?.item === item && isIt(code)),
    );
}

/**
 * Returns whether our permission refers to a scope that the owner has replaced. Then the old scope no longer exists,
 * so nobody needs the permission.
 */
function isOfAnotherScope({ item, id }: Owned, { application }: LiveObjects): boolean {
    const scope = application?.api.oauth2PermissionScopes.find(({ value }) => value === "access_as_user");
    return item === OWN_PERMISSION && id !== undefined && scope !== undefined && scope.id !== id;
}

// What a resource owns in Entra: the entries that it made, and the values that it changed. Nothing else is ever
// removed. State holds the record. Tags on the object hold it too, written in the same request as the change. Pure.
import { isConsentItem, type Item, type LiveObjects, type Owned, type Ownership } from "./owned";
import { decodeOwned, encodeOwned, isNamedBy, OWN_PERMISSION } from "./ownershipCodes";
import { findGrant } from "./liveConsent";
import type { Permission } from "./permissions";
import { TEXT_SETTINGS } from "./textSettings";
import { codesOf, othersOf, tagsOf, withoutCopiedTags } from "./tags";

/** Returns all tags of holders. The copies of an application's tags on its service principal do not count. */
function allTags({ application, servicePrincipal }: LiveObjects): string[] {
    return [...(application?.tags ?? []), ...withoutCopiedTags(servicePrincipal?.tags ?? [])];
}

/**
 * Returns the present record. State is right if the live tags are the ones in state. Other tags were written later. The
 * writer was a deployment that was killed before its state was saved, or a resource that left its entries to this one.
 */
export function currentOwnership({ holder, owned, tags: noted }: Ownership, live: LiveObjects): Ownership {
    const { application, consent } = ownTags(holder, live);
    const codes = codesOf([...application, ...consent], holder);
    const decoded = decodeOwned(codes, live);
    // Without tags on the object, because somebody removed them, only state is left.
    const isNoted = (tags: readonly string[], prefix: RegExp) =>
        tags.length === 0 || isSameSet(tags, noted?.filter((tag) => prefix.test(tag)) ?? []);
    const [isApplicationNoted, isConsentNoted] = [
        isNoted(application, /^restore-portal:/),
        isNoted(consent, /consent:/),
    ];
    const known =
        noted === undefined
            ? // 0.1.0 kept what it had planned in state, also if Entra refused it. Its tags name what Entra accepted.
              owned.filter((entry) => codes.length === 0 || isNamedBy(codes, entry))
            : owned.filter(({ item }) => (isConsentItem(item) ? isConsentNoted : isApplicationNoted));
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

/** What was owned of a service principal that its owner has replaced went with it. The new one is the owner's. */
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

/** Adds entries to the record. A value that is changed again keeps its first `from`. */
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

/** Whether another holder needs an item. */
export function isNeededByOthers(entry: Owned, holder: string, live: LiveObjects): boolean {
    return heirOf(entry, holder, live) !== undefined;
}

/** The heir: another holder that needs an item and owns it once this one releases it. */
export function heirOf(entry: Owned, holder: string, live: LiveObjects): string | undefined {
    const tags = allTags(live);
    const others = othersOf(tags, holder);
    if (isOfAnotherScope(entry, live)) return undefined;
    const code = needCodeOf(entry);
    // Some items are needed by every portal. The others are needed only by the holders whose tags name them.
    if (code === undefined) return others[0];
    const names = (other: string) => codesOf(tags, other).some((one) => isCodeOf(one.replace(/^~/, ""), code));
    return others.find(names);
}

/** If the owner has replaced a scope, our permission refers to a missing scope, so nobody needs it. */
function isOfAnotherScope({ item, id }: Owned, { application }: LiveObjects): boolean {
    const scope = application?.api.oauth2PermissionScopes.find(({ value }) => value === "access_as_user");
    return item === OWN_PERMISSION && id !== undefined && scope !== undefined && scope.id !== id;
}

/** The code in the tag of a holder that needs an item. `undefined`: every portal needs the item. */
function needCodeOf(entry: Owned): string | undefined {
    if (/^(redirectUris|certificates)\//.test(entry.item)) return encodeOwned(entry);
    if (entry.item === "servicePrincipal/assignment") return ASSIGNMENT_CODE;
    return TEXT_SETTINGS.find(({ item }) => item === entry.item)?.code;
}

function isCodeOf(code: string, need: string): boolean {
    if (/^[uc]/.test(need)) return code === need;
    if (need === ASSIGNMENT_CODE) return /^p[au]$/.test(code);
    // A text is named by its letter alone, or with its values behind it.
    return code === need || /^(.)(\d|\.)/.exec(code)?.[1] === need;
}

/** In a tag, `~` and this code: the program requires assignment. */
export const ASSIGNMENT_CODE = "pa";

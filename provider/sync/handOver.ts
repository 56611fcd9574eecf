// If a resource gives up an entry that another holder needs or has changed further, hands it over to that holder. From
// then on, the tag of that holder names the entry. Pure.
import type { LiveObjects, Owned } from "./owned";
import { heirOf } from "./ownership";
import { encodeOwned } from "./ownershipCodes";
import { codesOf, formatTags, parseTag, tagsOf, type TagPrefix } from "./tags";

/** The codes of the entries, by heir. The heir is the holder that owns these entries from now on. */
export type HandedOver = ReadonlyMap<string, readonly string[]>;

export function handedOver(live: LiveObjects, holder: string, leaving: readonly Owned[]): HandedOver {
    const byHeir = new Map<string, string[]>();
    for (const entry of leaving) {
        const [heir, code] = [heirOf(entry, holder, live), encodeOwned(entry)];
        if (heir !== undefined && code !== undefined) byHeir.set(heir, [...(byHeir.get(heir) ?? []), code]);
    }
    return byHeir;
}

/** Adds codes to the tags of other holders. Each holder then owns the entries that the added codes name. */
export function tagsWith(tags: readonly string[], handed: HandedOver, prefix: TagPrefix): string[] {
    return [...handed].reduce<string[]>(
        (all, [heir, codes]) => {
            const present = tagsOf(all, heir);
            const used = parseTag(present[0] ?? "")?.prefix ?? prefix;
            const kept = codesOf(all, heir).filter((code) => !codes.includes(code.replace(/^~/, "")));
            return [...all.filter((tag) => !present.includes(tag)), ...formatTags(used, heir, [...kept, ...codes])];
        },
        [...tags],
    );
}

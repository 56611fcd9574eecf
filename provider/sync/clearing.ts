// Plans how to clear a holder whose stack no longer exists. The plan changes only tags: it removes the tags of the
// holder, and gives the holder's entries to a resource that still exists. That resource keeps the entries until it is
// changed or destroyed. Pure.
import { tagsWith } from "./handOver";
import { isConsentItem, type LiveObjects, type Owned, type Ownership } from "./owned";
import { currentOwnership } from "./ownership";
import { encodeOwned } from "./ownershipCodes";
import { allTagsOf, PORTAL_TAG, tagsOf, withoutCopiedTags, type TagPrefix } from "./tags";

/** The resource that still exists and takes over the entries. */
export interface Heir {
    readonly ownership: Ownership;
    /** The prefix of the heir's tags on a service principal. */
    readonly consentPrefix: TagPrefix;
}

export interface Clearing {
    /** The tags that the application has afterwards. `undefined`: the holder has no tags on the application. */
    readonly application: readonly string[] | undefined;
    readonly servicePrincipal: readonly string[] | undefined;
    /** One name for each object that is still to be written. */
    readonly changes: readonly string[];
}

/** Returns whether a holder has tags on the application or on the service principal. */
export function isHolderOf(live: LiveObjects, holder: string): boolean {
    const tags = [...(live.application?.tags ?? []), ...withoutCopiedTags(live.servicePrincipal?.tags ?? [])];
    return allTagsOf(tags, holder).length > 0;
}

/** Returns the entries that a holder owns according to its tags. */
export function ownedByTags(live: LiveObjects, holder: string): readonly Owned[] {
    return currentOwnership({ holder, owned: [], tags: [] }, live).owned;
}

export function planClearing(live: LiveObjects, gone: string, { ownership, consentPrefix }: Heir): Clearing {
    const handed = ownedByTags(live, gone);
    const { owned } = currentOwnership(ownership, live);
    const { holder } = ownership;
    const after = (tags: readonly string[], prefix: TagPrefix, isOfObject: (entry: Owned) => boolean) => {
        if (allTagsOf(tags, gone).length === 0) return undefined;
        const kept = tags.filter((tag) => !allTagsOf(tags, gone).includes(tag));
        // If somebody removed the tags of the heir, the new tags of the heir must also contain the entries that the
        // heir already owns. Otherwise the tags would say that the heir owns only the handed-over entries.
        const own = tagsOf(kept, holder).length === 0 ? owned : [];
        const entries = handed.some(isOfObject) ? [...own, ...handed].filter(isOfObject) : [];
        const codes = entries.flatMap((entry) => encodeOwned(entry) ?? []);
        return codes.length === 0 ? kept : tagsWith(kept, new Map([[holder, codes]]), prefix);
    };
    const application = after(live.application?.tags ?? [], PORTAL_TAG, ({ item }) => !isConsentItem(item));
    const present = withoutCopiedTags(live.servicePrincipal?.tags ?? []);
    const servicePrincipal = after(present, consentPrefix, ({ item }) => isConsentItem(item));
    return {
        application,
        servicePrincipal,
        changes: [...(application ? ["application"] : []), ...(servicePrincipal ? ["servicePrincipal"] : [])],
    };
}

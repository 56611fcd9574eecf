// Tells the user which other resources hold an object, because one of them may no longer exist.
import { logOnce, warn } from "../log";
import { isNamesake, isSibling, nameOfHolder, withPrefix } from "./holders";
import type { LiveObjects, Ownership } from "./owned";
import { heirOf } from "./ownership";
import type { ResourceIdentity } from "./identity";
import { othersOf, type TagPrefix } from "./tags";

interface Newcomer {
    readonly holder: string;
    readonly resource: ResourceIdentity;
    /** The prefix of the newcomer's tags. */
    readonly prefix: TagPrefix;
    /** An earlier holder that this resource replaces. */
    readonly former: string | undefined;
}

/**
 * Reports the other holders of the application or consent, except other resources of this stack. Runs at an adoption
 * and at the first deployment of a consent. A holder with the same identity causes a warning, because it may be an
 * earlier deployment of this resource whose state is lost.
 */
export function tellWhoHolds(
    what: string,
    { application, servicePrincipal }: LiveObjects,
    { holder, resource, prefix, former }: Newcomer,
): void {
    const tags = (application ?? servicePrincipal)?.tags ?? [];
    for (const other of othersOf(withPrefix(tags, prefix), holder).filter((one) => one !== former)) {
        const held = `${what} is also used by ${nameOfHolder(tags, other)}`;
        const remedy = `remove its tag: ${clearing(other)}`;
        if (isNamesake(tags, other, resource))
            warn(`${held}; if that was an earlier deployment whose state is lost, ${remedy}`);
        else if (!isSibling(tags, other, resource)) logOnce(`${held}; if that resource no longer exists, ${remedy}`);
    }
}

/**
 * Runs before a release: names the holders that need entries of this resource, if they are in other stacks or have the
 * same identity.
 */
export function tellWhatStays(
    what: string,
    { holder, owned }: Ownership,
    live: LiveObjects,
    resource: ResourceIdentity,
): void {
    const tags = [...(live.application?.tags ?? []), ...(live.servicePrincipal?.tags ?? [])];
    const heirs = owned.flatMap((entry) => heirOf(entry, holder, live) ?? []);
    const name = resource.identity.split("/").at(-1) ?? "";
    const isElsewhere = (one: string) => isNamesake(tags, one, resource) || !isSibling(tags, one, resource);
    for (const heir of [...new Set(heirs)].filter(isElsewhere)) {
        logOnce(
            `${what} keeps entries of this resource ("${name}"), because ${nameOfHolder(tags, heir)} needs them; if the other resource no longer exists, deploy this resource again, remove the tag of the other resource (${clearing(heir)}), and destroy this resource again`,
        );
    }
}

function clearing(holder: string): string {
    return `npx pulumi-restore-portal recover --clear-holder ${holder}`;
}

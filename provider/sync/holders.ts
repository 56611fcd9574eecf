// Reads the tags of an application or a service principal, to find out which resources hold the object. Pure.
import { isOfIdentity, type ResourceIdentity } from "./identity";
import type { LiveObjects } from "./owned";
import { allTagsOf, codesOf, identityOfHolder, othersOf, parseTag, readableTag, type TagPrefix } from "./tags";

export function withPrefix(tags: readonly string[], prefix: TagPrefix): string[] {
    return tags.filter((tag) => parseTag(tag)?.prefix === prefix);
}

/**
 * Returns the other holders of the same identity: an earlier deployment whose state was lost, a clone, or a replaced
 * resource.
 */
export function holdersOfIdentity(
    tags: readonly string[],
    resource: ResourceIdentity,
    holder: string,
    prefix: TagPrefix,
): string[] {
    return othersOf(withPrefix(tags, prefix), holder).filter((other) => isOfIdentity(other, resource));
}

/** Returns whether another holder has the identity of the resource, with the same or with another certificate id. */
export function isNamesake(tags: readonly string[], other: string, resource: ResourceIdentity): boolean {
    return isOfIdentity(other, resource) || tags.includes(readableTag(other, resource.identity));
}

/**
 * Returns whether another resource of the same identity took over the object from this resource. Then a release writes
 * nothing, and an update of an application that this resource registered fails.
 */
export function isTakenOver(
    tags: readonly string[],
    resource: ResourceIdentity,
    holder: string,
    prefix: TagPrefix,
): boolean {
    const own = codesOf(tags, holder).length > 0 || allTagsOf(tags, holder).length > 0;
    return !own && holdersOfIdentity(tags, resource, holder, prefix).length > 0;
}

/**
 * Hides an earlier holder from the plan, so the planned tags lack the tags of that holder. The write compares the
 * planned tags with the full observation, and so removes the tags of that holder.
 */
export function withoutHolder<Objects extends LiveObjects>(live: Objects, holder: string | undefined): Objects {
    if (holder === undefined) return live;
    const { application, servicePrincipal } = live;
    const without = <T extends { readonly tags: readonly string[] }>(object: T): T => {
        return { ...object, tags: object.tags.filter((tag) => allTagsOf([tag], holder).length === 0) };
    };
    return {
        ...live,
        ...(application ? { application: without(application) } : {}),
        servicePrincipal: servicePrincipal && without(servicePrincipal),
    };
}

export function nameOfHolder(tags: readonly string[], holder: string): string {
    const identity = identityOfHolder(tags, holder);
    return identity === undefined ? `an unknown resource (holder ${holder})` : `${shown(identity)} (holder ${holder})`;
}

/** Shortens `project/stack/types/name` for messages, by leaving out the types of the parents. */
function shown(identity: string): string {
    const [project = "", stack = "", ...rest] = withoutOrganization(identity).split("/");
    return `resource "${rest.at(-1) ?? ""}" of stack ${project}/${stack}`;
}

/** Returns whether a holder is a resource of the same project and stack. */
export function isSibling(tags: readonly string[], holder: string, { identity }: ResourceIdentity): boolean {
    const other = identityOfHolder(tags, holder);
    const stackOf = (text: string) => text.split("/").slice(0, 2).join("/");
    return other !== undefined && stackOf(other) === stackOf(withoutOrganization(identity));
}

/** Release 0.1.0 began an identity with the organization: `organization/project/stack/name`. */
function withoutOrganization(identity: string): string {
    const parts = identity.split("/");
    return parts.length === 4 && parts[2] !== "" && !(parts[2] ?? "").includes(":")
        ? parts.slice(1).join("/")
        : identity;
}

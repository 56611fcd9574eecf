// Which resources hold an application or a service principal, by the tags on it and by what this process wrote itself.
import { untilVisible } from "../entra/untilVisible";
import { PortalError } from "../portalError";
import { isOfIdentity, type ResourceIdentity } from "./identity";
import { allTagsOf, codesOf, identityOfHolder, othersOf, parseTag, type TagPrefix } from "./tags";

/** Holders of one's own identity: an earlier deployment whose state was lost, a twin in a clone, or a replaced resource. */
export function holdersOfIdentity(
    tags: readonly string[],
    resource: ResourceIdentity,
    holder: string,
    prefix: TagPrefix,
): string[] {
    const held = tags.filter((tag) => parseTag(tag)?.prefix === prefix);
    return othersOf(held, holder).filter((other) => isOfIdentity(other, resource));
}

/** Whether another resource of the same identity took over what this one held. Then nothing of it is touched. */
export function isTakenOver(
    tags: readonly string[],
    resource: ResourceIdentity,
    holder: string,
    prefix: TagPrefix,
): boolean {
    const own = codesOf(tags, holder).length > 0 || allTagsOf(tags, holder).length > 0;
    return !own && holdersOfIdentity(tags, resource, holder, prefix).length > 0;
}

/** How a holder is named in messages. */
export function nameOfHolder(tags: readonly string[], holder: string): string {
    const identity = identityOfHolder(tags, holder);
    return identity === undefined ? `an unknown resource (holder ${holder})` : `${shown(identity)} (holder ${holder})`;
}

/** `project/stack/types/name`, without the types, which only a URN needs. */
function shown(identity: string): string {
    const [project = "", stack = "", ...rest] = withoutOrganization(identity).split("/");
    return `resource "${rest.at(-1) ?? ""}" of stack ${project}/${stack}`;
}

/** Whether a holder is a resource of the same project and stack, so of the same deployment. */
export function isSibling(tags: readonly string[], holder: string, { identity }: ResourceIdentity): boolean {
    const other = identityOfHolder(tags, holder);
    const stackOf = (text: string) => text.split("/").slice(0, 2).join("/");
    return other !== undefined && stackOf(other) === stackOf(withoutOrganization(identity));
}

/** 0.1.0 began an identity with the organization: `organization/project/stack/name`. */
function withoutOrganization(identity: string): string {
    const parts = identity.split("/");
    return parts.length === 4 && parts[2] !== "" && !(parts[2] ?? "").includes(":")
        ? parts.slice(1).join("/")
        : identity;
}

/** The resources that took hold of an object in this process. A replica that is behind may not show their tags yet. */
const noted = new Map<string, Set<string>>();

export function noteHolder(key: string, holder: string): void {
    noted.set(key, (noted.get(key) ?? new Set()).add(holder));
}

export function forgetHolder(key: string, holder: string): void {
    noted.get(key)?.delete(holder);
}

/** So long a replica may be behind. A noted holder that does not show by then has left again. */
const HOLDERS_TIMEOUT_MS = 60_000;

/** Observes until all holders that this process knows of are visible. */
export async function untilHoldersVisible<Live>(
    key: string,
    first: Live,
    observe: () => Promise<Live | undefined>,
    tagsOf: (live: Live) => readonly string[],
): Promise<Live> {
    let last = first;
    const areVisible = () => [...(noted.get(key) ?? [])].every((holder) => allTagsOf(tagsOf(last), holder).length > 0);
    if (areVisible()) return first;
    try {
        return await untilVisible(
            `the other resources that use ${key}`,
            async () => {
                last = (await observe()) ?? last;
                return areVisible() ? last : undefined;
            },
            { timeoutMs: HOLDERS_TIMEOUT_MS },
        );
    } catch (error) {
        if (error instanceof PortalError && error.code === "ERR_NOT_VISIBLE_IN_TIME") return last;
        throw error;
    }
}

// Who a resource is: the name that finds its application again after a lost answer, and the hash in its tags. Pure.
import { createHash } from "node:crypto";

/** What an application's uniqueName and tags are derived from. */
export interface ResourceIdentity {
    /** `organization/project/stack/name`, as it was when the resource was first declared. */
    readonly identity: string;
    readonly certificate?: { readonly id?: string } | undefined;
}

function digest(resource: ResourceIdentity): string {
    // PortalCertificate's random id keeps two clones of one template in one tenant apart.
    return createHash("sha256")
        .update(`${resource.identity}\n${resource.certificate?.id ?? ""}`)
        .digest("hex");
}

/**
 * Graph's alternate key of a created application. Immutable, and held for 30 days after a delete, so the n-th
 * registration of one resource takes a suffix. https://learn.microsoft.com/graph/api/resources/application
 */
export function uniqueNameOf(resource: ResourceIdentity, attempt: number): string {
    return `restore-portal-${digest(resource)}${attempt > 1 ? `-${attempt}` : ""}`;
}

/**
 * An id that is the same each time that it is needed for the same thing, as a GUID: so that two processes that add it at
 * the same time add one thing, not two.
 */
export function stableGuid(text: string): string {
    const hex = createHash("sha256").update(text).digest("hex");
    // Version 8: custom (RFC 9562).
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The part of a tag that tells one resource's tags from another's; state keeps it, so that a later rotation does not matter. */
export function identityHash(resource: ResourceIdentity): string {
    return digest(resource).slice(0, 16);
}

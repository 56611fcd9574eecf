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

/** The part of a tag that tells one resource's tags from another's; state keeps it, so that a later rotation does not matter. */
export function identityHash(resource: ResourceIdentity): string {
    return digest(resource).slice(0, 16);
}

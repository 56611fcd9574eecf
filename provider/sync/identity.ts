// Which resource this is: the name that finds its application again, and the holder in its tags. Pure.
import { createHash, randomBytes } from "node:crypto";

/** What the names of a resource in Entra are derived from. */
export interface ResourceIdentity {
    /** Project, stack, types of the parents and name, as they were when the resource was first deployed. */
    readonly identity: string;
    readonly certificate?: { readonly id?: string } | undefined;
}

/** What a registered application's name and the holder begin with. */
function digest({ identity, certificate }: ResourceIdentity): string {
    // PortalCertificate's random id keeps two clones of one program in one tenant apart.
    return createHash("sha256")
        .update(`${identity}\n${certificate?.id ?? ""}`)
        .digest("hex");
}

/**
 * Graph's alternate key of a registered application. It is immutable, and a deleted application holds it for 30 days. So
 * the n-th registration of one resource takes a suffix. https://learn.microsoft.com/graph/api/resources/application
 */
export function uniqueNameOf(resource: ResourceIdentity, attempt: number): string {
    return `restore-portal-${digest(resource)}${attempt > 1 ? `-${attempt}` : ""}`;
}

/**
 * A GUID that is the same each time that it is made from one text. So two processes that add the same thing at the same
 * moment add it once.
 */
export function stableGuid(text: string): string {
    const hex = createHash("sha256").update(text).digest("hex");
    // Version 8: custom (RFC 9562).
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The id of the scope `access_as_user` that a resource adds to an application without one. */
export function scopeIdOf(resource: ResourceIdentity): string {
    return stableGuid(`scope ${digest(resource).slice(0, 16)}`);
}

const IDENTITY_DIGITS = 8;

/**
 * Tells one living resource from all others, clones of the same program included: half of it comes from the identity,
 * half is random. 0.1.0 took all of it from the identity.
 */
export function newHolder(resource: ResourceIdentity): string {
    return digest(resource).slice(0, IDENTITY_DIGITS) + randomBytes(4).toString("hex");
}

/** Whether a holder may be an earlier deployment of the same resource, or a clone of it. */
export function isOfIdentity(holder: string, resource: ResourceIdentity): boolean {
    return holder.slice(0, IDENTITY_DIGITS) === digest(resource).slice(0, IDENTITY_DIGITS);
}

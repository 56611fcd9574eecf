// Derives the names of a resource in Entra from its identity: the uniqueName of its application, and the holder in its
// tags.
import { createHash, randomBytes } from "node:crypto";

/** The inputs from which the names in Entra are derived. */
export interface ResourceIdentity {
    /** Project, stack, types of the parents and name, as they were when the resource was first deployed. */
    readonly identity: string;
    readonly certificate?: { readonly id?: string } | undefined;
}

/** The uniqueName contains this hash, and a holder begins with its first 8 digits. */
function digest({ identity, certificate }: ResourceIdentity): string {
    // PortalCertificate's random id keeps two clones of one program in one tenant apart.
    return createHash("sha256")
        .update(`${identity}\n${certificate?.id ?? ""}`)
        .digest("hex");
}

/**
 * Returns the uniqueName, Graph's alternate key of an application. It cannot be changed, and a deleted application
 * keeps it for 30 days. During this time Entra refuses the same uniqueName, so the next attempt of the registration
 * adds a suffix.
 * https://learn.microsoft.com/graph/api/resources/application
 */
export function uniqueNameOf(resource: ResourceIdentity, attempt: number): string {
    return `${UNIQUE_NAME}${digest(resource)}${attempt > 1 ? `-${attempt}` : ""}`;
}

const UNIQUE_NAME = "restore-portal-";

/** Returns whether any RestorePortalApp registered the application with this uniqueName. */
export function isUniqueNameOfPortal(uniqueName: string | null): boolean {
    return uniqueName?.startsWith(UNIQUE_NAME) === true;
}

/**
 * Returns the uniqueName that the next registration of the same resource gets while an application with this uniqueName
 * is in deleted items.
 */
export function nextUniqueName(uniqueName: string): string {
    const [, first = uniqueName, attempt = "1"] = /^(restore-portal-[0-9a-f]{64})(?:-(\d+))?$/.exec(uniqueName) ?? [];
    return `${first}-${Number(attempt) + 1}`;
}

/**
 * Makes a GUID that depends only on the text. So two processes that add the same entry at the same moment use the same
 * id, and the entry exists once.
 */
export function stableGuid(text: string): string {
    const hex = createHash("sha256").update(text).digest("hex");
    // The 8 after the second hyphen marks version 8, a custom format. The 8 after the third hyphen marks the variant
    // (RFC 9562).
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Makes the id of the scope `access_as_user` that a resource adds to an application without this scope. */
export function scopeIdOf(resource: ResourceIdentity): string {
    return stableGuid(`scope ${digest(resource).slice(0, 16)}`);
}

const IDENTITY_DIGITS = 8;

/**
 * Makes 16 hexadecimal digits that distinguish a resource from all others, including clones of the same program. The
 * first 8 come from the identity, the last 8 are random. In release 0.1.0 all 16 came from the identity.
 */
export function newHolder(resource: ResourceIdentity): string {
    return digest(resource).slice(0, IDENTITY_DIGITS) + randomBytes(4).toString("hex");
}

/** Returns whether a holder may be an earlier deployment of the same resource, or a clone of it. */
export function isOfIdentity(holder: string, resource: ResourceIdentity): boolean {
    return holder.slice(0, IDENTITY_DIGITS) === digest(resource).slice(0, IDENTITY_DIGITS);
}

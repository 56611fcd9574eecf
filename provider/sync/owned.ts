// Defines the types of the ownership record, which lists the entries that a resource owns in Entra. Pure.
import type { LiveApplication, LiveConsent } from "../entra/live";

/**
 * Name of an entry: `<kind>` or `<kind>/<detail>`, such as `applicationIdUri`, `servicePrincipal/enabled` or
 * `redirectUris/https://portal.abc.com:4443`.
 */
export type Item = string;

/** A changed value: the previous one, and the one that was written. */
export interface Changed {
    readonly from: string | boolean;
    readonly to: string | boolean;
}

export interface Owned {
    readonly item: Item;
    /** Id of the object or entry: `keyId`, scope id, service principal id, grant id. */
    readonly id?: string;
    /** `undefined`: this resource added the entry. Otherwise it changed a value that existed before. */
    readonly changed?: Changed;
    /**
     * The evidence that the resource made the entry: Entra answered the write, or a read showed the entry after an
     * uncertain outcome.
     */
    readonly how: "answered" | "observed";
}

export interface Ownership {
    /** Identifies this resource in tags. */
    readonly holder: string;
    readonly owned: readonly Owned[];
    /**
     * The resource's own tags at the time when `owned` was recorded. Live tags that differ are newer. Release 0.1.0
     * stored no tags.
     */
    readonly tags?: readonly string[];
    /**
     * Items that this resource owned at the last deployment that succeeded, and gave up in one that failed. If the
     * program has such an item again, the write is a change, not a repair. Release undoes changes, but not repairs.
     */
    readonly givenUp?: readonly Item[];
    /**
     * Id of the service principal at the last deployment that succeeded. If the live id differs, the owner has replaced
     * the service principal. Then a write is a change, not a repair.
     */
    readonly servicePrincipalId?: string;
}

/** The live objects on which a resource may own entries. A customer's tenant has no application object. */
export type LiveObjects = LiveConsent & { readonly application?: LiveApplication };

/** Returns whether an item belongs in the tags of the service principal. Other items belong in the application's tags. */
export function isConsentItem(item: Item): boolean {
    return /^(servicePrincipal|grantedPermissions)(\/|$)/.test(item);
}

/** An observation, and the record of ownership that belongs to it. */
export interface Snapshot<Live, Managed> {
    readonly live: Live;
    /** The record of ownership, as far as Entra has confirmed it. */
    readonly managed: Managed;
}

// The record of what a resource owns in Entra: its types, and which part of it is about consent. Pure types.
import type { LiveApplication, LiveConsent } from "../entra/live";

/** Names one thing: `<input>` or `<input>/<value>`, such as `redirectUris/https://portal.abc.com:4443`. */
export type Item = string;

/** A value that was changed: what it was before, and what was written. */
export interface Changed {
    readonly from: string | boolean;
    readonly to: string | boolean;
}

export interface Owned {
    readonly item: Item;
    /** Of the object or entry: `keyId`, scope id, service principal id, grant id. */
    readonly id?: string;
    /** Without it, the thing was made. */
    readonly changed?: Changed;
    /** How we know: Entra answered the write, or a read showed it after an uncertain outcome. */
    readonly how: "answered" | "observed";
}

export interface Ownership {
    /** Tells this resource from all others in tags. */
    readonly holder: string;
    readonly owned: readonly Owned[];
    /** The resource's own tags when `owned` was noted. If the live tags differ, they are newer. 0.1.0 noted none. */
    readonly tags?: readonly string[];
}

/** What ownership looks at. In a customer's tenant there is no application. */
export type LiveObjects = LiveConsent & { readonly application?: LiveApplication };

/** Items that are kept on the service principal, in its tags; all others are the application's. */
export function isConsentItem(item: Item): boolean {
    return /^(servicePrincipal|grantedPermissions)(\/|$)/.test(item);
}

/** Where a convergence starts and what it ends with. */
export interface Reached<Live, Managed> {
    readonly live: Live;
    /** What the resource owns, as far as Entra has answered. */
    readonly managed: Managed;
}

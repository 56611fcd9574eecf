// Identifies certificates among the key credentials of an application. Pure.
import type { KeyCredential } from "../entra/live";
import { notedKeyThumbprint } from "../inputs/keyThumbprints";
import { thumbprintOf } from "../inputs/thumbprints";
import { stableGuid } from "./identity";

/**
 * Returns the thumbprint of the certificate in a key credential. If the bytes of the certificate were read, the
 * thumbprint comes from the bytes, and not from `customKeyIdentifier`.
 */
export function thumbprintOfKey({
    keyId,
    customKeyIdentifier,
}: Pick<KeyCredential, "keyId" | "customKeyIdentifier">): string {
    return notedKeyThumbprint(keyId) ?? thumbprintOf(customKeyIdentifier);
}

/**
 * Returns the `keyId` of a certificate that this provider adds. If two deployments add the same certificate at the same
 * moment, both use the same `keyId`, so the certificate is added once.
 */
export function keyIdOf(thumbprint: string): string {
    return stableGuid(`certificate ${thumbprint}`);
}

/** Returns whether the `keyId` is the one that this provider derives from the thumbprint in `customKeyIdentifier`. */
export function isOwnKeyId({
    keyId,
    customKeyIdentifier,
}: Pick<KeyCredential, "keyId" | "customKeyIdentifier">): boolean {
    return keyId === keyIdOf(thumbprintOf(customKeyIdentifier));
}

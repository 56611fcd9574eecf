// Identifies certificates among the key credentials of an application. Pure.
import type { KeyCredential } from "../entra/live";
import { notedKeyThumbprint } from "../inputs/keyThumbprints";
import { thumbprintOf } from "../inputs/thumbprints";
import { stableGuid } from "./identity";

/** Returns the certificate of a key credential. If the bytes were read, they decide, whatever the identifier says. */
export function thumbprintOfKey({
    keyId,
    customKeyIdentifier,
}: Pick<KeyCredential, "keyId" | "customKeyIdentifier">): string {
    return notedKeyThumbprint(keyId) ?? thumbprintOf(customKeyIdentifier);
}

/** `keyId` of a certificate that this provider adds. Two deployments that add it at the same moment add it once. */
export function keyIdOf(thumbprint: string): string {
    return stableGuid(`certificate ${thumbprint}`);
}

/** Returns whether this provider added the entry under the identifier that it shows. */
export function isOwnKeyId({
    keyId,
    customKeyIdentifier,
}: Pick<KeyCredential, "keyId" | "customKeyIdentifier">): boolean {
    return keyId === keyIdOf(thumbprintOf(customKeyIdentifier));
}

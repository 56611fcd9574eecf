// Remembers the thumbprints of the key credentials whose bytes the provider has read, because `customKeyIdentifier`
// does not always contain the thumbprint. Entra never changes the key of a `keyId`, so a remembered thumbprint stays
// valid.

const noted = new Map<string, string>();

/** `thumbprint`: SHA-1, upper-case hex. */
export function noteKeyThumbprint(keyId: string, thumbprint: string): void {
    noted.set(keyId, thumbprint);
}

/** `undefined`: the bytes of this key were not read. */
export function notedKeyThumbprint(keyId: string): string | undefined {
    return noted.get(keyId);
}

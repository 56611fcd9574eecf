// Remembers the thumbprints of key credentials whose identifiers do not show the thumbprints. Entra never changes the
// key of a `keyId`, so the provider reads the bytes of each key only once.

const noted = new Map<string, string>();

/** `thumbprint`: SHA-1, upper-case hex. Empty if the key is not a certificate. */
export function noteKeyThumbprint(keyId: string, thumbprint: string): void {
    noted.set(keyId, thumbprint);
}

/** `undefined`: the bytes of this key were not read. */
export function notedKeyThumbprint(keyId: string): string | undefined {
    return noted.get(keyId);
}

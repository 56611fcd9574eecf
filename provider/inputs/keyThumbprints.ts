// Remembers which certificate a key credential contains if its identifier does not show it. Entra never changes the key
// of a `keyId`, so the bytes of a `keyId` have to be read only once.

const noted = new Map<string, string>();

/** `thumbprint`: SHA-1, upper-case hex. Empty if the bytes are not a certificate. */
export function noteKeyThumbprint(keyId: string, thumbprint: string): void {
    noted.set(keyId, thumbprint);
}

/** `undefined`: the bytes were not read. */
export function notedKeyThumbprint(keyId: string): string | undefined {
    return noted.get(keyId);
}

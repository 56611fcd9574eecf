// Remembers which certificate a key credential contains if its identifier does not tell. Entra never changes the key of
// a `keyId`, so the bytes of a `keyId` have to be read only once.

const noted = new Map<string, string>();

/** `thumbprint`: SHA-1, upper-case hex. Empty if the bytes are not a certificate. */
export function noteKeyThumbprint(keyId: string, thumbprint: string): void {
    noted.set(keyId, thumbprint);
}

/** `undefined`: the bytes were not read. */
export function notedKeyThumbprint(keyId: string): string | undefined {
    return noted.get(keyId);
}

/**
 * Returns the SHA-1 thumbprint that an identifier shows, as upper-case hex, or "". Graph shows it as 40 hex characters.
 * Some tools write the 20 bytes of the thumbprint as base64.
 */
export function thumbprintOf(customKeyIdentifier: string | null): string {
    // An answer may lack it.
    if (!customKeyIdentifier) return "";
    if (/^[0-9a-f]{40}$/i.test(customKeyIdentifier)) return customKeyIdentifier.toUpperCase();
    const bytes = Buffer.from(customKeyIdentifier, "base64");
    return bytes.length === 20 ? bytes.toString("hex").toUpperCase() : "";
}

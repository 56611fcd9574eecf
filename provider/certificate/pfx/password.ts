// The bytes that one password may stand for. Tools encode it differently, and only trying shows which way a file uses.

export interface PasswordForms {
    /**
     * For the derivation of PKCS#12, which uses UTF-16. `undefined` is no password, which differs from an empty one.
     */
    texts: readonly (string | undefined)[];
    /** For PBKDF2 and scrypt, which use bytes. */
    raws: readonly Buffer[];
}

export function passwordForms(password: string | undefined): PasswordForms {
    const utf8 = Buffer.from(password ?? "", "utf8");
    if (password === undefined) return { texts: [undefined, ""], raws: [utf8, utf16(password)] };
    if (password === "") return { texts: ["", undefined], raws: [utf8, utf16(password)] };
    if (/^[\x00-\x7f]*$/.test(password)) return { texts: [password], raws: [utf8] };
    const isLatin1 = Array.from(password).every((character) => (character.codePointAt(0) ?? 0) < 0x100);
    return {
        // OpenSSL before 1.1 treated each byte of UTF-8 as a character.
        texts: [password, utf8.toString("latin1")],
        // The standard demands UTF-8, node-forge writes Latin-1, and old versions of NSS write UTF-16.
        raws: [utf8, ...(isLatin1 ? [Buffer.from(password, "latin1")] : []), utf16(password)],
    };
}

function utf16(password: string | undefined): Buffer {
    return Buffer.from(`${password ?? ""}\0`, "utf16le").swap16();
}

export function forget({ raws }: PasswordForms): void {
    for (const raw of raws) raw.fill(0);
}

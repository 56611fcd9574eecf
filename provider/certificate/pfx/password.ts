// The bytes that one password may stand for: tools disagree, and which way a file was written shows only by trying.

export interface PasswordForms {
    /** For the derivation of PKCS#12, which takes UTF-16. `undefined` is no password, which is not the empty one. */
    texts: readonly (string | undefined)[];
    /** For PBKDF2 and scrypt, which take bytes. */
    raws: readonly Buffer[];
}

export function passwordForms(password: string | undefined): PasswordForms {
    const utf8 = Buffer.from(password ?? "", "utf8");
    if (password === undefined) return { texts: [undefined, ""], raws: [utf8, utf16(password)] };
    if (password === "") return { texts: ["", undefined], raws: [utf8, utf16(password)] };
    if (/^[\x00-\x7f]*$/.test(password)) return { texts: [password], raws: [utf8] };
    const isLatin1 = Array.from(password).every((character) => (character.codePointAt(0) ?? 0) < 0x100);
    return {
        // OpenSSL before 1.1 took each byte of UTF-8 for a character.
        texts: [password, utf8.toString("latin1")],
        // UTF-8 by the standard; Latin-1 by node-forge; UTF-16 by old NSS.
        raws: [utf8, ...(isLatin1 ? [Buffer.from(password, "latin1")] : []), utf16(password)],
    };
}

function utf16(password: string | undefined): Buffer {
    return Buffer.from(`${password ?? ""}\0`, "utf16le").swap16();
}

export function forget({ raws }: PasswordForms): void {
    for (const raw of raws) raw.fill(0);
}

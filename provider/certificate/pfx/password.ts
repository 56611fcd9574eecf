// Tries the forms that the given password may have. Different tools encode the same password differently, and a
// password store may add a line break or quotation marks. Only an attempt shows which form a file uses.
import type { Budget } from "./limits";

/** One text that may be the password, in the encodings that tools use for it. */
interface Variant {
    /** The additions that were removed from the given text, such as "the line break at its end". */
    readonly removed: readonly string[];
    /**
     * The encodings for the key derivation of PKCS#12, which uses UTF-16. `undefined` means no password, which differs
     * from an empty one.
     */
    readonly text: readonly (string | undefined)[];
    /** The encodings for PBKDF2 and scrypt, which use bytes. */
    readonly raw: readonly Buffer[];
}

export class Password {
    private variants: readonly Variant[];
    private readonly all: readonly Variant[];
    private removedInTries: readonly string[] = [];

    constructor(private readonly given: string | undefined) {
        this.all = this.variants = variantsOf(given);
    }

    /**
     * Tries the possible forms of the password until `use` returns a value, or until the budget allows no further form.
     * After a success, later calls try only the same text, and with the same `takes` only the same encoding. `cost`:
     * hash rounds of one attempt. The budget already includes one attempt.
     */
    open<T>(takes: "text" | "raw", cost: number, budget: Budget, use: (form: never) => T | undefined): T | undefined {
        let isFirst = true;
        for (const variant of this.variants) {
            for (const form of variant[takes]) {
                if (!isFirst && !budget.allowsAnother(cost)) return undefined;
                isFirst = false;
                if (variant.removed.length > this.removedInTries.length) this.removedInTries = variant.removed;
                const opened = use(form as never);
                if (opened === undefined) continue;
                this.variants = [{ ...variant, [takes]: [form] }];
                return opened;
            }
        }
        return undefined;
    }

    /**
     * The additions that had to be removed from the given password. `undefined` if nothing was removed, or if no form
     * has worked yet.
     */
    get removed(): string | undefined {
        const [proven, ...others] = this.variants;
        return proven && others.length === 0 && proven.removed.length > 0 ? listOf(proven.removed) : undefined;
    }

    /** The additions that the attempts have removed from the password so far. */
    get triedWithout(): string | undefined {
        return this.removedInTries.length > 0 ? listOf(this.removedInTries) : undefined;
    }

    get isGiven(): boolean {
        return this.given !== undefined && this.given !== "";
    }

    forget(): void {
        for (const { raw } of this.all) for (const bytes of raw) bytes.fill(0);
    }
}

function listOf(parts: readonly string[]): string {
    return parts.join(" and ");
}

interface Addition {
    readonly name: string;
    readonly remove: (text: string) => string;
}

/** The additions that tools make to a password, the outermost first. */
const ADDITIONS: readonly Addition[] = [
    // Out-File and ">" of Windows PowerShell write UTF-16. Other tools read such a file as UTF-8 or as Latin-1.
    {
        name: "the zero bytes of UTF-16",
        remove: (text) =>
            /^(\ufffd\ufffd|\u00ff\u00fe)?([^\0]\0)+$/.test(text)
                ? text.replace(/^(\ufffd\ufffd|\u00ff\u00fe)/, "").replaceAll("\0", "")
                : text,
    },
    {
        name: "the byte order mark at its beginning",
        remove: (text) => text.replace(/^(\ufeff|\u00ef\u00bb\u00bf)/, ""),
    },
    { name: "the line break at its end", remove: (text) => text.replace(/[\r\n]+$/, "") },
    // In cmd.exe, `echo secret > file` also writes the space before ">".
    { name: "the blanks around it", remove: (text) => text.trim() },
    { name: "the quotation marks around it", remove: (text) => text.replace(/^(["'])(.*)\1$/s, "$2") },
];

function variantsOf(given: string | undefined): Variant[] {
    if (given === undefined) return [{ removed: [], ...encodings(undefined) }];
    const variants = [{ removed: [] as string[], text: given }];
    for (const { name, remove } of ADDITIONS) {
        const { removed, text } = variants[variants.length - 1] ?? { removed: [], text: given };
        const less = remove(text);
        if (less !== text) variants.push({ removed: [...removed, name], text: less });
    }
    return variants.map(({ removed, text }) => ({ removed, ...encodings(text) }));
}

function encodings(password: string | undefined): Omit<Variant, "removed"> {
    const utf8 = Buffer.from(password ?? "", "utf8");
    const utf16 = Buffer.from(`${password ?? ""}\0`, "utf16le").swap16();
    if (password === undefined) return { text: [undefined, ""], raw: [utf8, utf16] };
    if (password === "") return { text: ["", undefined], raw: [utf8, utf16] };
    // For PBKDF2 and scrypt, the standard requires UTF-8. Old versions of NSS use UTF-16 instead, for any password.
    if (/^[\x00-\x7f]*$/.test(password)) return { text: [password], raw: [utf8, utf16] };
    const isLatin1 = Array.from(password).every((character) => (character.codePointAt(0) ?? 0) < 0x100);
    return {
        // OpenSSL before 1.1 treated each byte of UTF-8 as a character.
        text: [password, utf8.toString("latin1")],
        // node-forge encodes the password as Latin-1.
        raw: [utf8, ...(isLatin1 ? [Buffer.from(password, "latin1")] : []), utf16],
    };
}

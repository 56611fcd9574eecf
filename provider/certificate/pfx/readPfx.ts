// Reads the PFX (PKCS#12) files of all common tools. node-forge parses a PFX file, mac.ts checks its integrity, and
// ciphers.ts decrypts it. PfxReader ignores all entries except certificates and keys.
import { X509Certificate, type KeyObject } from "node:crypto";

import { CertificateError } from "../certificateError";
import { chooseIdentity, type Identity } from "../chooseIdentity";
import {
    child,
    children,
    damaged,
    integerOf,
    isContext,
    isSequence,
    octetsOf,
    oidOf,
    parseDer,
    toDer,
    type Node,
} from "./der";
import { cipherOf, unsupported, type PbeCipher } from "./ciphers";
import { assertFileSize, Budget } from "./limits";
import { macOf } from "./mac";
import { Password } from "./password";
import { readableKey } from "./privateKey";
import { assertLooksLikePfx } from "./otherFile";

const OID = {
    data: "1.2.840.113549.1.7.1",
    signedData: "1.2.840.113549.1.7.2",
    encryptedData: "1.2.840.113549.1.7.6",
    keyBag: "1.2.840.113549.1.12.10.1.1",
    shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
    certBag: "1.2.840.113549.1.12.10.1.3",
    safeContentsBag: "1.2.840.113549.1.12.10.1.6",
    x509Certificate: "1.2.840.113549.1.9.22.1",
};

interface Contents {
    readonly keys: KeyObject[];
    readonly certificates: X509Certificate[];
    readonly notes: string[];
    hasIgnoredKey: boolean;
}

/**
 * Returns the certificate that `chooseIdentity` chooses, with its private key and issuers. Throws a CertificateError
 * whose message does not name the file. `password` is `undefined` if the file has none.
 */
export function readPfx(bytes: Buffer, password: string | undefined, now: Date): Identity {
    assertFileSize(bytes.length);
    assertLooksLikePfx(bytes);
    const forms = new Password(password);
    try {
        return chooseIdentity(new PfxReader(parseDer(bytes), forms).read(), now);
    } catch (error) {
        if (error instanceof CertificateError) throw error;
        // Users would not understand the errors that node-forge and OpenSSL throw for malformed bytes.
        throw damaged();
    } finally {
        forms.forget();
    }
}

class PfxReader {
    private readonly budget = new Budget();
    private readonly contents: Contents = { keys: [], certificates: [], notes: [], hasIgnoredKey: false };
    /** Whether the password has decrypted a part of the file. A file without encryption opens with any password. */
    private hasDecrypted = false;

    constructor(
        private readonly pfx: Node,
        private readonly password: Password,
    ) {}

    read(): Contents {
        const [version, authSafe, macData] = children(this.pfx);
        if (integerOf(version) !== 3) throw damaged();
        const kind = oidOf(child(authSafe, 0));
        if (kind === OID.signedData) throw unsupported("the protection", kind);
        if (kind !== OID.data) throw damaged();
        const content = octetsOf(child(child(authSafe, 1), 0));
        const safes = children(parseDer(content));
        const mac = macData ? macOf(macData) : undefined;
        if (mac) this.budget.spend(mac.cost);
        for (const safe of safes) this.survey(safe);
        if (mac) {
            if (!mac.passes(content, this.password, this.budget)) throw this.integrityFailure(safes);
        } else {
            this.contents.notes.push(
                "the file has no integrity check, so a change to it cannot be detected; export the certificate again, for example with: openssl pkcs12 -export -inkey key.pem -in certificate.pem -out portal.pfx",
            );
        }
        for (const safe of safes) this.openSafe(safe);
        const { removed } = this.password;
        if (removed !== undefined) {
            this.contents.notes.push(
                `the password opens the file only without ${removed}; correct the stored password`,
            );
        }
        return this.contents;
    }

    /** Counts the container `safe`, and the entries and hash rounds in it that are readable without the password. */
    private survey(safe: Node): void {
        this.budget.countSafe();
        const kind = oidOf(child(safe, 0));
        if (kind === OID.encryptedData) this.budget.spend(encryptedContent(safe).cipher.cost);
        else if (kind === OID.data) this.surveyBags(children(parseDer(plainContent(safe))));
        else throw unsupported("the protection", kind);
    }

    private surveyBags(bags: readonly Node[]): void {
        for (const bag of bags) {
            this.budget.countBag();
            const kind = oidOf(child(bag, 0));
            if (kind === OID.shroudedKeyBag) this.budget.spend(cipherOf(child(bagValue(bag), 0)).cost);
            if (kind === OID.safeContentsBag) this.surveyBags(children(bagValue(bag)));
        }
    }

    private openSafe(safe: Node): void {
        if (oidOf(child(safe, 0)) === OID.data) {
            for (const bag of children(parseDer(plainContent(safe)))) this.openBag(bag);
            return;
        }
        const { cipher, ciphertext } = encryptedContent(safe);
        const bags = this.decrypt(cipher, ciphertext, (plain) => children(parseDer(plain)));
        if (!bags) throw this.wrongPassword();
        // The first survey could not read these bags, because they were encrypted.
        this.surveyBags(bags);
        for (const bag of bags) this.openBag(bag);
    }

    private openBag(bag: Node): void {
        const kind = oidOf(child(bag, 0));
        if (kind === OID.safeContentsBag) for (const inner of children(bagValue(bag))) this.openBag(inner);
        if (kind === OID.certBag) this.addCertificate(bagValue(bag));
        if (kind === OID.keyBag) this.addKey(toDer(bagValue(bag)));
        if (kind === OID.shroudedKeyBag) this.openKey(bagValue(bag));
    }

    private openKey(shrouded: Node): void {
        const cipher = cipherOf(child(shrouded, 0));
        const plain = this.decrypt(cipher, octetsOf(child(shrouded, 1)), (bytes) => {
            if (!isSequence(parseDer(bytes))) throw damaged();
            return Buffer.from(bytes);
        });
        if (!plain) throw this.wrongPassword();
        this.addKey(plain);
    }

    private addKey(pkcs8: Buffer): void {
        try {
            const key = readableKey(pkcs8);
            if (typeof key !== "string") this.contents.keys.push(key);
            else {
                this.contents.notes.push(key);
                this.contents.hasIgnoredKey = true;
            }
        } finally {
            pkcs8.fill(0);
        }
    }

    private addCertificate(bag: Node): void {
        if (oidOf(child(bag, 0)) !== OID.x509Certificate) return;
        try {
            this.contents.certificates.push(new X509Certificate(octetsOf(child(child(bag, 1), 0))));
        } catch {
            this.contents.notes.push("a certificate in the file is unreadable and was ignored");
        }
    }

    private decrypt<T>(cipher: PbeCipher, ciphertext: Buffer, parse: (plain: Buffer) => T): T | undefined {
        const plain = this.password.open(cipher.takes, cipher.cost, this.budget, (form) =>
            attempt(() => cipher.decrypt(ciphertext, form), parse),
        );
        if (plain !== undefined) this.hasDecrypted = true;
        return plain;
    }

    private wrongPassword(): CertificateError {
        const { triedWithout, isGiven } = this.password;
        const more = triedWithout === undefined ? "" : ` (also without ${triedWithout})`;
        const [fault, remedy] = isGiven
            ? [`the password is wrong${more}`, "correct the password"]
            : ["it requires a password, but none is given", "give its password"];
        return new CertificateError(
            "wrongPassword",
            `the file cannot be opened: ${fault}, or the file is damaged; ${remedy}, or export the certificate again`,
        );
    }

    /** Distinguishes a wrong password from a damaged file. Only the right password decrypts all encrypted parts. */
    private integrityFailure(safes: readonly Node[]): CertificateError {
        try {
            for (const safe of safes) this.openSafe(safe);
        } catch {
            return this.wrongPassword();
        }
        const isEmpty = this.contents.keys.length + this.contents.certificates.length === 0;
        return isEmpty || !this.hasDecrypted
            ? this.wrongPassword()
            : new CertificateError(
                  "damaged",
                  "the file is damaged: the password opens it, but its integrity check fails; export the certificate again",
              );
    }
}

function attempt<T>(decrypt: () => Buffer, parse: (plain: Buffer) => T): T | undefined {
    let plain: Buffer | undefined;
    try {
        plain = decrypt();
        return parse(plain);
    } catch (error) {
        // The decrypted bytes are DER, but nested too deeply. So this form of the password is right, and no other form
        // is tried.
        if (error instanceof CertificateError && error.fault === "overLimit") throw error;
        return undefined;
    } finally {
        plain?.fill(0);
    }
}

function plainContent(safe: Node): Buffer {
    return octetsOf(child(child(safe, 1), 0));
}

function encryptedContent(safe: Node): { cipher: PbeCipher; ciphertext: Buffer } {
    const [, info] = children(child(child(safe, 1), 0));
    const content = child(info, 2);
    if (!isContext(content, 0)) throw damaged();
    return { cipher: cipherOf(child(info, 1)), ciphertext: octetsOf(content) };
}

/** Returns the value of a bag, without the explicit tag `[0]` around it. */
function bagValue(bag: Node): Node {
    const value = child(bag, 1);
    if (!isContext(value, 0)) throw damaged();
    return child(value, 0);
}

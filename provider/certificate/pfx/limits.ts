// What a PFX file may cost to read. Checked before any key is derived: the native derivations cannot be interrupted, and
// a file of 2 KB can ask for minutes.
import { CertificateError } from "../certificateError";

/** A chain of three with RSA 4096 takes 7 KB. */
export const MAX_FILE_BYTES = 256 * 1024;
const MAX_ROUNDS = 1_000_000;
/** The dearest honest file (NSS and GnuTLS with 3DES) takes 4.2 million. */
const MAX_TOTAL_ROUNDS = 5_000_000;
const MAX_SAFES = 16;
const MAX_BAGS = 64;
const MAX_SALT_BYTES = 1024;
const MAX_SCRYPT_BYTES = 64 * 1024 * 1024;

const REMEDY = "write the file anew with ordinary settings, such as: openssl pkcs12 -export";

export class Budget {
    private rounds = 0;
    private safes = 0;
    private bags = 0;

    /** Before each derivation: `rounds` as the file says them, `cost` in hash rounds. */
    spend(cost: number): void {
        this.rounds += cost;
        assertWithin("password rounds in all", this.rounds, MAX_TOTAL_ROUNDS);
    }

    countSafe(): void {
        assertWithin("safes", ++this.safes, MAX_SAFES);
    }

    countBag(): void {
        assertWithin("bags", ++this.bags, MAX_BAGS);
    }
}

export function assertFileSize(bytes: number): void {
    assertWithin("bytes", bytes, MAX_FILE_BYTES);
}

export function assertDerivation({ rounds, salt }: { readonly rounds: number; readonly salt: Buffer }): void {
    assertWithin("password rounds", rounds, MAX_ROUNDS);
    assertWithin("bytes of salt", salt.length, MAX_SALT_BYTES);
    // Zero rounds would make a key that does not depend on the password.
    if (rounds < 1) throw new CertificateError("damaged", "it asks for no password rounds at all");
}

export function assertScrypt({ bytes, salt }: { readonly bytes: number; readonly salt: Buffer }): void {
    assertWithin("bytes of memory for scrypt", bytes, MAX_SCRYPT_BYTES);
    assertWithin("bytes of salt", salt.length, MAX_SALT_BYTES);
}

function assertWithin(what: string, asked: number, limit: number): void {
    if (asked <= limit) return;
    const shown = Number.isFinite(asked) ? asked.toLocaleString("en-US") : "endless";
    throw new CertificateError(
        "overLimit",
        `it asks for ${shown} ${what}; the limit is ${limit.toLocaleString("en-US")}: ${REMEDY}`,
    );
}

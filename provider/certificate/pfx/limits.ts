// Limits the cost of reading a PFX file. The cost of each key derivation is checked before it starts, because nobody
// can interrupt a derivation, and a file of 2 KB can make it take minutes.
import { CertificateError } from "../certificateError";

/** A chain of three certificates with RSA 4096 takes 7 KB. */
export const MAX_FILE_BYTES = 256 * 1024;
const MAX_ROUNDS = 1_000_000;
/** The most expensive ordinary files (NSS and GnuTLS with 3DES) require 4.2 million rounds. */
const MAX_TOTAL_ROUNDS = 5_000_000;
/**
 * If a password fails, password.ts tries further forms of it, for example in another encoding. Limits the rounds of all
 * further forms together, as a multiple of the rounds that the first form takes.
 */
const MAX_MORE_ATTEMPTS = 3;
/** All further forms of the password together may always use this many rounds. */
const FEW_ROUNDS = 100_000;
const MAX_SAFES = 16;
const MAX_BAGS = 64;
const MAX_SALT_BYTES = 1024;
const MAX_SCRYPT_BYTES = 64 * 1024 * 1024;

export class Budget {
    private rounds = 0;
    private moreRounds = 0;
    private safes = 0;
    private bags = 0;

    /**
     * Must run once for each encrypted part and for the integrity check, before their first derivation. `cost`: number
     * of hash rounds. Throws if the file requires too many rounds in total.
     */
    spend(cost: number): void {
        this.rounds += cost;
        assertWithin(this.rounds, "rounds of key derivation in total", MAX_TOTAL_ROUNDS);
    }

    /** Counts the hash rounds of another form of the password. Returns whether that form may be tried. */
    allowsAnother(cost: number): boolean {
        this.moreRounds += cost;
        return this.moreRounds <= Math.max(FEW_ROUNDS, MAX_MORE_ATTEMPTS * this.rounds);
    }

    countSafe(): void {
        assertWithin(++this.safes, "containers", MAX_SAFES);
    }

    countBag(): void {
        assertWithin(++this.bags, "entries", MAX_BAGS);
    }
}

export function assertFileSize(bytes: number): void {
    if (bytes <= MAX_FILE_BYTES) return;
    throw new CertificateError(
        "overLimit",
        `the file is too large (${shown(bytes)} bytes; at most ${shown(MAX_FILE_BYTES)} are read); export only the certificate, its private key and its issuers as a PFX file`,
    );
}

export function assertDerivation({ rounds, salt }: { readonly rounds: number; readonly salt: Buffer }): void {
    assertWithin(rounds, "rounds of key derivation", MAX_ROUNDS);
    assertWithin(salt.length, "bytes of salt", MAX_SALT_BYTES);
    // With zero rounds, the key would not depend on the password. No tool writes such a file.
    if (rounds < 1)
        throw new CertificateError(
            "damaged",
            "the file is damaged: the password does not protect its keys (0 rounds of key derivation); export the certificate again",
        );
}

export function assertScrypt({ bytes, salt }: { readonly bytes: number; readonly salt: Buffer }): void {
    assertWithin(bytes, "bytes of memory for scrypt", MAX_SCRYPT_BYTES);
    assertWithin(salt.length, "bytes of salt", MAX_SALT_BYTES);
}

function assertWithin(count: number, unit: string, limit: number): void {
    if (count <= limit) return;
    throw new CertificateError(
        "overLimit",
        `the file is built in an unusual way (${shown(count)} ${unit}; at most ${shown(limit)} are accepted); export the certificate again`,
    );
}

function shown(count: number): string {
    return Number.isFinite(count) ? count.toLocaleString("en-US") : "too many";
}

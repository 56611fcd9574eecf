// Chooses one of the certificates in a file that have their own RSA private key: the newest valid one. If none of them
// is valid, chooses the newest one. `rank` defines the exact order. Pure.
import { createHash, createPublicKey, sign, verify, type KeyObject, type X509Certificate } from "node:crypto";

import { certificateProblems, parseDerCertificate, type ParsedCertificate } from "../inputs/certificate";
import { numbered } from "../plainText";
import { CertificateError } from "./certificateError";
import { issuersOf } from "./issuers";

export interface Identity {
    readonly certificate: ParsedCertificate;
    readonly privateKey: KeyObject;
    /** Issuers that the file contains, as PEM. The issuer of the certificate comes first. */
    readonly chain: readonly string[];
    /** Warnings about the file, for example about an ignored key, or about the choice between several certificates. */
    readonly notes: readonly string[];
}

interface Pair {
    readonly certificate: X509Certificate;
    readonly parsed: ParsedCertificate;
    readonly key: KeyObject;
    readonly rank: string;
}

/**
 * If a key has more bits, OpenSSL needs seconds for each signature. No certificate authority issues certificates with
 * such keys.
 */
const MAX_KEY_BITS = 8192;
/** Making a signature shows whether a key is intact, and takes time. So at most this many keys of a file are tried. */
const MAX_PROOFS = 3;
const DAMAGED_KEY =
    "a private key in the file is damaged and was ignored; to use its certificate, export that certificate again";

export function chooseIdentity(contents: Contents, now: Date): Identity {
    const certificates = distinct(contents.certificates);
    const pairs = usablePairs(contents, certificates, now).sort((a, b) => b.rank.localeCompare(a.rank));
    const candidates = [...new Set(pairs.map(({ key }) => key))].slice(0, MAX_PROOFS);
    const proven = candidates.find((key) => isProven(key));
    const best = pairs.find(({ key }) => key === proven);
    if (!best) {
        throw none(
            "the private key in the file is damaged: its signatures do not verify with the certificate; export the certificate again",
            contents,
        );
    }
    return {
        certificate: best.parsed,
        privateKey: best.key,
        chain: issuersOf(best.certificate, certificates, now).map((issuer) => issuer.toString()),
        notes: [
            ...contents.notes,
            ...(candidates[0] === proven ? [] : [DAMAGED_KEY]),
            ...(pairs.length > 1 ? [choiceNote(best, pairs.length, now)] : []),
        ],
    };
}

interface Contents {
    readonly keys: readonly KeyObject[];
    readonly certificates: readonly X509Certificate[];
    readonly notes: readonly string[];
    /** Whether readPfx.ts ignored a private key in the file. A note says why. */
    readonly hasIgnoredKey: boolean;
}

/** Throws if the file contains no certificate with a usable RSA private key. */
function usablePairs(contents: Contents, certificates: readonly X509Certificate[], now: Date): Pair[] {
    if (certificates.length === 0) {
        throw none(
            "the file contains no readable certificate; export the certificate again with its private key",
            contents,
        );
    }
    if (contents.keys.length === 0) {
        throw none(
            contents.hasIgnoredKey
                ? "no private key in the file can be used; use a certificate with an ordinary RSA key, or export the certificate again"
                : "the file contains no private key; export the certificate again with its private key (in the wizard of Windows: Yes, export the private key)",
            contents,
        );
    }
    const pairs = pairsOf(certificates, contents.keys, now);
    if (pairs.length === 0)
        throw none(
            "no certificate in the file matches a private key in the file; export the certificate again together with its private key",
            contents,
        );
    const usable = pairs.filter(({ key, parsed }) => isUsable(key, parsed));
    if (usable.length === 0) throw none(unusable(pairs), contents);
    return usable;
}

function none(message: string, { notes }: { readonly notes: readonly string[] }): CertificateError {
    return new CertificateError("noIdentity", [message, ...notes].join("; "));
}

function distinct(certificates: readonly X509Certificate[]): X509Certificate[] {
    return [...new Map(certificates.map((one) => [one.fingerprint256, one])).values()];
}

/**
 * Pairs each certificate with the key that has the same public key. The private part of this key may be damaged, so
 * `isProven` checks it later.
 */
function pairsOf(certificates: readonly X509Certificate[], keys: readonly KeyObject[], now: Date): Pair[] {
    const keyOf = new Map(keys.map((key) => [idOf(() => createPublicKey(key)), key]));
    return certificates.flatMap((certificate) => {
        const id = idOf(() => certificate.publicKey);
        const key = id === undefined ? undefined : keyOf.get(id);
        if (!key) return [];
        try {
            const parsed = parseDerCertificate(certificate.raw);
            return [{ certificate, key, parsed, rank: rank(certificate, parsed, now) }];
        } catch {
            return [];
        }
    });
}

/** `undefined`: OpenSSL does not support this kind of key. */
function idOf(publicKey: () => KeyObject): string | undefined {
    try {
        const der = publicKey().export({ type: "spki", format: "der" });
        return createHash("sha256").update(der).digest("hex");
    } catch {
        return undefined;
    }
}

function isUsable(
    { asymmetricKeyType, asymmetricKeyDetails }: KeyObject,
    { keyAlgorithm }: ParsedCertificate,
): boolean {
    return (
        asymmetricKeyType === "rsa" &&
        keyAlgorithm === "rsa" &&
        (asymmetricKeyDetails?.modulusLength ?? 0) <= MAX_KEY_BITS
    );
}

function unusable(pairs: readonly Pair[]): string {
    const [{ parsed }] = pairs as [Pair];
    return parsed.keyAlgorithm === "rsa"
        ? `the RSA key has ${parsed.keyBits ?? 0} bits, more than ${MAX_KEY_BITS}; use a key of 2048 to 4096 bits`
        : `the key is ${parsed.keyAlgorithm}, but Entra accepts only RSA keys for an application; use a certificate with an RSA key`;
}

function isProven(key: KeyObject): boolean {
    const probe = Buffer.from("restore-portal");
    try {
        return verify("sha256", probe, createPublicKey(key), sign("sha256", probe, key));
    } catch {
        return false;
    }
}

/**
 * Returns a text to sort the certificates by. The best choice has the highest text. Its parts are, in this order:
 * whether the certificate meets the rules, whether it is not a CA certificate, the start of validity, the expiry date.
 * If all of these are equal, the thumbprint decides, so that the choice is always the same.
 */
function rank(certificate: X509Certificate, parsed: ParsedCertificate, now: Date): string {
    return [
        Number(isValid(parsed, now)),
        Number(!certificate.ca),
        parsed.notBefore,
        parsed.notAfter,
        parsed.thumbprint,
    ].join(" ");
}

function isValid(parsed: ParsedCertificate, now: Date): boolean {
    return certificateProblems(parsed, now).refusals.length === 0;
}

function choiceNote({ parsed }: Pair, count: number, now: Date): string {
    const choice = isValid(parsed, now) ? "using the newest valid one" : "no usable one is valid, so using this one";
    return `the file contains ${count} certificates with a private key; ${choice}: ${printable(parsed.subject)}, thumbprint ${parsed.thumbprint}`;
}

/**
 * Replaces control characters, because anybody can choose the names in a file, and a terminal would obey these
 * characters.
 */
export function printable(text: string): string {
    return text.replace(/\n/g, ", ").replace(/[\p{Cc}\p{Cf}]/gu, numbered);
}

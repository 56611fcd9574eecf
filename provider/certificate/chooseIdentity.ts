// Chooses the portal's certificate from those in a file: the newest valid one with its own RSA private key. Pure.
import { sign, verify, X509Certificate, type KeyObject } from "node:crypto";

import { certificateProblems, parseDerCertificate, type ParsedCertificate } from "../inputs/certificate";
import { CertificateError } from "./certificateError";

export interface Identity {
    readonly certificate: ParsedCertificate;
    readonly privateKey: KeyObject;
    /** Issuers that the file contains, as PEM. The issuer of the certificate comes first. */
    readonly chain: readonly string[];
    /** A warning that names the used certificate if there are several, and the skipped ones. */
    readonly notes: readonly string[];
}

interface Pair {
    readonly certificate: X509Certificate;
    readonly parsed: ParsedCertificate;
    readonly key: KeyObject;
}

/** With a longer key OpenSSL needs seconds per signature. No certificate authority issues one. */
const MAX_KEY_BITS = 8192;

export function chooseIdentity(contents: Contents, now: Date): Identity {
    const certificates = distinct(contents.certificates);
    const proven = provenPairs(contents, certificates);
    const [best, ...others] = proven.sort((a, b) => rank(b, now).localeCompare(rank(a, now)));
    if (!best)
        throw none(
            "the private key in the file is damaged: its signatures do not verify with the certificate",
            contents,
        );
    return {
        certificate: best.parsed,
        privateKey: best.key,
        chain: chainOf(best.certificate, certificates).map(({ raw }) => parseDerCertificate(raw).pem),
        notes: [...contents.notes, ...(others.length > 0 ? [choiceNote(best, proven.length)] : [])],
    };
}

interface Contents {
    readonly keys: readonly KeyObject[];
    readonly certificates: readonly X509Certificate[];
    readonly notes: readonly string[];
}

/** Pairs of a certificate and its RSA key. Throws if the file contains none. */
function provenPairs(contents: Contents, certificates: readonly X509Certificate[]): Pair[] {
    if (certificates.length === 0) {
        throw none("the file contains no certificate; export the certificate with its private key", contents);
    }
    if (contents.keys.length === 0) {
        throw none(
            "the file contains no private key; export the certificate again with its private key (in the wizard of Windows: Yes, export the private key)",
            contents,
        );
    }
    const pairs = certificates.flatMap((certificate) => pairsOf(certificate, contents.keys));
    if (pairs.length === 0)
        throw none(
            "no certificate in the file matches a private key in the file; export the certificate again together with its private key",
            contents,
        );
    const usable = pairs.filter(({ key, parsed }) => isUsable(key, parsed));
    if (usable.length === 0) throw none(unusable(pairs), contents);
    return usable.filter(isProven);
}

function none(message: string, { notes }: { readonly notes: readonly string[] }): CertificateError {
    return new CertificateError("noIdentity", [message, ...notes].join("; "));
}

function distinct(certificates: readonly X509Certificate[]): X509Certificate[] {
    return [...new Map(certificates.map((one) => [one.fingerprint256, one])).values()];
}

/** Compares public keys only. `isProven` tests the private key. */
function pairsOf(certificate: X509Certificate, keys: readonly KeyObject[]): Pair[] {
    return keys.flatMap((key) => {
        try {
            return certificate.checkPrivateKey(key)
                ? [{ certificate, key, parsed: parseDerCertificate(certificate.raw) }]
                : [];
        } catch {
            return [];
        }
    });
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

function isProven({ certificate, key }: Pair): boolean {
    const probe = Buffer.from("restore-portal");
    try {
        return verify("sha256", probe, certificate.publicKey, sign("sha256", probe, key));
    } catch {
        return false;
    }
}

/**
 * Returns a text to sort by. The order is: certificates that meet the rules, certificates that are not an authority's,
 * the latest start, the latest end. The thumbprint makes the choice the same each time.
 */
function rank({ certificate, parsed }: Pair, now: Date): string {
    const isValid = certificateProblems(parsed, now).refusals.length === 0;
    return [Number(isValid), Number(!certificate.ca), parsed.notBefore, parsed.notAfter, parsed.thumbprint].join(" ");
}

function choiceNote({ parsed }: Pair, count: number): string {
    return `the file contains ${count} certificates with a private key; using the newest valid one: ${printable(parsed.subject)}, thumbprint ${parsed.thumbprint}`;
}

function chainOf(leaf: X509Certificate, certificates: readonly X509Certificate[]): X509Certificate[] {
    const chain: X509Certificate[] = [];
    for (let last = leaf; ;) {
        const issuer = certificates.find(
            (one) =>
                one.subject === last.issuer &&
                one !== last &&
                !chain.includes(one) &&
                one !== leaf &&
                isIssuer(one, last),
        );
        if (!issuer) return chain;
        chain.push(issuer);
        last = issuer;
    }
}

function isIssuer(issuer: X509Certificate, issued: X509Certificate): boolean {
    try {
        return issued.verify(issuer.publicKey);
    } catch {
        return false;
    }
}

/** Anybody can write the names in a file, so control characters must not reach the terminal. */
export function printable(text: string): string {
    return text
        .replace(/\n/g, ", ")
        .replace(
            /[\p{Cc}\p{Cf}]/gu,
            (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
        );
}

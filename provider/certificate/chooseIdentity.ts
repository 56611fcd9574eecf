// Which of the certificates in a file is the portal's: the newest valid one that has its own RSA private key. Pure.
import { sign, verify, X509Certificate, type KeyObject } from "node:crypto";

import { certificateProblems, parseDerCertificate, type ParsedCertificate } from "../inputs/certificate";
import { CertificateError } from "./certificateError";

export interface Identity {
    readonly certificate: ParsedCertificate;
    readonly privateKey: KeyObject;
    /** The issuers that are in the file, the leaf's first. PEM. */
    readonly chain: readonly string[];
    /** What is worth telling: which of several was taken, what was passed over. */
    readonly notes: readonly string[];
}

interface Pair {
    readonly certificate: X509Certificate;
    readonly parsed: ParsedCertificate;
    readonly key: KeyObject;
}

/** OpenSSL takes seconds for a signature beyond that, and no certificate authority issues such. */
const MAX_KEY_BITS = 8192;

export function chooseIdentity(
    found: {
        readonly keys: readonly KeyObject[];
        readonly certificates: readonly X509Certificate[];
        readonly notes: readonly string[];
    },
    now: Date,
): Identity {
    const certificates = distinct(found.certificates);
    if (certificates.length === 0)
        throw none("it holds no certificate; export the certificate with its private key", found);
    if (found.keys.length === 0) {
        throw none(
            "it holds no private key; export it again with the private key (Export Private Key in the wizard of Windows)",
            found,
        );
    }
    const pairs = certificates.flatMap((certificate) => pairsOf(certificate, found.keys));
    if (pairs.length === 0) throw none("none of its certificates belongs to a private key in it", found);
    const usable = pairs.filter(({ key, parsed }) => isUsable(key, parsed));
    if (usable.length === 0) throw none(unusable(pairs), found);
    const proven = usable.filter(isProven);
    const [best, ...others] = proven.sort((a, b) => rank(b, now).localeCompare(rank(a, now)));
    if (!best) throw none("its private key is damaged: what it signs does not verify with its certificate", found);
    return {
        certificate: best.parsed,
        privateKey: best.key,
        chain: chainOf(best.certificate, certificates).map(({ raw }) => parseDerCertificate(raw).pem),
        notes: [...found.notes, ...(others.length > 0 ? [taken(best, proven.length)] : [])],
    };
}

function none(message: string, { notes }: { readonly notes: readonly string[] }): CertificateError {
    return new CertificateError("noIdentity", [message, ...notes].join("; "));
}

function distinct(certificates: readonly X509Certificate[]): X509Certificate[] {
    return [...new Map(certificates.map((one) => [one.fingerprint256, one])).values()];
}

/** Says nothing yet about the private half: that is proved by a signature. */
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
        ? `its RSA key has ${parsed.keyBits ?? 0} bits, more than ${MAX_KEY_BITS}; use one of 2048 to 4096`
        : `its key is ${parsed.keyAlgorithm}, but Entra takes only RSA keys for an application; use a certificate with an RSA key`;
}

function isProven({ certificate, key }: Pair): boolean {
    const probe = Buffer.from("restore-portal");
    try {
        return verify("sha256", probe, certificate.publicKey, sign("sha256", probe, key));
    } catch {
        return false;
    }
}

/** Sorts as text: usable by the rules, no authority, begun last, ending last; the thumbprint so that it is always the same. */
function rank({ certificate, parsed }: Pair, now: Date): string {
    const isValid = certificateProblems(parsed, now).refusals.length === 0;
    return [Number(isValid), Number(!certificate.ca), parsed.notBefore, parsed.notAfter, parsed.thumbprint].join(" ");
}

function taken({ parsed }: Pair, count: number): string {
    return `it holds ${count} certificates with a private key; taken is the newest valid one: ${printable(parsed.subject)}, thumbprint ${parsed.thumbprint}`;
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

/** Names in a file are anybody's text: nothing in them may move the cursor or turn the line around. */
export function printable(text: string): string {
    return text
        .replace(/\n/g, ", ")
        .replace(
            /[\p{Cc}\p{Cf}]/gu,
            (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
        );
}

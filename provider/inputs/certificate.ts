// Reads a public certificate, and checks the rules of Entra and of VB365's wizard. Pure. All thumbprints are upper-case
// hex. Windows, VB365 and Entra show the SHA-1 thumbprint.
import { X509Certificate } from "node:crypto";

import forge from "node-forge";

import { DAY_MS, isoSeconds, WARN_BEFORE_DAYS } from "../days";
import { PortalError } from "../portalError";
import { counted } from "../sentences";
import { thumbprintsOf } from "./thumbprints";

export interface ParsedCertificate {
    /** PEM text as Node.js writes it. */
    readonly pem: string;
    readonly der: Buffer;
    readonly thumbprint: string;
    readonly thumbprintSha256: string;
    readonly subject: string;
    /** ISO 8601, UTC, whole seconds: `2026-11-24T10:00:00Z`. */
    readonly notBefore: string;
    readonly notAfter: string;
    /** `rsa`, `ec`, `rsa-pss`, `ed25519`, ... */
    readonly keyAlgorithm: string;
    readonly keyBits: number | undefined;
    /** A name such as `sha256WithRSAEncryption`, or the object identifier if node-forge does not know the algorithm. */
    readonly signatureAlgorithm: string;
    readonly isSha1Signed: boolean;
}

const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/g;
/** `X509 CERTIFICATE` is OpenSSL's older label for a certificate. */
const LABELS = ["CERTIFICATE", "X509 CERTIFICATE"];
const BLOCK = /-----BEGIN (X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END (X509 )?CERTIFICATE-----/;

/**
 * Reads one certificate, or throws ERR_CERTIFICATE_INVALID. The message repeats only labels of the text, because the
 * rest may contain a key. The kind of line ends and any text around the block do not matter.
 */
export function parseCertificate(pem: string): ParsedCertificate {
    const labels = [...pem.matchAll(BEGIN)].map((match) => match[1] ?? "");
    if (labels.some((label) => label.includes("PRIVATE KEY"))) {
        throw invalid(
            "certificatePem must be the public certificate only, but it contains a private key; remove the key from it and from the program",
        );
    }
    const areCertificates = labels.every((label) => LABELS.includes(label));
    if (labels.length !== 1 || !areCertificates) {
        const came = areCertificates ? counted(labels.length, "certificate") : labels.join(", ");
        const got = labels.length === 0 ? "no PEM text" : came;
        throw invalid(`certificatePem must be one certificate as PEM text (-----BEGIN CERTIFICATE-----), got ${got}`);
    }
    try {
        return describe(new X509Certificate(Buffer.from(base64Of(pem), "base64")));
    } catch (cause) {
        if (cause instanceof PortalError) throw cause;
        throw invalid(
            "certificatePem is not a readable X.509 certificate; export the certificate again as PEM (Base-64)",
            cause,
        );
    }
}

/** The DER bytes of a certificate as base64 text, without line breaks or PEM lines. */
export function base64Of(pem: string): string {
    return (BLOCK.exec(pem)?.[2] ?? pem).replace(/-----[^-]+-----|\s/g, "");
}

/** Returns whether two PEM texts contain the same certificate. A text without a certificate equals only itself. */
export function isSameCertificate(a: string, b: string): boolean {
    if (a === b) return true;
    try {
        return parseCertificate(a).der.equals(parseCertificate(b).der);
    } catch {
        return false;
    }
}

/** Reads one certificate in DER. The caller writes the message about malformed bytes. */
export function parseDerCertificate(der: Buffer): ParsedCertificate {
    return describe(new X509Certificate(der));
}

function invalid(what: string, cause?: unknown): PortalError {
    return new PortalError("ERR_CERTIFICATE_INVALID", what, { cause });
}

function describe(certificate: X509Certificate): ParsedCertificate {
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    const signature = signatureOid(certificate.raw);
    return {
        pem: certificate.toString(),
        der: certificate.raw,
        ...thumbprintsOf(certificate.raw),
        subject: certificate.subject,
        notBefore: isoSeconds(new Date(certificate.validFrom)),
        notAfter: isoSeconds(new Date(certificate.validTo)),
        keyAlgorithm: asymmetricKeyType ?? "unknown",
        keyBits: asymmetricKeyDetails?.modulusLength,
        signatureAlgorithm: (forge.pki.oids as Record<string, string>)[signature] ?? signature,
        isSha1Signed: SHA1_SIGNATURES.has(signature),
    };
}

const SHA1_SIGNATURES = new Set(["1.2.840.113549.1.1.5", "1.3.14.3.2.29", "1.2.840.10040.4.3", "1.2.840.10045.4.1"]);

// Node.js 22 does not expose the signature algorithm, which is the second field of the outer sequence.
function signatureOid(der: Buffer): string {
    const outer = forge.asn1.fromDer(forge.util.createBuffer(der.toString("binary")));
    const algorithm = (outer.value as forge.asn1.Asn1[])[1];
    const oid = (algorithm?.value as forge.asn1.Asn1[] | undefined)?.[0];
    return oid === undefined ? "" : forge.asn1.derToOid(oid.value as string);
}

export interface CertificateProblems {
    /** Why Entra or the wizard would refuse the certificate. */
    readonly refusals: string[];
    readonly warnings: string[];
}

const MIN_KEY_BITS = 2048;
/** A leap year plus one hour, because a certificate often begins some minutes before it is issued. */
const ONE_YEAR_MS = 366 * DAY_MS + 60 * 60 * 1000;
/**
 * Checks the rules of Entra (RSA only, valid today) and of the wizard. Each text is the rest of a sentence about the
 * certificate, such as "must have an RSA key".
 */
export function certificateProblems(certificate: ParsedCertificate, now: Date): CertificateProblems {
    return {
        refusals: [...keyRefusals(certificate), ...dateRefusals(certificate, now)],
        warnings: [
            ...signatureWarnings(certificate),
            ...lifetimeWarnings(certificate),
            ...expiryWarnings(certificate, now),
        ],
    };
}

function keyRefusals({ keyAlgorithm, keyBits }: ParsedCertificate): string[] {
    if (keyAlgorithm !== "rsa") {
        return [
            `must have an RSA key, got ${keyAlgorithm}: Entra accepts only RSA keys for an application; make a new certificate`,
        ];
    }
    if (keyBits !== undefined && keyBits < MIN_KEY_BITS) {
        return [`must have an RSA key of ${MIN_KEY_BITS} bits or more, got ${keyBits}; make a new certificate`];
    }
    return [];
}

function dateRefusals({ notBefore, notAfter }: ParsedCertificate, now: Date): string[] {
    if (new Date(notAfter) <= now) return [`must not be expired, but it expired on ${notAfter}; renew it`];
    if (new Date(notBefore) <= now) return [];
    return [`must already be valid, but it begins on ${notBefore}; check the clock of this machine, or wait`];
}

function signatureWarnings({ isSha1Signed }: ParsedCertificate): string[] {
    return isSha1Signed ? ["is signed with SHA-1; make a new certificate that is signed with SHA-256"] : [];
}

function lifetimeWarnings({ notBefore, notAfter }: ParsedCertificate): string[] {
    if (Date.parse(notAfter) - Date.parse(notBefore) <= ONE_YEAR_MS) return [];
    return [
        `is valid for more than a year (until ${notAfter}); a tenant with an application management policy may refuse it; use a certificate that is valid for at most 365 days`,
    ];
}

function expiryWarnings({ notAfter }: ParsedCertificate, now: Date): string[] {
    const daysLeft = Math.floor((Date.parse(notAfter) - now.getTime()) / DAY_MS);
    if (daysLeft < 0 || daysLeft >= WARN_BEFORE_DAYS) return [];
    const when = daysLeft === 0 ? "within a day" : `in ${counted(daysLeft, "day")}`;
    return [`expires ${when}, on ${notAfter}; replace it before that date`];
}

// A public certificate as Entra and VB365 see it, and the rules that one has to meet. Pure.
// Thumbprints are upper-case hex everywhere: SHA-1 is what Windows, VB365 and Entra show.
import { createHash, X509Certificate } from "node:crypto";

import forge from "node-forge";

import { DAY_MS, isoSeconds } from "../days";
import { PortalError } from "../portalError";

export interface ParsedCertificate {
    /** PEM, normalised. */
    readonly pem: string;
    readonly der: Buffer;
    readonly thumbprint: string;
    readonly thumbprintSha256: string;
    readonly subject: string;
    /** `2026-11-24T10:00:00Z` */
    readonly notBefore: string;
    readonly notAfter: string;
    /** `rsa`, `ec`, `rsa-pss`, `ed25519`, ... */
    readonly keyAlgorithm: string;
    readonly keyBits: number | undefined;
    /** `sha256WithRSAEncryption`; the bare object identifier where it has no usual name. */
    readonly signatureAlgorithm: string;
    readonly isSha1Signed: boolean;
}

const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/g;

/** Reads one certificate; throws ERR_CERTIFICATE_INVALID in words. Never repeats the text, which may hold a key. */
export function parseCertificate(pem: string): ParsedCertificate {
    const labels = [...pem.matchAll(BEGIN)].map((match) => match[1] ?? "");
    if (labels.some((label) => label.includes("PRIVATE KEY"))) {
        throw invalid(
            "certificatePem must hold the public certificate alone, but a private key is in it; remove the key, and keep it out of the program",
        );
    }
    if (labels.length !== 1 || labels[0] !== "CERTIFICATE") {
        const got = labels.length === 0 ? "no PEM text" : labels.join(", ");
        throw invalid(`certificatePem must be one certificate (-----BEGIN CERTIFICATE-----), got ${got}`);
    }
    try {
        return describe(new X509Certificate(pem));
    } catch (cause) {
        if (cause instanceof PortalError) throw cause;
        throw invalid("certificatePem is no readable X.509 certificate; export it again as PEM (Base-64)", cause);
    }
}

/** The same of a certificate that came out of a file, where the caller knows what to say of a broken one. */
export function parseDerCertificate(der: Buffer): ParsedCertificate {
    return describe(new X509Certificate(der));
}

function invalid(what: string, cause?: unknown): PortalError {
    return new PortalError("ERR_CERTIFICATE_INVALID", what, { cause });
}

function describe(certificate: X509Certificate): ParsedCertificate {
    const digest = (algorithm: string) => createHash(algorithm).update(certificate.raw).digest("hex").toUpperCase();
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    const signature = signatureOid(certificate.raw);
    return {
        pem: certificate.toString(),
        der: certificate.raw,
        thumbprint: digest("sha1"),
        thumbprintSha256: digest("sha256"),
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

// Node 22 does not tell the signature algorithm; it is the second field of the outer sequence.
function signatureOid(der: Buffer): string {
    const outer = forge.asn1.fromDer(forge.util.createBuffer(der.toString("binary")));
    const algorithm = (outer.value as forge.asn1.Asn1[])[1];
    const oid = (algorithm?.value as forge.asn1.Asn1[] | undefined)?.[0];
    return oid === undefined ? "" : forge.asn1.derToOid(oid.value as string);
}

export interface CertificateProblems {
    /** What stands against registering the certificate. */
    readonly refusals: string[];
    readonly warnings: string[];
}

const MIN_KEY_BITS = 2048;
/** One year, a leap day, and the minutes by which validity begins in the past. */
const ONE_YEAR_MS = 366 * DAY_MS + 60 * 60 * 1000;
const WARN_BEFORE_DAYS = 60;

/** The rules of Entra ("only RSA", dates) and of the wizard for a certificate that is to be used. */
export function certificateProblems(certificate: ParsedCertificate, now: Date): CertificateProblems {
    const [start, end] = [new Date(certificate.notBefore), new Date(certificate.notAfter)];
    const refusals = [
        ...keyRefusals(certificate),
        ...(end <= now ? [`must not be expired, but ended on ${certificate.notAfter}; renew it`] : []),
        ...(start > now
            ? [
                  `must be valid already, but begins on ${certificate.notBefore}; check the clock of this machine, or wait`,
              ]
            : []),
    ];
    const daysLeft = Math.floor((end.getTime() - now.getTime()) / DAY_MS);
    const warnings = [
        ...(certificate.isSha1Signed ? ["is signed with SHA-1; make a new one signed with SHA-256"] : []),
        ...(end.getTime() - start.getTime() > ONE_YEAR_MS
            ? [
                  `is valid for more than a year (until ${certificate.notAfter}); tenants with an application management policy refuse that; make one for 365 days`,
              ]
            : []),
        ...(daysLeft >= 0 && daysLeft < WARN_BEFORE_DAYS
            ? [`ends in ${daysLeft} days, on ${certificate.notAfter}; have a new one ready before`]
            : []),
    ];
    return { refusals, warnings };
}

function keyRefusals({ keyAlgorithm, keyBits }: ParsedCertificate): string[] {
    if (keyAlgorithm !== "rsa")
        return [
            `must have an RSA key, got ${keyAlgorithm}: Entra does not take others for an application; make a new certificate`,
        ];
    if (keyBits !== undefined && keyBits < MIN_KEY_BITS) {
        return [`must have an RSA key of ${MIN_KEY_BITS} bits or more, got ${keyBits}; make a new certificate`];
    }
    return [];
}

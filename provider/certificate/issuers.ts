// Finds the issuers of a certificate in a file, and verifies their signatures. Pure.
import type { X509Certificate } from "node:crypto";

/**
 * The highest number of signature checks for one chain. This limits the time if a file contains dozens of certificates
 * with the same name. The chain of a certificate authority needs fewer checks.
 */
const MAX_SIGNATURE_CHECKS = 16;

/** Returns the chain, with the issuer of the certificate first. A self-signed certificate has no chain. */
export function issuersOf(
    certificate: X509Certificate,
    others: readonly X509Certificate[],
    now: Date,
): X509Certificate[] {
    const issuers: X509Certificate[] = [];
    let left = MAX_SIGNATURE_CHECKS;
    const isSigner = (issuer: X509Certificate, issued: X509Certificate) => left-- > 0 && isSignedBy(issued, issuer);
    for (let last = certificate; ;) {
        if (last.subject === last.issuer && isSigner(last, last)) return issuers;
        const issuer = others
            .filter((one) => one !== certificate && !issuers.includes(one) && isNamedIssuer(one, last))
            .sort((a, b) => preference(b, now).localeCompare(preference(a, now)))
            .find((one) => isSigner(one, last));
        if (!issuer) return issuers;
        issuers.push(issuer);
        last = issuer;
    }
}

/**
 * Compares the issuer's name, key id and serial number with those that `issued` contains, and checks that the issuer's
 * key may sign certificates. `isSignedBy` verifies the signature.
 */
function isNamedIssuer(issuer: X509Certificate, issued: X509Certificate): boolean {
    try {
        return issued.checkIssued(issuer);
    } catch {
        return false;
    }
}

function isSignedBy(issued: X509Certificate, issuer: X509Certificate): boolean {
    try {
        return issued.verify(issuer.publicKey);
    } catch {
        return false;
    }
}

/**
 * Returns a text to sort possible issuers by. An authority may have renewed its certificate with the same key. Then
 * both certificates are issuers, and the chain needs only one of them.
 */
function preference(issuer: X509Certificate, now: Date): string {
    const [from, to] = [issuer.validFrom, issuer.validTo].map((date) => Date.parse(date));
    const isValid = (from ?? 0) <= now.getTime() && now.getTime() < (to ?? 0);
    return [Number(issuer.ca), Number(isValid), String(to).padStart(16, "0"), issuer.fingerprint256].join(" ");
}

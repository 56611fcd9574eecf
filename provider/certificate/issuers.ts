// The issuers of a certificate among those of a file: exactly the certificates that issued one another. Pure.
import type { X509Certificate } from "node:crypto";

/** No chain of a certificate authority needs more. A file may hold dozens of certificates with the same name. */
const MAX_SIGNATURE_CHECKS = 16;

/** The issuer of the certificate comes first. A self-signed certificate has none. */
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

/** By the names, by the ids of key and issuer that the certificate may contain, and by what the key may be used for. */
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

/** An authority may have renewed its certificate with the same key. Then each of them is an issuer, and one is enough. */
function preference(issuer: X509Certificate, now: Date): string {
    const [from, to] = [issuer.validFrom, issuer.validTo].map((date) => Date.parse(date));
    const isValid = (from ?? 0) <= now.getTime() && now.getTime() < (to ?? 0);
    return [Number(issuer.ca), Number(isValid), String(to).padStart(16, "0"), issuer.fingerprint256].join(" ");
}

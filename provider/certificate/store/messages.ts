// Makes the errors for a store that does not contain exactly one matching certificate. Pure.
import { CertificateError } from "../certificateError";
import { printable } from "../chooseIdentity";
import type { StoreSource } from "../inputs";

export interface StoredCertificate {
    readonly thumbprint: string;
    readonly subject: string;
    readonly notAfter: string;
    readonly location?: string;
}

/** At most this many certificates are listed, because a store may contain hundreds. */
const MAX_LISTED = 10;

export function notInStore(source: StoreSource, store: string, others: readonly StoredCertificate[]): CertificateError {
    const contents =
        others.length === 0
            ? "it contains no certificate with a private key; import the certificate with its key first, or use source.pfx"
            : `it contains: ${listed(others)}; correct source.store`;
    return new CertificateError(
        "notFound",
        `${store} contains no certificate with ${criterion(source)} and a private key; ${contents}`,
    );
}

export function severalInStore(
    source: StoreSource,
    store: string,
    matching: readonly StoredCertificate[],
): CertificateError {
    return new CertificateError(
        "ambiguous",
        `several certificates with ${criterion(source)} are in ${store}: ${listed(matching)}; set source.store.thumbprint to one of these thumbprints, and remove source.store.subject`,
    );
}

export function criterion({ thumbprint, subject }: StoreSource): string {
    return thumbprint === undefined ? `subject ${JSON.stringify(subject)}` : `thumbprint ${thumbprint}`;
}

function listed(certificates: readonly StoredCertificate[]): string {
    const shown = certificates.slice(0, MAX_LISTED).map(({ thumbprint, subject, notAfter, location }) => {
        const where = location === undefined ? "" : `, ${location}`;
        return `${thumbprint} (${printable(subject)}, valid until ${notAfter.slice(0, 10)}${where})`;
    });
    const more = certificates.length - shown.length;
    return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

// What is said when a store does not hold exactly one certificate that was meant. Pure.
import { CertificateError } from "../certificateError";
import { printable } from "../chooseIdentity";
import type { StoreSource } from "../inputs";

export interface StoredCertificate {
    readonly thumbprint: string;
    readonly subject: string;
    readonly notAfter: string;
    readonly location?: string;
}

/** A store may hold hundreds. */
const MAX_LISTED = 10;

export function notInStore(wanted: StoreSource, store: string, there: readonly StoredCertificate[]): CertificateError {
    const others = there.length === 0 ? "it holds none with a private key" : `there are: ${listed(there)}`;
    return new CertificateError("notFound", `no certificate with ${criterion(wanted)} is in ${store}; ${others}`);
}

export function severalInStore(
    wanted: StoreSource,
    store: string,
    matching: readonly StoredCertificate[],
): CertificateError {
    return new CertificateError(
        "ambiguous",
        `several certificates with ${criterion(wanted)} are in ${store}: ${listed(matching)}; give the thumbprint of one`,
    );
}

export function criterion({ thumbprint, subject }: StoreSource): string {
    return thumbprint === undefined ? `subject ${JSON.stringify(subject)}` : `thumbprint ${thumbprint}`;
}

function listed(certificates: readonly StoredCertificate[]): string {
    const shown = certificates.slice(0, MAX_LISTED).map(({ thumbprint, subject, notAfter, location }) => {
        const where = location === undefined ? "" : `, ${location}`;
        return `${thumbprint} (${printable(subject)}, until ${notAfter.slice(0, 10)}${where})`;
    });
    const more = certificates.length - shown.length;
    return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

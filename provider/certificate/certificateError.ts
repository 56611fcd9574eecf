// Defines the error for a certificate, a PFX file or a store that cannot be used. Callers test `fault` instead of the
// message, because messages may change.
import { PortalError } from "../portalError";

export type CertificateFault =
    /** The password is wrong or missing. In some files, damage has the same effect. */
    | "wrongPassword"
    /** The bytes are not a PFX file, or are an incomplete or changed one. */
    | "damaged"
    /** Reading the file would need more memory or time than reading any ordinary file. */
    | "overLimit"
    /** The file uses an algorithm or form that is not supported, or the store cannot be used on this machine. */
    | "unsupported"
    /** The file or store contains no certificate with its own RSA private key. */
    | "noIdentity"
    /** A file or store cannot be read, the store does not contain the certificate, or the state contains no PFX. */
    | "notFound"
    | "ambiguous"
    | "notExportable"
    | "accessDenied";

export class CertificateError extends PortalError {
    constructor(
        readonly fault: CertificateFault,
        message: string,
    ) {
        super("ERR_CERTIFICATE_INVALID", message);
        this.name = "CertificateError";
    }
}

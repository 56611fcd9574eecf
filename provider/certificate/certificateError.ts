// What can be wrong with a certificate, a PFX file or a store, for code that has to tell the cases apart.
import { PortalError } from "../portalError";

export type CertificateFault =
    /** The password is wrong, or (where that cannot be told) the file is damaged. */
    | "wrongPassword"
    /** The bytes are no PFX file, or no whole one. */
    | "damaged"
    /** Bigger, deeper or slower than any honest file. */
    | "overLimit"
    /** An algorithm or form that is not read here. */
    | "unsupported"
    /** No certificate with its own RSA private key is in it. */
    | "noIdentity"
    /** A file or store cannot be read, or does not hold what was asked for. */
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

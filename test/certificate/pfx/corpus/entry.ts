// Defines one PFX file of the corpus, and the result that the reader must return for it.
import type { CertificateFault } from "../../../../provider/certificate/certificateError";

type Thumbprint = string & Record<never, never>;

export interface CorpusFile {
    /** Has the form `<tool>: <special property of the file>`. The tool can also be `by hand` or `hostile`. */
    readonly name: string;
    readonly bytes: Buffer;
    readonly password: string | undefined;
    /**
     * The SHA-1 thumbprint of the certificate that the reader must return, or the fault for which it must refuse the
     * file.
     */
    readonly expected: Thumbprint | CertificateFault;
    readonly message?: RegExp;
    /** A pattern that the warnings must match. */
    readonly note?: RegExp;
    /** The thumbprints of the expected issuers, in order. */
    readonly chain?: readonly string[];
}

// Defines one file of the corpus and the expected result of the reader.
import type { CertificateFault } from "../../../../provider/certificate/certificateError";

type Thumbprint = string & Record<never, never>;

export interface CorpusFile {
    /** `<tool>: <what is special about the file>` */
    readonly name: string;
    readonly bytes: Buffer;
    readonly password: string | undefined;
    /** The SHA-1 thumbprint of the PEM from which the file was made, or why the file is refused. */
    readonly expected: Thumbprint | CertificateFault;
    readonly message?: RegExp;
    /** A text that the warning must contain. */
    readonly note?: RegExp;
    /** The thumbprints of the expected issuers, in order. */
    readonly chain?: readonly string[];
}

// One file of the corpus, and what the reader has to make of it.
import type { CertificateFault } from "../../../../provider/certificate/certificateError";

type Thumbprint = string & Record<never, never>;

export interface CorpusFile {
    /** `<tool>: <what is special>` */
    readonly name: string;
    readonly bytes: Buffer;
    readonly password: string | undefined;
    /** SHA-1, from the PEM that the file was made from; or why it is refused. */
    readonly expected: Thumbprint | CertificateFault;
    readonly message?: RegExp;
    /** What a note to the user has to say. */
    readonly note?: RegExp;
    /** Issuers that have to come along, in order: their thumbprints. */
    readonly chain?: readonly string[];
}

// Recognizes by its first bytes what users often give instead of a PFX file.
import { CertificateError } from "../certificateError";

interface OtherFile {
    /** `head`: the first bytes as text. `bytes` has at least four. */
    readonly matches: (bytes: Buffer, head: string) => boolean;
    readonly message: string;
}

const OTHER_FILES: readonly OtherFile[] = [
    {
        matches: (_bytes, head) => head.includes("-----BEGIN"),
        message:
            "this is PEM text, not a PFX file; make a PFX file with: openssl pkcs12 -export -inkey key.pem -in certificate.pem -out portal.pfx",
    },
    {
        matches: (bytes) => [0xfeedfeed, 0xcececece].includes(bytes.readUInt32BE(0)),
        message:
            "this is a Java key store, not a PFX file; make a PFX file with: keytool -importkeystore -srckeystore store.jks -destkeystore portal.pfx -deststoretype PKCS12",
    },
    {
        matches: (_bytes, head) => /^[A-Za-z0-9+/=\s]+$/.test(head),
        message: "this is base64 text, not a PFX file; set source.pfx.base64 to the text, or decode it",
    },
];

export function assertLooksLikePfx(bytes: Buffer): void {
    if (bytes.length === 0) throw new CertificateError("damaged", "the file is empty; export the certificate again");
    const head = bytes.subarray(0, 256).toString("latin1").trimStart();
    const enough = bytes.length < 4 ? Buffer.alloc(4) : bytes;
    const other = OTHER_FILES.find(({ matches }) => matches(enough, head));
    if (other) throw new CertificateError("damaged", other.message);
    if (isCertificate(bytes)) {
        throw new CertificateError(
            "noIdentity",
            "this is a certificate without its private key (.cer); export it as a PFX file with the private key",
        );
    }
}

/** A certificate begins SEQUENCE { SEQUENCE { [0] version. A PFX file begins SEQUENCE { INTEGER 3. */
function isCertificate(bytes: Buffer): boolean {
    return bytes[0] === 0x30 && bytes[1] === 0x82 && bytes[4] === 0x30 && bytes[5] === 0x82 && bytes[8] === 0xa0;
}

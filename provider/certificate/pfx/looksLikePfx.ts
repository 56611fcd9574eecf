// What else people hand over for a PFX, told by its first bytes.
import { CertificateError } from "../certificateError";

const OTHERS: readonly (readonly [(bytes: Buffer, text: string) => boolean, string])[] = [
    [(bytes) => bytes.length === 0, "it is empty; export the certificate again"],
    [
        (_bytes, text) => text.includes("-----BEGIN"),
        "it is PEM text, not a PFX file; make one by: openssl pkcs12 -export -inkey key.pem -in certificate.pem -out portal.pfx",
    ],
    [
        (bytes) => bytes.readUInt32BE(0) === 0xfeedfeed || bytes.readUInt32BE(0) === 0xcececece,
        "it is a Java key store; make a PFX by: keytool -importkeystore -srckeystore store.jks -destkeystore portal.pfx -deststoretype PKCS12",
    ],
    [
        (_bytes, text) => /^[A-Za-z0-9+/=\s]+$/.test(text),
        "it is base64 text, not the file itself; give the text as source.pfx.base64, or decode it",
    ],
];

export function assertLooksLikePfx(bytes: Buffer): void {
    const head = bytes.subarray(0, 256).toString("latin1").trimStart();
    const other = OTHERS.find(([isOther]) =>
        bytes.length < 4 ? isOther(Buffer.alloc(4), head) || bytes.length === 0 : isOther(bytes, head),
    );
    if (other) throw new CertificateError("damaged", other[1]);
    if (isCertificate(bytes)) {
        throw new CertificateError(
            "noIdentity",
            "it is a certificate without its private key (.cer); export it as PFX with the private key",
        );
    }
}

/** A certificate begins SEQUENCE { SEQUENCE { [0] version; a PFX begins SEQUENCE { INTEGER 3. */
function isCertificate(bytes: Buffer): boolean {
    return bytes[0] === 0x30 && bytes[1] === 0x82 && bytes[4] === 0x30 && bytes[5] === 0x82 && bytes[8] === 0xa0;
}

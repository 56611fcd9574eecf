// Recognizes the contents of PEM text, and says how to get a PFX file from it. Messages repeat only a label of the
// text, because the rest may be a private key.
import { derKind } from "./derKind";
import type { Other } from "./otherFile";

const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/g;
const FROM_BOTH = "openssl pkcs12 -export -inkey key.pem -in certificate.pem -out portal.pfx";

/** `undefined`: not PEM text. */
export function pemKind(text: string): Other | undefined {
    const labels = [...text.matchAll(BEGIN)].map((match) => match[1] ?? "");
    const [first] = labels;
    if (first === undefined) return undefined;
    if (bodyIsPfx(text)) {
        return {
            what: `a PFX file as certutil -encode writes it: base64 text between the lines BEGIN ${first} and END ${first}`,
            remedy: "use only the text between these lines as source.pfx.base64, or make the file with: certutil -decode portal.txt portal.pfx (on Linux and macOS: grep -v -- ----- portal.txt | base64 --decode > portal.pfx)",
        };
    }
    const has = (pattern: RegExp) => labels.some((label) => pattern.test(label));
    const row = ROWS.find(({ needs }) => needs.every(has));
    return row ?? { what: `PEM text (${first}), not a PFX file`, remedy: `make a PFX file with: ${FROM_BOTH}` };
}

const CERTIFICATE = /^(X509 |TRUSTED )?CERTIFICATE$/;
const PRIVATE_KEY = /PRIVATE KEY$/;

const ROWS: readonly (Other & { readonly needs: readonly RegExp[] })[] = [
    {
        needs: [CERTIFICATE, PRIVATE_KEY],
        what: "PEM text with a certificate and a private key, not a PFX file",
        remedy: "make a PFX file with: openssl pkcs12 -export -in portal.pem -out portal.pfx",
    },
    {
        needs: [/OPENSSH PRIVATE KEY/],
        what: "an SSH key",
        remedy: "export the certificate again as a PFX file with its private key",
    },
    {
        needs: [PRIVATE_KEY],
        what: "PEM text with only a private key, not a PFX file",
        remedy: `make a PFX file from this key and its certificate with: ${FROM_BOTH}`,
    },
    {
        needs: [/CERTIFICATE REQUEST$/],
        what: "a certificate request (CSR), not a PFX file",
        remedy: `send it to your certificate authority, and make a PFX file from the certificate with: ${FROM_BOTH}`,
    },
    {
        needs: [CERTIFICATE],
        what: "PEM text with only a certificate, without its private key",
        remedy: `make a PFX file from this certificate and its key with: ${FROM_BOTH}`,
    },
    {
        needs: [/^(PKCS7|PKCS #7 SIGNED DATA|CMS)$/],
        what: "a PKCS#7 file (.p7b), which holds certificates but no private key",
        remedy: `make a PFX file with: openssl pkcs7 -in portal.p7b -print_certs -out certificate.pem, and then: ${FROM_BOTH}`,
    },
];

function bodyIsPfx(text: string): boolean {
    const body = /-----BEGIN [^-]+-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1] ?? "";
    return derKind(Buffer.from(body, "base64")) === "pfx";
}

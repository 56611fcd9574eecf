// Recognizes files and texts that users often give instead of a PFX file, and says how to get a PFX file from each.
import { CertificateError, type CertificateFault } from "../certificateError";
import { derKind, type DerKind } from "./derKind";
import { pemKind } from "./pemKind";

export interface Other {
    /** Completes "this is ...". */
    readonly what: string;
    readonly remedy: string;
    readonly fault?: CertificateFault;
}

export function assertLooksLikePfx(bytes: Buffer): void {
    const other = otherFile(bytes);
    if (other) throw new CertificateError(other.fault ?? "damaged", `this is ${other.what}; ${other.remedy}`);
}

/** `undefined`: a PFX file, or an unknown format. */
export function otherFile(bytes: Buffer): Other | undefined {
    const text = textOf(bytes);
    if (isEmpty(bytes, text)) {
        return { what: "an empty file", remedy: "export the certificate again, and copy the file as it is" };
    }
    const magic = MAGIC.find(({ start }) => bytes.subarray(0, start.length).equals(start));
    if (magic) return magic;
    const kind = derKind(bytes);
    if (kind !== undefined) return kind === "pfx" ? undefined : DER[kind];
    const utf16 = utf16Of(bytes);
    if (utf16 !== undefined) return inUtf16(utf16);
    return otherText(text) ?? base64Of(text);
}

/** Recognizes text that the program passes as `source.pfx.base64` or that a file contains, except base64 text. */
export function otherText(given: string): Other | undefined {
    const text = given.replace(/^\ufeff/, "").trim();
    const pem = pemKind(text);
    if (pem) return pem;
    const sample = TEXTS.find(({ pattern }) => pattern.test(text));
    if (sample) return sample;
    return decimals(text) ?? hexadecimal(text);
}

const EXPORT = "export the certificate again as a PFX file with its private key";
const FROM_PEM = "openssl pkcs12 -export -inkey key.pem -in certificate.pem -out portal.pfx";
// .NET does not know the current folder of PowerShell, so the path contains it. The command contains no double
// quotes, because pulumi/printable.ts hides quoted text in a reason about a secret input.
const WRITE_BYTES = (bytes: string) => `[IO.File]::WriteAllBytes((Join-Path $PWD portal.pfx), ${bytes})`;

const DER: Readonly<Record<Exclude<DerKind, "pfx">, Other>> = {
    certificate: {
        what: "a certificate without its private key (.cer, .crt)",
        remedy: `${EXPORT} (in the wizard of Windows: Yes, export the private key), or make a PFX file from this certificate and its key with: openssl x509 -inform DER -in portal.cer -out certificate.pem, and then: ${FROM_PEM}`,
        fault: "noIdentity",
    },
    certificates: {
        what: "a PKCS#7 file (.p7b), which holds certificates but no private key",
        remedy: `${EXPORT}, or make a PFX file from these certificates and their key with: openssl pkcs7 -inform DER -in portal.p7b -print_certs -out certificate.pem, and then: ${FROM_PEM}`,
        fault: "noIdentity",
    },
    request: {
        what: "a certificate request (CSR)",
        remedy: `send it to your certificate authority, and make a PFX file from the certificate with: ${FROM_PEM}`,
        fault: "noIdentity",
    },
    revocations: { what: "a certificate revocation list (CRL)", remedy: EXPORT, fault: "noIdentity" },
    privateKey: {
        what: "only a private key, without its certificate",
        remedy: `make a PFX file from both with: openssl pkey -inform DER -in portal.key -out key.pem, and then: ${FROM_PEM}`,
        fault: "noIdentity",
    },
    encryptedKey: {
        what: "only an encrypted private key, without its certificate",
        remedy: `make a PFX file from both with: openssl pkcs8 -inform DER -in portal.key -out key.pem, and then: ${FROM_PEM}`,
        fault: "noIdentity",
    },
    publicKey: { what: "only a public key", remedy: EXPORT, fault: "noIdentity" },
};

const KEYTOOL =
    "make a PFX file with: keytool -importkeystore -srckeystore store.jks -destkeystore portal.pfx -deststoretype PKCS12";
const UNPACK = "unpack it, and give the PFX file inside";

const MAGIC: readonly (Other & { readonly start: Buffer })[] = [
    { start: Buffer.from("feedfeed", "hex"), what: "a Java key store (JKS)", remedy: KEYTOOL },
    { start: Buffer.from("cececece", "hex"), what: "a Java key store (JCEKS)", remedy: KEYTOOL },
    { start: Buffer.from("PK\u0003\u0004"), what: "a ZIP archive", remedy: UNPACK },
    { start: Buffer.from("1f8b", "hex"), what: "a gzip archive", remedy: UNPACK },
    { start: Buffer.from("0000000043455254", "hex"), what: "a serialized certificate store (.sst)", remedy: EXPORT },
    { start: Buffer.from("Salted__"), what: "a file that openssl enc encrypted", remedy: "decrypt it first" },
    {
        // A PFX file begins with these bytes after it was copied as text: the copy replaced a byte that is not valid
        // UTF-8.
        start: Buffer.from("30efbfbd", "hex"),
        what: "a binary file that was read or copied as text, so that bytes are lost",
        remedy: "read or copy the original file as binary, or export the certificate again",
    },
];

const TEXTS: readonly (Other & { readonly pattern: RegExp })[] = [
    {
        pattern: /^version https:\/\/git-lfs/,
        what: "a Git LFS pointer file, not the file itself",
        remedy: "get the file with: git lfs pull",
    },
    {
        pattern: /^<(!doctype html|html|head|body|script)/i,
        what: "a web page (HTML), probably the answer of a sign-in page or of a proxy",
        remedy: "sign in, and download the file again",
    },
    { pattern: /^<(\?xml|Objs)/i, what: "XML text", remedy: EXPORT },
    {
        pattern: /^[{[]\s*["{[\]}]/,
        what: "JSON text",
        remedy: "set source.pfx.base64 to only the value that contains the PFX, for example the output of: az keyvault secret show --vault-name vault --name portal --query value --output tsv",
    },
    { pattern: /^(ssh-|ecdsa-|PuTTY-User-Key)/, what: "an SSH key", remedy: EXPORT },
    {
        pattern: /^data:[^,]*;base64,/,
        what: "a data URL",
        remedy: "give only the text after the comma, as source.pfx.base64",
    },
    {
        pattern: /^Calling \[to(String|JSON)\] on an/,
        what: "the text of an output that was not resolved",
        remedy: "pass the output itself, or use pulumi.interpolate",
    },
    {
        pattern: /^(\$\(\S*\)|\$\{\S*\}|\$\w+|%\w+%|\[secret\]|undefined|null|\[object Object\])$/,
        what: "a placeholder or the name of a variable instead of the value",
        remedy: "check how the value is set and passed on",
    },
];

/**
 * Recognizes the decimal numbers that PowerShell prints for bytes after `Get-Content -AsByteStream` or
 * `[IO.File]::ReadAllBytes`.
 */
function decimals(text: string): Other | undefined {
    if (!/^48\s+(\d{1,3}\s+){3}/.test(text) || /[^\d\s]/.test(text)) return undefined;
    const what = "a list of the bytes of a file as decimal numbers";
    return { what, remedy: `make the file with: ${WRITE_BYTES("[byte[]](-split (Get-Content portal.txt -Raw))")}` };
}

function hexadecimal(text: string): Other | undefined {
    if (!/^30[0-9a-f\s]+$/i.test(text) || derKind(Buffer.from(text.replace(/\s/g, ""), "hex")) === undefined)
        return undefined;
    return {
        what: "the bytes of a file as hexadecimal text",
        remedy: "make the file with: xxd -r -p portal.txt portal.pfx (on Windows: certutil -decodehex portal.txt portal.pfx)",
    };
}

/** Recognizes base64 text, and names the kind of its contents if it is known. */
function base64Of(given: string): Other | undefined {
    const text = given.replace(/^\ufeff/, "").trim();
    if (!/^[A-Za-z0-9+/_\s-]+={0,2}$/.test(text)) return undefined;
    const inner = Buffer.from(text.replace(/\s/g, ""), "base64");
    const other = otherFile(inner);
    if (other) return { ...other, what: `base64 text, but not of a PFX file: ${other.what}` };
    const what = derKind(inner) === "pfx" ? "base64 text of a PFX file" : "base64 text";
    return {
        what: `${what}, not the file itself`,
        remedy: "set source.pfx.base64 to the text, or make the file with: base64 --decode < portal.txt > portal.pfx (on Windows: certutil -decode portal.txt portal.pfx)",
    };
}

function isEmpty(bytes: Buffer, text: string): boolean {
    return text.replace(/^\ufeff/, "").trim() === "" || bytes.every((byte) => byte === 0);
}

function textOf(bytes: Buffer): string {
    return bytes.toString("utf8");
}

/**
 * Decodes UTF-16 text that begins with a byte order mark, or with ASCII characters that are each followed by a zero
 * byte.
 */
function utf16Of(bytes: Buffer): string | undefined {
    const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
    if (mark === 0xfffe) return bytes.subarray(2).toString("utf16le");
    if (mark === 0xfeff)
        return Buffer.from(bytes.subarray(2, bytes.length & ~1))
            .swap16()
            .toString("utf16le");
    const start = bytes.subarray(0, 64).toString("latin1");
    return /^([\t\r\n -~]\0){8,}/.test(start) ? bytes.toString("utf16le") : undefined;
}

function inUtf16(text: string): Other {
    const inner = otherText(text) ?? base64Of(text);
    const what = `text in UTF-16, as Out-File and > of Windows PowerShell write it${inner ? ` (${inner.what})` : ""}`;
    if (inner?.what.startsWith("base64 text of a PFX") === true) {
        const decoded = "[Convert]::FromBase64String((Get-Content portal.txt -Raw))";
        return { what, remedy: `make the file with: ${WRITE_BYTES(decoded)}` };
    }
    return {
        what,
        remedy:
            inner?.remedy ??
            `write the PFX file with: ${WRITE_BYTES("$bytes")}, where $bytes contains the bytes of the PFX file`,
    };
}

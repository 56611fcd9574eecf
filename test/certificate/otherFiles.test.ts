// Checks that the provider refuses files and texts that are not a PFX. The message must name the kind of file or text,
// and say what to do.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { portalCertificateHooks as hooks } from "../../provider/certificate/hooks";
import { makeMaterial, type Material } from "./pfx/corpus/material";
import { run } from "./pfx/corpus/tools";

const PASSWORD = "password of the file";
let material: Material;
let folder: string;
let pfx: Buffer;
beforeAll(() => {
    material = makeMaterial();
    folder = mkdtempSync(join(tmpdir(), "other-files-"));
    const { key, certificate } = material.self;
    const out = join(folder, "portal.pfx");
    const source = ["-inkey", key, "-in", certificate, "-passout", "stdin", "-out", out];
    run("openssl", ["pkcs12", "-export", ...source], `${PASSWORD}\n`);
    pfx = readFileSync(out);
});
afterAll(() => {
    material.remove();
    rmSync(folder, { recursive: true });
});

async function reasonOf(source: object): Promise<string> {
    const { failures } = await hooks.check({}, { source: { pfx: { password: PASSWORD, ...source } } });
    expect(failures).toHaveLength(1);
    const [{ reason } = { reason: "" }] = failures;
    expect(reason).not.toContain(PASSWORD);
    return reason;
}

function ofFile(bytes: Buffer | string): Promise<string> {
    const file = join(folder, "given.pfx");
    writeFileSync(file, bytes);
    return reasonOf({ file });
}

const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
const pem = (path: string) => readFileSync(path, "utf8");
const lines = (bytes: Buffer) => bytes.toString("base64").replace(/.{64}/g, "$&\r\n");
const armored = (label: string, bytes: Buffer) =>
    `-----BEGIN ${label}-----\r\n${lines(bytes)}\r\n-----END ${label}-----\r\n`;
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);

const FILES: [name: string, bytes: () => Buffer | string, ...messages: RegExp[]][] = [
    [
        "the output of certutil -encode",
        () => armored("CERTIFICATE", pfx),
        /as certutil -encode writes it/,
        /certutil -decode portal\.txt portal\.pfx/,
    ],
    ["a PFX as PEM of another label", () => armored("PKCS12", pfx), /certutil -encode/, /base64 --decode/],
    [
        "base64 text that PowerShell wrote as UTF-16",
        () => utf16(`${pfx.toString("base64")}\r\n`),
        /UTF-16/,
        /WriteAllBytes\(\(Join-Path \$PWD portal\.pfx\), \[Convert\]::FromBase64String/,
    ],
    [
        "UTF-16 without a byte order mark",
        () => Buffer.from(pfx.toString("base64"), "utf16le"),
        /UTF-16/,
        /FromBase64String/,
    ],
    [
        "bytes that PowerShell wrote as numbers",
        () => utf16([...pfx].join("\r\n")),
        /UTF-16.*decimal numbers/,
        /\[byte\[\]\]\(-split \(Get-Content portal\.txt -Raw\)\)/,
    ],
    ["PEM text in UTF-16", () => utf16(pem(material.self.certificate)), /UTF-16.*only a certificate/],
    [
        "base64 text of a PFX",
        () => lines(pfx),
        /base64 text of a PFX file/,
        /source\.pfx\.base64/,
        /base64 --decode < portal\.txt > portal\.pfx/,
    ],
    ["base64 text of a certificate", () => lines(der()), /base64 text, but not of a PFX file: a certificate without/],
    ["hexadecimal text", () => pfx.toString("hex"), /hexadecimal text/, /xxd -r -p/, /certutil -decodehex/],
    [
        "a .p7b",
        () => openssl("crl2pkcs7", "-nocrl", "-certfile", material.self.certificate, "-outform", "DER"),
        /PKCS#7 file \(\.p7b\), which holds certificates but no private key/,
        /openssl pkcs7 -inform DER/,
    ],
    [
        "a .p7b as PEM",
        () => openssl("crl2pkcs7", "-nocrl", "-certfile", material.self.certificate),
        /PKCS#7 file \(\.p7b\)/,
        /openssl pkcs7 -in/,
    ],
    [
        "a private key alone",
        () => pem(material.self.key),
        /only a private key/,
        /openssl pkcs12 -export -inkey key\.pem/,
    ],
    [
        "a private key in DER",
        () => openssl("pkcs8", "-topk8", "-nocrypt", "-in", material.self.key, "-outform", "DER"),
        /only a private key/,
        /openssl pkey -inform DER/,
    ],
    [
        "an encrypted private key in DER",
        () => openssl("pkcs8", "-topk8", "-passout", "pass:x", "-in", material.self.key, "-outform", "DER"),
        /only an encrypted private key/,
        /openssl pkcs8 -inform DER/,
    ],
    [
        "an RSA key in the old DER form",
        () => openssl("rsa", "-traditional", "-in", material.self.key, "-outform", "DER"),
        /only a private key/,
    ],
    [
        "a certificate as PEM",
        () => pem(material.self.certificate),
        /only a certificate, without its private key/,
        /openssl pkcs12 -export -inkey key\.pem/,
    ],
    ["a certificate as DER", () => der(), /a certificate without its private key/, /Yes, export the private key/],
    [
        "a certificate with its key as PEM",
        () => pem(material.self.key) + pem(material.self.certificate),
        /a certificate and a private key/,
        /openssl pkcs12 -export -in portal\.pem -out portal\.pfx/,
    ],
    ["a request", () => request("PEM"), /certificate request \(CSR\)/, /certificate authority/],
    ["a request in DER", () => request("DER"), /certificate request \(CSR\)/],
    ["a public key", () => openssl("rsa", "-in", material.self.key, "-pubout", "-outform", "DER"), /only a public key/],
    ["a Java key store", () => Buffer.from("feedfeed0000000200000001", "hex"), /Java key store/, /keytool -import/],
    ["a web page", () => "<!DOCTYPE html>\n<html><head><title>Sign in</title>", /web page \(HTML\)/],
    ["a pointer of Git LFS", () => "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", /git lfs pull/],
    ["a ZIP archive", () => Buffer.from("504b030414000000", "hex"), /ZIP archive/, /unpack/],
    ["JSON", () => '{"value": "MIIK"}', /JSON text/],
    ["an empty file", () => "", /empty file/],
    ["a file of line breaks", () => "\ufeff\r\n", /empty file/],
    ["a file of zero bytes", () => Buffer.alloc(4096), /empty file/],
    ["a PFX that was copied as text", () => Buffer.from(pfx.toString("utf8"), "utf8"), /copied as text/, /as binary/],
];

const der = () => openssl("x509", "-in", material.self.certificate, "-outform", "DER");
const request = (form: string) => openssl("req", "-new", "-key", material.self.key, "-subj", "/CN=a", "-outform", form);

test.each(FILES)("a file that is %s", async (_name, bytes, ...messages) => {
    const reason = await ofFile(bytes());
    for (const message of messages) expect(reason).toMatch(message);
    expect(reason).not.toMatch(/damaged/);
});

const TEXTS: [name: string, base64: () => string, ...messages: RegExp[]][] = [
    ["the output of certutil -encode", () => armored("CERTIFICATE", pfx), /certutil -encode/, /certutil -decode/],
    ["a certificate as PEM", () => pem(material.self.certificate), /only a certificate/],
    ["base64 that was encoded twice", () => Buffer.from(lines(pfx)).toString("base64"), /encode the file once/],
    ["a path", () => "certs\\portal.pfx", /path of a file/, /source\.pfx\.file/],
    ["a variable of a pipeline", () => "$(PortalPfx)", /name of a variable/],
    ["a variable of a shell", () => "${PORTAL_PFX}", /name of a variable/],
    ["an output that was not resolved", () => "Calling [toString] on an [Output<T>] is not supported.", /output/],
    ["a data URL", () => `data:application/x-pkcs12;base64,${pfx.toString("base64")}`, /data URL/, /comma/],
    ["base64 text of a certificate", () => der().toString("base64"), /a certificate without its private key/],
    [
        "base64url text of a PFX",
        () => `${pfx.toString("base64url")}-_`,
        /: the text is not base64 \(it contains - or _, as base64url does\); make base64 text with: base64 --wrap=0/,
    ],
    ["a word", () => "portal-pfx", /: the text is not base64 \(it contains - or _, .*\); make base64 text with/],
    ["a sentence", () => "see the vault!", /: the text is not base64; make base64 text with/],
];

test.each(TEXTS)("a text that is %s", async (_name, base64, ...messages) => {
    const reason = await reasonOf({ base64: base64() });
    for (const message of messages) expect(reason).toMatch(message);
    expect(reason).not.toMatch(/set source\.pfx\.base64/);
});

test.each([
    ["quotation marks", (text: string) => `"${text}"`],
    ["a byte order mark and a line break", (text: string) => `\ufeff${text}\r\n`],
    ["line breaks of Windows", () => lines(pfx)],
])("base64 text with %s is read", async (_name, change) => {
    const source = { pfx: { base64: change(pfx.toString("base64")), password: PASSWORD } };
    expect((await hooks.check({}, { source })).inputs).toMatchObject({ thumbprint: material.self.thumbprint });
});

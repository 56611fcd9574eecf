// Reads the deploying identity's certificate and key from a PEM or PFX file, or from a variable with the content of
// such a file. The sign-in library itself can read only one form of PEM.
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { resolve } from "node:path";

import { readPfx } from "../certificate/pfx/readPfx";
import { PortalError } from "../portalError";
import { clock } from "./clock";
import { CERTIFICATE_PATHS } from "./credentials";
import {
    credentialsError,
    givenVariable,
    variableName,
    type Environment,
    type GivenVariable,
} from "./credentialVariables";
import { readCredentialFile } from "./credentialFile";

/** Returns the private key and the certificate as PEM text. Throws if they do not belong together. */
export function clientCertificate(environment: Environment): string {
    const password = givenVariable(environment, "password", ...PASSWORDS);
    const path = givenVariable(environment, "path", ...CERTIFICATE_PATHS);
    const inline = path ? undefined : givenVariable(environment, "certificate", "ARM_CLIENT_CERTIFICATE");
    const source = path ?? inline ?? { name: "", value: "" };
    const bytes = path ? readCredentialFile(path, "a PEM or PFX file") : Buffer.from(source.value, "utf8");
    const where = path ? `the file of ${source.name} (${resolve(source.value)})` : source.name;
    const reader = new CertificateReader(where, password, variableName(environment, PASSWORDS[0]));
    try {
        return reader.read(bytes);
    } catch (error) {
        // For malformed bytes OpenSSL throws its own errors, which do not name the variable.
        throw error instanceof PortalError ? error : reader.refusal("is damaged; export it again", error);
    }
}

const PASSWORDS = ["AZURE_CLIENT_CERTIFICATE_PASSWORD", "ARM_CLIENT_CERTIFICATE_PASSWORD"] as const;

interface Pair {
    readonly certificate: X509Certificate;
    readonly key: KeyObject;
}

class CertificateReader {
    constructor(
        private readonly where: string,
        private readonly password: GivenVariable | undefined,
        private readonly passwordName: string,
    ) {}

    refusal(what: string, cause?: unknown): PortalError {
        return credentialsError(`${this.where} ${what}`, cause);
    }

    read(bytes: Buffer): string {
        const { text, der } = contentOf(bytes);
        const { certificate, key } = text === undefined ? this.fromPfx(der) : this.fromPem(text);
        if (key.asymmetricKeyType !== "rsa") {
            throw this.refusal(
                `has a key of the kind ${key.asymmetricKeyType ?? "unknown"}; Entra accepts only RSA keys, so use a certificate with an RSA key`,
            );
        }
        return `${key.export({ type: "pkcs8", format: "pem" }).toString()}${certificate.toString()}`;
    }

    private fromPfx(bytes: Buffer): Pair {
        if (isCertificate(bytes)) throw this.refusal(NO_KEY);
        try {
            const { certificate, privateKey } = readPfx(bytes, this.password?.value, clock.now());
            return { certificate: new X509Certificate(certificate.pem), key: privateKey };
        } catch (error) {
            const { fault, message } = error as { fault?: string; message: string };
            if (fault === "wrongPassword") throw this.refusal(this.wrongPassword(), error);
            // The PFX reader calls its input "the file", so this message first names the variable. The reader's advice
            // may name an input of PortalCertificate, so that name is replaced.
            const reason = message.replaceAll("source.pfx.base64", this.where);
            throw this.refusal(`is not a usable PFX or PEM: ${reason}`, error);
        }
    }

    private fromPem(text: string): Pair {
        const blocks = blocksOf(text);
        const certificates = blocks.filter(({ label }) => /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label));
        // `certutil -encode` writes the BEGIN and END lines of a certificate around any file, so the block may contain
        // a PFX file.
        const [only] = certificates;
        if (certificates.length === 1 && only && !isCertificate(only.der)) return this.fromPfx(only.der);
        const [key] = blocks.filter(({ label }) => label.endsWith("PRIVATE KEY")).map(({ pem }) => this.keyOf(pem));
        if (key === undefined || certificates.length === 0) {
            const isCut = text.split("-----BEGIN ").length - 1 > blocks.length;
            throw this.refusal(isCut ? CUT : key ? NO_CERTIFICATE : certificates.length > 0 ? NO_KEY : NEITHER);
        }
        const own = certificates.map(({ pem }) => new X509Certificate(pem)).find((one) => one.checkPrivateKey(key));
        if (own === undefined)
            throw this.refusal(
                "contains a private key that belongs to none of its certificates; export the certificate again together with its private key",
            );
        return { certificate: own, key };
    }

    private keyOf(pem: string): KeyObject {
        if (pem.includes("BEGIN OPENSSH")) throw this.refusal(OPENSSH_KEY);
        try {
            return createPrivateKey({ key: pem, format: "pem", passphrase: this.password?.value ?? "" });
        } catch (error) {
            if (/ENCRYPTED/.test(pem)) throw this.refusal(this.wrongPassword(), error);
            throw this.refusal("contains a damaged private key; export it again", error);
        }
    }

    private wrongPassword(): string {
        return this.password === undefined
            ? `is encrypted; set ${this.passwordName} to its password`
            : `cannot be opened with the password in ${this.password.name}; correct the password`;
    }
}

const EXPORT_BOTH = "export the certificate together with its private key, as PEM or PFX";
const NO_KEY = `contains a certificate without its private key; ${EXPORT_BOTH}`;
const NO_CERTIFICATE = "contains a private key, but no certificate; add the certificate as PEM text";
const NEITHER = `is PEM text with neither a certificate nor a private key; ${EXPORT_BOTH}`;
const CUT = `is PEM text with a BEGIN line that has no matching END line; copy the whole text, or ${EXPORT_BOTH}`;
const OPENSSH_KEY =
    "contains a private key in the format of OpenSSH; a key must begin with BEGIN PRIVATE KEY, BEGIN ENCRYPTED PRIVATE KEY or BEGIN RSA PRIVATE KEY; save the key as key.pem, and convert it: ssh-keygen -p -m PKCS8 -f key.pem; then use its new text";

interface Content {
    /** PEM text. Missing if the bytes are DER. */
    readonly text?: string;
    readonly der: Buffer;
}

/** Decodes base64, because azuread expects base64 in a variable. The base64 may contain PEM or PFX. */
function contentOf(bytes: Buffer, isDecoded = false): Content {
    const text = textOf(bytes);
    if (text.includes("-----BEGIN")) return { text, der: bytes };
    const compact = text.replace(/\s/g, "");
    const isBase64 = compact.length > 64 && /^[A-Za-z0-9+/_-]+={0,2}$/.test(compact);
    return isBase64 && !isDecoded ? contentOf(Buffer.from(compact, "base64"), true) : { der: bytes };
}

/**
 * Decodes PEM text as tools write it: PowerShell writes UTF-16, and pipelines write a line break as a backslash and an
 * n.
 */
function textOf(bytes: Buffer): string {
    const text = decoded(bytes).replace(/^\uFEFF/, "");
    return text.replace(/\\r\\n|\\n|\\r/g, "\n").replace(/\r\n?/g, "\n");
}

function decoded(bytes: Buffer): string {
    const isEven = bytes.length % 2 === 0;
    if (isEven && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] !== 0 && bytes[1] === 0)))
        return bytes.toString("utf16le");
    if (isEven && ((bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0 && bytes[1] !== 0)))
        return Buffer.from(bytes).swap16().toString("utf16le");
    return bytes.toString("utf8");
}

interface Block {
    readonly label: string;
    readonly pem: string;
    readonly der: Buffer;
}

/** Finds the PEM blocks and writes each one again, because a variable may have lost the line breaks of a block. */
function blocksOf(text: string): Block[] {
    return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)].map(
        ([whole, label = "", body = ""]) => {
            // An old form of encrypted keys has headers before the base64. Such a block stays as it is, because its
            // lines must not be joined.
            if (body.includes(":")) return { label, pem: whole, der: Buffer.alloc(0) };
            const base64 = body.replace(/\s/g, "");
            const lines = base64.match(/.{1,64}/g) ?? [];
            return {
                label,
                pem: `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`,
                der: Buffer.from(base64, "base64"),
            };
        },
    );
}

function isCertificate(der: Buffer): boolean {
    try {
        return new X509Certificate(der).raw.length > 0;
    } catch {
        return false;
    }
}

// Computes and reads the thumbprints of certificates. Pure.
import { createHash } from "node:crypto";

import { shown } from "./inputRules";

/** Returns both thumbprints of a certificate in DER, upper-case hex. */
export function thumbprintsOf(der: Uint8Array): { readonly thumbprint: string; readonly thumbprintSha256: string } {
    const digest = (algorithm: string) => createHash(algorithm).update(der).digest("hex").toUpperCase();
    return { thumbprint: digest("sha1"), thumbprintSha256: digest("sha256") };
}

/**
 * Returns the SHA-1 thumbprint that an identifier shows, as upper-case hex, or "". Graph shows it as 40 hex characters.
 * Some tools write the 20 bytes of the thumbprint as base64.
 */
export function thumbprintOf(customKeyIdentifier: string | null): string {
    // An answer of Graph may lack the identifier.
    if (!customKeyIdentifier) return "";
    if (/^[0-9a-f]{40}$/i.test(customKeyIdentifier)) return customKeyIdentifier.toUpperCase();
    const bytes = Buffer.from(customKeyIdentifier, "base64");
    return bytes.length === 20 ? bytes.toString("hex").toUpperCase() : "";
}

/** Says what a text is if it is not a SHA-1 thumbprint. Windows copies invisible characters in front of one. */
export function wrongThumbprint(thumbprint: unknown): string | undefined {
    const digits = typeof thumbprint === "string" ? thumbprint.replace(/[\s:\u200e]/g, "") : "";
    if (/^[0-9a-f]{40}$/i.test(digits)) return undefined;
    if (!/^[0-9a-f]{64}$/i.test(digits)) return shown(thumbprint);
    return "a SHA-256 thumbprint; Windows shows the SHA-1 one, and openssl x509 -noout -fingerprint -sha1 prints it";
}

// Computes and reads the thumbprints of certificates. Pure.
import { createHash } from "node:crypto";

import { shown } from "./inputRules";

/** Returns both thumbprints of a certificate in DER, as upper-case hex. */
export function thumbprintsOf(der: Uint8Array): { readonly thumbprint: string; readonly thumbprintSha256: string } {
    const digest = (algorithm: string) => createHash(algorithm).update(der).digest("hex").toUpperCase();
    return { thumbprint: digest("sha1"), thumbprintSha256: digest("sha256") };
}

/**
 * Returns the SHA-1 thumbprint in an identifier as upper-case hex, or "" if the identifier has another form. Graph
 * shows a thumbprint as 40 hex characters. Some tools write its 20 bytes as base64.
 */
export function thumbprintOf(customKeyIdentifier: string | null): string {
    // Graph's answer may lack the identifier.
    if (!customKeyIdentifier) return "";
    if (/^[0-9a-f]{40}$/i.test(customKeyIdentifier)) return customKeyIdentifier.toUpperCase();
    const bytes = Buffer.from(customKeyIdentifier, "base64");
    return bytes.length === 20 ? bytes.toString("hex").toUpperCase() : "";
}

/**
 * Describes a value that is not a SHA-1 thumbprint. `undefined`: the value is a SHA-1 thumbprint. Ignores spaces,
 * colons and the invisible character that Windows copies in front of a thumbprint.
 */
export function wrongThumbprint(thumbprint: unknown): string | undefined {
    const digits = typeof thumbprint === "string" ? thumbprint.replace(/[\s:\u200e]/g, "") : "";
    if (/^[0-9a-f]{40}$/i.test(digits)) return undefined;
    if (!/^[0-9a-f]{64}$/i.test(digits)) return shown(thumbprint);
    const command = "openssl x509 -in <file> -noout -fingerprint -sha1";
    return `a SHA-256 thumbprint; Windows shows the SHA-1 one, and ${command} prints it`;
}

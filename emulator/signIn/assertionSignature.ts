// Checks the signature of a JWT against a registered certificate. Clients sign with RS256 or PS256.
import { constants, verify, X509Certificate } from "node:crypto";

import type { KeyCredential } from "../graphTypes";

export function isSignedBy(token: string, key: KeyCredential): boolean {
    const [head = "", payload = "", signature = ""] = token.split(".");
    const algorithm = algorithmOf(head);
    const { publicKey } = new X509Certificate(Buffer.from(key.key ?? "", "base64"));
    const [text, bytes] = [Buffer.from(`${head}.${payload}`), Buffer.from(signature, "base64url")];
    if (algorithm === "RS256") return verify("sha256", text, publicKey, bytes);
    if (algorithm !== "PS256") return false;
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
    return verify("sha256", text, { key: publicKey, ...pss }, bytes);
}

function algorithmOf(head: string): unknown {
    try {
        return (JSON.parse(Buffer.from(head, "base64url").toString()) as { alg?: unknown } | null)?.alg;
    } catch {
        return undefined;
    }
}

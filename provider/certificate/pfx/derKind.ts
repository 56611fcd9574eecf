// Recognizes the kind of a DER structure: a certificate by parsing it, and the other kinds by their outermost parts.
import { X509Certificate } from "node:crypto";

import { children, isContext, isInteger, isOid, isSequence, oidOf, parseDer, type Node } from "./der";

export type DerKind =
    "pfx" | "certificate" | "certificates" | "request" | "revocations" | "privateKey" | "encryptedKey" | "publicKey";

const SIGNED_DATA = "1.2.840.113549.1.7.2";

/** `undefined`: the bytes are not DER, or contain none of these kinds. */
export function derKind(bytes: Buffer): DerKind | undefined {
    if (bytes[0] !== 0x30) return undefined;
    if (beginsAsPfx(bytes)) return "pfx";
    if (isCertificate(bytes)) return "certificate";
    try {
        const [first, second] = children(parseDer(bytes));
        if (isOid(first)) return oidOf(first) === SIGNED_DATA ? "certificates" : undefined;
        if (isInteger(first)) return isKeyContent(second) ? "privateKey" : undefined;
        return isSequence(first) ? kindWithin(children(first), second) : undefined;
    } catch {
        return undefined;
    }
}

/** A PFX file is `SEQUENCE { INTEGER 3, ... }`. A truncated PFX file counts too. */
function beginsAsPfx(bytes: Buffer): boolean {
    const length = bytes[1] ?? 0;
    const at = length <= 0x80 ? 2 : 2 + (length & 0x7f);
    return bytes.subarray(at, at + 3).equals(Buffer.from([2, 1, 3]));
}

function isCertificate(bytes: Buffer): boolean {
    try {
        return new X509Certificate(bytes).raw.length > 0;
    } catch {
        return false;
    }
}

/** In a private key, an algorithm, a modulus or octets follow the version. */
function isKeyContent(node: Node | undefined): boolean {
    return typeof node?.value === "string" || isOid(children(node)[0]);
}

/**
 * A certificate request begins with a version and a name, and ends with attributes under the tag `[0]`. A revocation
 * list begins with a version and an algorithm. Public keys and encrypted keys begin with an algorithm.
 */
function kindWithin([head, next, ...rest]: readonly Node[], second: Node | undefined): DerKind | undefined {
    if (isOid(head)) return isBitString(second) ? "publicKey" : "encryptedKey";
    if (!isInteger(head)) return undefined;
    const isAlgorithm = isSequence(next) && isOid(children(next)[0]);
    if (isAlgorithm) return "revocations";
    return rest.some((node) => isContext(node, 0)) ? "request" : undefined;
}

function isBitString(node: Node | undefined): boolean {
    return node !== undefined && !Array.isArray(node.value) && (node.type as number) === 3;
}

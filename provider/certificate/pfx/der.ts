// Reads DER and BER by node-forge's parser, bounded in depth, with accessors that refuse what is not as expected.
import forge from "node-forge";

import { CertificateError } from "../certificateError";

export type Node = forge.asn1.Asn1;

/** An honest PFX is 12 deep. */
const MAX_DEPTH = 32;

interface ParseOptions {
    readonly strict: boolean;
    readonly parseAllBytes: boolean;
    readonly decodeBitStrings: boolean;
    readonly maxDepth: number;
}

// The published types lack the options.
const fromDer = forge.asn1.fromDer as unknown as (bytes: forge.util.ByteStringBuffer, options: ParseOptions) => Node;

/** Bytes behind the structure are passed over, as OpenSSL does. */
export function parseDer(bytes: Buffer): Node {
    const options = { strict: true, parseAllBytes: false, decodeBitStrings: false, maxDepth: MAX_DEPTH };
    try {
        return fromDer(forge.util.createBuffer(bytes.toString("latin1")), options);
    } catch (error) {
        if (error instanceof Error && error.message.includes("Max depth")) {
            throw new CertificateError("overLimit", `its structure is nested deeper than ${MAX_DEPTH} levels`);
        }
        throw damaged();
    }
}

export function damaged(): CertificateError {
    return new CertificateError("damaged", "it is damaged or not complete");
}

export function toDer(node: Node): Buffer {
    return Buffer.from(forge.asn1.toDer(node).getBytes(), "latin1");
}

export function children(node: Node | undefined): Node[] {
    if (Array.isArray(node?.value)) return node.value;
    throw damaged();
}

export function child(node: Node | undefined, index: number): Node {
    const found = children(node)[index];
    if (found) return found;
    throw damaged();
}

/** `[tag]` of a context-specific element. */
export function isContext(node: Node | undefined, tag: number): node is Node {
    return node !== undefined && node.tagClass === forge.asn1.Class.CONTEXT_SPECIFIC && (node.type as number) === tag;
}

export function isSequence(node: Node | undefined): node is Node {
    return isUniversal(node, forge.asn1.Type.SEQUENCE);
}

function isUniversal(node: Node | undefined, type: forge.asn1.Type): node is Node {
    return node !== undefined && node.tagClass === forge.asn1.Class.UNIVERSAL && node.type === type;
}

/** Of an OCTET STRING or what stands implicitly for one, in one piece or (BER) in chunks. */
export function octetsOf(node: Node | undefined): Buffer {
    if (node === undefined) throw damaged();
    if (typeof node.value === "string") return Buffer.from(node.value, "latin1");
    return Buffer.concat(node.value.map(octetsOf));
}

export function oidOf(node: Node | undefined): string {
    if (!isUniversal(node, forge.asn1.Type.OID) || typeof node.value !== "string" || node.value === "") throw damaged();
    try {
        return forge.asn1.derToOid(node.value);
    } catch {
        throw damaged();
    }
}

/** Not negative; what does not fit a number is infinite, which every limit refuses. */
export function integerOf(node: Node | undefined): number {
    if (!isUniversal(node, forge.asn1.Type.INTEGER) || typeof node.value !== "string" || node.value === "")
        throw damaged();
    const bytes = Buffer.from(node.value, "latin1");
    if ((bytes[0] ?? 0) >= 0x80) throw damaged();
    return bytes.length > 7 ? Infinity : Number.parseInt(bytes.toString("hex"), 16);
}

export function isInteger(node: Node | undefined): node is Node {
    return isUniversal(node, forge.asn1.Type.INTEGER);
}

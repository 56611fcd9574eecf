// Parses DER and BER with node-forge, to a limited depth. The accessors throw if a node is missing. `oidOf` and
// `integerOf` also throw if the node has another type. `children` and `child` accept every node that contains nodes.
import forge from "node-forge";

import { CertificateError } from "../certificateError";

export type Node = forge.asn1.Asn1;

/** An ordinary PFX file has at most 12 levels of nesting. */
const MAX_DEPTH = 32;

interface ParseOptions {
    readonly strict: boolean;
    readonly parseAllBytes: boolean;
    readonly decodeBitStrings: boolean;
    readonly maxDepth: number;
}

// The type definitions of node-forge lack these options.
const fromDer = forge.asn1.fromDer as unknown as (bytes: forge.util.ByteStringBuffer, options: ParseOptions) => Node;

/** Ignores bytes after the structure, as OpenSSL does. */
export function parseDer(bytes: Buffer): Node {
    const options = { strict: true, parseAllBytes: false, decodeBitStrings: false, maxDepth: MAX_DEPTH };
    try {
        return fromDer(forge.util.createBuffer(bytes.toString("latin1")), options);
    } catch (error) {
        if (error instanceof Error && error.message.includes("Max depth")) {
            throw new CertificateError(
                "overLimit",
                `the file is built in an unusual way (nested deeper than ${MAX_DEPTH} levels); export the certificate again`,
            );
        }
        throw damaged();
    }
}

export function damaged(): CertificateError {
    return new CertificateError(
        "damaged",
        "the file is damaged or not complete, or it is not a PFX file; export the certificate again",
    );
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

/** Returns whether a node has the context-specific tag with this number. */
export function isContext(node: Node | undefined, tag: number): node is Node {
    return node !== undefined && node.tagClass === forge.asn1.Class.CONTEXT_SPECIFIC && (node.type as number) === tag;
}

export function isSequence(node: Node | undefined): node is Node {
    return isUniversal(node, forge.asn1.Type.SEQUENCE);
}

function isUniversal(node: Node | undefined, type: forge.asn1.Type): node is Node {
    return node !== undefined && node.tagClass === forge.asn1.Class.UNIVERSAL && node.type === type;
}

/** Returns the bytes of an OCTET STRING, or of a node with an implicit tag. BER may split the bytes into chunks. */
export function octetsOf(node: Node | undefined): Buffer {
    if (node === undefined) throw damaged();
    if (typeof node.value === "string") return Buffer.from(node.value, "latin1");
    return Buffer.concat(node.value.map(octetsOf));
}

export function oidOf(node: Node | undefined): string {
    if (!isOid(node) || typeof node.value !== "string" || node.value === "") throw damaged();
    try {
        return forge.asn1.derToOid(node.value);
    } catch {
        throw damaged();
    }
}

/**
 * Throws if the integer is negative. Returns infinity for an integer of more than 7 bytes, so that every limit refuses
 * it.
 */
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

export function isOid(node: Node | undefined): node is Node {
    return isUniversal(node, forge.asn1.Type.OID);
}

// Reads a private key of a PFX file, but ignores a key that could take long to read or to sign with. OpenSSL calculates
// with the numbers in a key when it reads a DSA or DH key or signs with an RSA key. A file of 256 KiB can contain
// numbers that take hours.
import { createPrivateKey, type KeyObject } from "node:crypto";

import forge from "node-forge";

import { child, children, isInteger, isOid, octetsOf, oidOf, parseDer, type Node } from "./der";

const RSA = ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"];
const ELLIPTIC = "1.2.840.10045.2.1";
const EDWARDS = ["1.3.101.110", "1.3.101.111", "1.3.101.112", "1.3.101.113"];
const MAX_RSA_BYTES = 2048;
/** An RSA key with two primes has a version and eight numbers. */
const RSA_NUMBERS = 9;

const UNUSUAL_RSA = `a private key in the file was ignored, because it is not an ordinary RSA key: it has more than ${MAX_RSA_BYTES * 8} bits or more than two primes, or it is damaged; use a key of 2048 to 4096 bits`;

/** Returns the key, or a text that says why the key is ignored. */
export function readableKey(pkcs8: Buffer): KeyObject | string {
    try {
        const [, algorithm, content] = children(parseDer(pkcs8));
        const oid = oidOf(child(algorithm, 0));
        if (RSA.includes(oid) && !isOrdinaryRsa(content)) return UNUSUAL_RSA;
        if (!RSA.includes(oid) && !isSafe(oid, algorithm)) {
            const name = (forge.pki.oids as Record<string, string>)[oid] ?? oid;
            return `a private key in the file was ignored, because it is not an RSA key (${name}): Entra accepts only RSA keys for an application`;
        }
        return createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
    } catch {
        return "a private key in the file is unreadable and was ignored";
    }
}

function isSafe(oid: string, algorithm: Node | undefined): boolean {
    return EDWARDS.includes(oid) || (oid === ELLIPTIC && isOid(child(algorithm, 1)));
}

/**
 * Returns whether an RSA key has two primes, a modulus within the limit, and no number that is longer than its modulus.
 */
function isOrdinaryRsa(content: Node | undefined): boolean {
    const numbers = children(parseDer(octetsOf(content)));
    const bytes = numbers.map((node) => (isInteger(node) ? node.value.length : Infinity));
    const [, modulus = 0] = bytes;
    return numbers.length === RSA_NUMBERS && modulus <= MAX_RSA_BYTES + 1 && bytes.every((size) => size <= modulus);
}

// Implements the decryption of PFX files by a password: 3DES and RC2 of PKCS#12, and PBES2 with PBKDF2 or scrypt.
// node-forge provides RC2, because Node.js no longer has it. kdf.ts derives the keys of PKCS#12. Node.js provides the
// rest.
import { createDecipheriv, pbkdf2Sync, scryptSync } from "node:crypto";

import forge from "node-forge";

import { CertificateError } from "../certificateError";
import { child, children, integerOf, isInteger, isSequence, octetsOf, oidOf, type Node } from "./der";
import { assertDerivation, assertScrypt } from "./limits";
import { pkcs12Kdf } from "./kdf";

export interface PbeCipher {
    /** The number of hash rounds for one attempt to decrypt. */
    readonly cost: number;
    /** Whether the cipher uses the password as text (PKCS#12) or as bytes (PBES2). */
    readonly takes: "text" | "raw";
    /** Throws if the padding or the authentication tag is wrong. */
    decrypt(ciphertext: Buffer, password: string | Buffer | undefined): Buffer;
}

/** `algorithm`: an AlgorithmIdentifier. Refuses an encryption that exceeds a limit, before a key is derived. */
export function cipherOf(algorithm: Node): PbeCipher {
    const oid = oidOf(child(algorithm, 0));
    if (oid === "1.2.840.113549.1.5.13") return pbes2(child(algorithm, 1));
    const scheme = PBES1[oid];
    if (scheme) return pbes1(scheme, child(algorithm, 1));
    throw unsupported("the encryption", oid);
}

export function unsupported(what: string, oid: string): CertificateError {
    const name = (forge.pki.oids as Record<string, string>)[oid];
    const algorithm = name === undefined ? oid : `${name} (${oid})`;
    return new CertificateError(
        "unsupported",
        `the file uses ${what} ${algorithm}, which is not supported; export the certificate again, for example with: openssl pkcs12 -export -inkey key.pem -in certificate.pem -out portal.pfx`,
    );
}

interface Scheme {
    readonly keyBytes: number;
    readonly open: (ciphertext: Buffer, key: Buffer, iv: Buffer) => Buffer;
}

const PBES1: Readonly<Record<string, Scheme>> = {
    "1.2.840.113549.1.12.1.3": { keyBytes: 24, open: withNode("des-ede3-cbc") },
    "1.2.840.113549.1.12.1.4": { keyBytes: 16, open: withTwoKeyTripleDes },
    "1.2.840.113549.1.12.1.5": { keyBytes: 16, open: withRc2(128) },
    "1.2.840.113549.1.12.1.6": { keyBytes: 5, open: withRc2(40) },
};

const SHA1_BYTES = 20;
const BLOCK_BYTES = 8;

function pbes1({ keyBytes, open }: Scheme, parameters: Node): PbeCipher {
    const derivation = { salt: octetsOf(child(parameters, 0)), rounds: integerOf(child(parameters, 1)) };
    assertDerivation(derivation);
    return {
        cost: derivation.rounds * (Math.ceil(keyBytes / SHA1_BYTES) + 1),
        takes: "text",
        decrypt: (ciphertext, password) => {
            const derive = (purpose: 1 | 2, length: number) =>
                pkcs12Kdf({ ...derivation, digest: "sha1", password: password as string | undefined, purpose, length });
            const key = derive(1, keyBytes);
            try {
                return open(ciphertext, key, derive(2, BLOCK_BYTES));
            } finally {
                key.fill(0);
            }
        },
    };
}

function pbes2(parameters: Node): PbeCipher {
    const derivation = child(parameters, 0);
    const { keyBytes, open } = encryptionOf(child(parameters, 1));
    const { cost, derive } = derivationOf(derivation, keyBytes);
    return {
        cost,
        takes: "raw",
        decrypt: (ciphertext, password) => {
            const key = derive(password as Buffer);
            try {
                return open(ciphertext, key);
            } finally {
                key.fill(0);
            }
        },
    };
}

export interface Derivation {
    readonly cost: number;
    readonly derive: (password: Buffer) => Buffer;
}

export function derivationOf(algorithm: Node, keyBytes: number): Derivation {
    const oid = oidOf(child(algorithm, 0));
    if (oid === "1.2.840.113549.1.5.12") return pbkdf2(child(algorithm, 1), keyBytes);
    if (oid === SCRYPT) return scrypt(child(algorithm, 1), keyBytes);
    throw unsupported("the key derivation", oid);
}

interface Prf {
    readonly digest: string;
    readonly bytes: number;
}

export const HMACS: Readonly<Record<string, Prf>> = {
    "1.2.840.113549.2.7": { digest: "sha1", bytes: 20 },
    "1.2.840.113549.2.8": { digest: "sha224", bytes: 28 },
    "1.2.840.113549.2.9": { digest: "sha256", bytes: 32 },
    "1.2.840.113549.2.10": { digest: "sha384", bytes: 48 },
    "1.2.840.113549.2.11": { digest: "sha512", bytes: 64 },
    "1.2.840.113549.2.12": { digest: "sha512-224", bytes: 28 },
    "1.2.840.113549.2.13": { digest: "sha512-256", bytes: 32 },
};
const SCRYPT = "1.3.6.1.4.1.11591.4.11";
const HMAC_SHA1 = "1.2.840.113549.2.7";

function pbkdf2(parameters: Node, keyBytes: number): Derivation {
    const [saltNode, roundsNode, ...rest] = children(parameters);
    const salt = octetsOf(saltNode);
    const rounds = integerOf(roundsNode);
    assertDerivation({ rounds, salt });
    assertKeyLength(rest.find(isInteger), keyBytes);
    const prfNode = rest.find(isSequence);
    const oid = prfNode ? oidOf(child(prfNode, 0)) : HMAC_SHA1;
    const prf = HMACS[oid];
    if (!prf) throw unsupported("the pseudo-random function", oid);
    return {
        cost: rounds * Math.ceil(keyBytes / prf.bytes),
        derive: (password) => pbkdf2Sync(password, salt, rounds, keyBytes, prf.digest),
    };
}

function scrypt(parameters: Node, keyBytes: number): Derivation {
    const [saltNode, costNode, blockNode, parallelNode, lengthNode] = children(parameters);
    const salt = octetsOf(saltNode);
    const [N, r, p] = [integerOf(costNode), integerOf(blockNode), integerOf(parallelNode)];
    const bytes = 128 * N * r;
    assertScrypt({ bytes, salt });
    // One unit of scrypt's work takes about as long as one round of the other derivations.
    const cost = N * r * p;
    assertDerivation({ rounds: cost, salt });
    assertKeyLength(lengthNode, keyBytes);
    return {
        cost,
        derive: (password) => scryptSync(password, salt, keyBytes, { N, r, p, maxmem: 2 * bytes + 2 ** 20 }),
    };
}

/** Returns the length of the key that a derivation names. A file may leave it out, but not for PBMAC1. */
export function keyBytesIn(algorithm: Node): number {
    const isScrypt = oidOf(child(algorithm, 0)) === SCRYPT;
    return integerOf(children(child(algorithm, 1))[isScrypt ? 4 : 2]);
}

function assertKeyLength(node: Node | undefined, keyBytes: number): void {
    if (node !== undefined && integerOf(node) !== keyBytes) {
        throw new CertificateError(
            "damaged",
            "the file is damaged: the length of its encryption key is wrong; export the certificate again",
        );
    }
}

/** PBES2 encryption schemes whose only parameter is the initialization vector. */
const CBC: Readonly<Record<string, readonly [cipher: string, keyBytes: number]>> = {
    "2.16.840.1.101.3.4.1.2": ["aes-128-cbc", 16],
    "2.16.840.1.101.3.4.1.22": ["aes-192-cbc", 24],
    "2.16.840.1.101.3.4.1.42": ["aes-256-cbc", 32],
    "1.2.840.113549.3.7": ["des-ede3-cbc", 24],
    "1.2.392.200011.61.1.1.1.2": ["camellia-128-cbc", 16],
    "1.2.392.200011.61.1.1.1.3": ["camellia-192-cbc", 24],
    "1.2.392.200011.61.1.1.1.4": ["camellia-256-cbc", 32],
};
const GCM: Readonly<
    Record<string, readonly [cipher: "aes-128-gcm" | "aes-192-gcm" | "aes-256-gcm", keyBytes: number]>
> = {
    "2.16.840.1.101.3.4.1.6": ["aes-128-gcm", 16],
    "2.16.840.1.101.3.4.1.26": ["aes-192-gcm", 24],
    "2.16.840.1.101.3.4.1.46": ["aes-256-gcm", 32],
};

function encryptionOf(algorithm: Node): { keyBytes: number; open: (ciphertext: Buffer, key: Buffer) => Buffer } {
    const oid = oidOf(child(algorithm, 0));
    const [cbc, gcm] = [CBC[oid], GCM[oid]];
    if (cbc) {
        const [name, keyBytes] = cbc;
        const iv = octetsOf(child(algorithm, 1));
        return { keyBytes, open: (ciphertext, key) => withNode(name)(ciphertext, key, iv) };
    }
    if (!gcm) throw unsupported("the encryption", oid);
    const [name, keyBytes] = gcm;
    const [nonce, tagLength] = children(child(algorithm, 1));
    const iv = octetsOf(nonce);
    const tagBytes = tagLength === undefined ? 12 : integerOf(tagLength);
    return {
        keyBytes,
        open: (ciphertext, key) => {
            const cipher = createDecipheriv(name, key, iv, { authTagLength: tagBytes });
            cipher.setAuthTag(ciphertext.subarray(-tagBytes));
            return Buffer.concat([cipher.update(ciphertext.subarray(0, -tagBytes)), cipher.final()]);
        },
    };
}

function withNode(name: string): Scheme["open"] {
    return (ciphertext, key, iv) => {
        const cipher = createDecipheriv(name, key, iv);
        return Buffer.concat([cipher.update(ciphertext), cipher.final()]);
    };
}

/** Two-key 3DES is three-key 3DES in which the third key equals the first. */
function withTwoKeyTripleDes(ciphertext: Buffer, key: Buffer, iv: Buffer): Buffer {
    const three = Buffer.concat([key, key.subarray(0, 8)]);
    try {
        return withNode("des-ede3-cbc")(ciphertext, three, iv);
    } finally {
        three.fill(0);
    }
}

function withRc2(bits: number): Scheme["open"] {
    return (ciphertext, key, iv) => {
        const cipher = forge.rc2.createDecryptionCipher(key.toString("latin1"), bits);
        cipher.start(iv.toString("latin1"));
        cipher.update(forge.util.createBuffer(ciphertext.toString("latin1")));
        if (!cipher.finish()) throw new Error("bad padding");
        return Buffer.from(cipher.output.getBytes(), "latin1");
    };
}

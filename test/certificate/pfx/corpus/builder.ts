// Builds ordinary and hostile PFX files piece by piece. It uses none of the provider's code: node-forge encodes
// the ASN.1 and derives the keys of PKCS#12, and Node.js does the rest.
import { createCipheriv, createHmac, pbkdf2Sync, randomBytes, scryptSync } from "node:crypto";

import forge from "node-forge";

const { asn1 } = forge;
const { Class, Type } = asn1;
export type Node = forge.asn1.Asn1;

const universal = (type: forge.asn1.Type, isConstructed: boolean, value: Node[] | string) =>
    asn1.create(Class.UNIVERSAL, type, isConstructed, value);
export const sequence = (...value: Node[]) => universal(Type.SEQUENCE, true, value);
export const set = (...value: Node[]) => universal(Type.SET, true, value);
export const oid = (text: string) => universal(Type.OID, false, asn1.oidToDer(text).getBytes());
export const octets = (bytes: Buffer) => universal(Type.OCTETSTRING, false, bytes.toString("latin1"));
export const nothing = () => universal(Type.NULL, false, "");
export const explicit = (value: Node) => asn1.create(Class.CONTEXT_SPECIFIC, Type.NONE, true, [value]);
export const der = (node: Node) => Buffer.from(asn1.toDer(node).getBytes(), "latin1");
export const parse = (bytes: Buffer) => asn1.fromDer(bytes.toString("latin1"));

/**
 * Encodes an INTEGER. Pads the value with zero bytes to a length of at least `bytes`. node-forge then removes one of
 * them. A `bigint` allows values that a JavaScript number cannot hold exactly.
 */
export function integer(value: number | bigint, bytes = 1): Node {
    const hex = value.toString(16).padStart(2 * bytes, "0");
    const even = hex.length % 2 === 0 ? hex : `0${hex}`;
    const positive = Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even;
    return universal(Type.INTEGER, false, Buffer.from(positive, "hex").toString("latin1"));
}

export const OID = {
    data: "1.2.840.113549.1.7.1",
    signedData: "1.2.840.113549.1.7.2",
    envelopedData: "1.2.840.113549.1.7.3",
    encryptedData: "1.2.840.113549.1.7.6",
    keyBag: "1.2.840.113549.1.12.10.1.1",
    shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
    certBag: "1.2.840.113549.1.12.10.1.3",
    crlBag: "1.2.840.113549.1.12.10.1.4",
    secretBag: "1.2.840.113549.1.12.10.1.5",
    safeContentsBag: "1.2.840.113549.1.12.10.1.6",
    x509Certificate: "1.2.840.113549.1.9.22.1",
    tripleDes: "1.2.840.113549.1.12.1.3",
    pbes2: "1.2.840.113549.1.5.13",
    pbkdf2: "1.2.840.113549.1.5.12",
    pbmac1: "1.2.840.113549.1.5.14",
    scrypt: "1.3.6.1.4.1.11591.4.11",
    aes256Cbc: "2.16.840.1.101.3.4.1.42",
    aes256Gcm: "2.16.840.1.101.3.4.1.46",
    sha1: "1.3.14.3.2.26",
    sha256: "2.16.840.1.101.3.4.2.1",
};
export const HMAC = {
    sha1: "1.2.840.113549.2.7",
    sha256: "1.2.840.113549.2.9",
    sha512: "1.2.840.113549.2.11",
    "sha512-224": "1.2.840.113549.2.12",
    "sha512-256": "1.2.840.113549.2.13",
};

export interface Encrypted {
    readonly algorithm: Node;
    readonly ciphertext: Buffer;
}
export type Encrypt = (plain: Buffer) => Encrypted;

export function pemBody(pem: string): Buffer {
    return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
}

export const bag = (type: string, value: Node, ...attributes: Node[]) =>
    sequence(oid(type), explicit(value), ...(attributes.length > 0 ? [set(...attributes)] : []));
export const certificateBag = (pem: string) =>
    bag(OID.certBag, sequence(oid(OID.x509Certificate), explicit(octets(pemBody(pem)))));
export const keyBag = (pem: string) => bag(OID.keyBag, parse(pemBody(pem)));

export function shroudedKeyBag(pkcs8: Buffer, encrypt: Encrypt): Node {
    const { algorithm, ciphertext } = encrypt(pkcs8);
    return bag(OID.shroudedKeyBag, sequence(algorithm, octets(ciphertext)));
}

export const dataSafe = (...bags: Node[]) => sequence(oid(OID.data), explicit(octets(der(sequence(...bags)))));

export function encryptedSafe(bags: readonly Node[], encrypt: Encrypt): Node {
    const { algorithm, ciphertext } = encrypt(der(sequence(...bags)));
    const content = asn1.create(Class.CONTEXT_SPECIFIC, Type.NONE, false, ciphertext.toString("latin1"));
    const info = sequence(integer(0), sequence(oid(OID.data), algorithm, content));
    return sequence(oid(OID.encryptedData), explicit(info));
}

export type Mac = (content: Buffer) => Node;

export function pfx(safes: readonly Node[], mac?: Mac): Buffer {
    const content = der(sequence(...safes));
    const info = sequence(oid(OID.data), explicit(octets(content)));
    return der(sequence(integer(3), info, ...(mac ? [mac(content)] : [])));
}

interface Rounds {
    readonly rounds?: number | bigint;
    /** The number of bytes to which `integer` pads the count of rounds. */
    readonly width?: number;
    readonly salt?: Buffer;
}

/**
 * Derives a key of PKCS#12. If the count of rounds is below 1 or above 10,000, derives the key with one round, but the
 * file still contains that count.
 */
function derive(
    password: string | undefined,
    salt: Buffer,
    purpose: number,
    rounds: number | bigint,
    length: number,
): Buffer {
    const made = rounds > 10_000 || rounds < 1 ? 1 : Number(rounds);
    // The published types of node-forge do not allow a missing password.
    const generate = forge.pkcs12.generateKey as unknown as (
        password: string | undefined,
        salt: forge.util.ByteStringBuffer,
        id: number,
        iterations: number,
        size: number,
        digest: forge.md.MessageDigest,
    ) => forge.util.ByteStringBuffer;
    const bytes = forge.util.createBuffer(salt.toString("latin1"));
    return Buffer.from(generate(password, bytes, purpose, made, length, forge.md.sha1.create()).getBytes(), "latin1");
}

export function macSha1(
    password: string | undefined,
    { rounds = 2000, width, salt = randomBytes(20) }: Rounds = {},
): Mac {
    return (content) => {
        const digest = createHmac("sha1", derive(password, salt, 3, rounds, 20))
            .update(content)
            .digest();
        return sequence(
            sequence(sequence(oid(OID.sha1), nothing()), octets(digest)),
            octets(salt),
            integer(rounds, width),
        );
    };
}

export function tripleDes(
    password: string | undefined,
    { rounds = 2000, width, salt = randomBytes(8) }: Rounds = {},
): Encrypt {
    return (plain) => {
        const keyOf = (purpose: number, length: number) => derive(password, salt, purpose, rounds, length);
        const cipher = createCipheriv("des-ede3-cbc", keyOf(1, 24), keyOf(2, 8));
        const algorithm = sequence(oid(OID.tripleDes), sequence(octets(salt), integer(rounds, width)));
        return { algorithm, ciphertext: Buffer.concat([cipher.update(plain), cipher.final()]) };
    };
}

interface Pbes2 extends Rounds {
    readonly prf?: keyof typeof HMAC;
    readonly scrypt?: { readonly N: number; readonly r: number; readonly p: number };
    readonly cipher?: "aes-256-cbc" | "aes-256-gcm";
    /** The password's bytes, if they are not UTF-8. */
    readonly raw?: Buffer;
}

export function pbes2(password: string, options: Pbes2 = {}): Encrypt {
    const {
        prf = "sha256",
        rounds = 2000,
        salt = randomBytes(16),
        cipher = "aes-256-cbc",
        raw = Buffer.from(password),
    } = options;
    return (plain) => {
        const { scrypt } = options;
        const key = scrypt
            ? scryptKey(raw, salt, scrypt)
            : pbkdf2Sync(raw, salt, rounds > 1e6 ? 1 : Number(rounds), 32, prf);
        const derivation = scrypt
            ? sequence(oid(OID.scrypt), sequence(octets(salt), integer(scrypt.N), integer(scrypt.r), integer(scrypt.p)))
            : sequence(
                  oid(OID.pbkdf2),
                  sequence(octets(salt), integer(rounds, options.width), sequence(oid(HMAC[prf]), nothing())),
              );
        const { parameters, ciphertext } = cipher === "aes-256-cbc" ? cbc(key, plain) : gcm(key, plain);
        const name = cipher === "aes-256-cbc" ? OID.aes256Cbc : OID.aes256Gcm;
        const algorithm = sequence(oid(OID.pbes2), sequence(derivation, sequence(oid(name), parameters)));
        return { algorithm, ciphertext };
    };
}

/**
 * Derives a key with scrypt. If the parameters are too high to compute, returns random bytes, but the file still
 * contains the parameters.
 */
function scryptKey(raw: Buffer, salt: Buffer, { N, r, p }: { N: number; r: number; p: number }): Buffer {
    const isHonest = N * r * p <= 2 ** 20;
    return isHonest ? scryptSync(raw, salt, 32, { N, r, p, maxmem: 2 ** 28 }) : randomBytes(32);
}

function cbc(key: Buffer, plain: Buffer): { parameters: Node; ciphertext: Buffer } {
    const iv = randomBytes(16);
    const cipher = createCipheriv("aes-256-cbc", key, iv);
    return { parameters: octets(iv), ciphertext: Buffer.concat([cipher.update(plain), cipher.final()]) };
}

function gcm(key: Buffer, plain: Buffer): { parameters: Node; ciphertext: Buffer } {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: 16 });
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return { parameters: sequence(octets(nonce), integer(16)), ciphertext: Buffer.concat([body, cipher.getAuthTag()]) };
}

export function pbmac1(password: string, digest: "sha256" | "sha512", kdf: "pbkdf2" | "scrypt" = "pbkdf2"): Mac {
    const salt = randomBytes(16);
    return (content) => {
        const prf = sequence(oid(HMAC[digest]), nothing());
        const [key, derivation] =
            kdf === "scrypt"
                ? [
                      scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 }),
                      sequence(
                          oid(OID.scrypt),
                          sequence(octets(salt), ...[1024, 8, 1, 32].map((value) => integer(value))),
                      ),
                  ]
                : [
                      pbkdf2Sync(Buffer.from(password), salt, 2000, 32, digest),
                      sequence(oid(OID.pbkdf2), sequence(octets(salt), integer(2000), integer(32), prf)),
                  ];
        const algorithm = sequence(oid(OID.pbmac1), sequence(derivation, sequence(oid(HMAC[digest]), nothing())));
        const mac = createHmac(digest, key).update(content).digest();
        return sequence(sequence(algorithm, octets(mac)), octets(Buffer.from("NOT USED")), integer(1));
    };
}

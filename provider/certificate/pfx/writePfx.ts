// Writes the PFX for VB365 in one of the two forms that Windows itself writes. Windows Server 2016 can import only the
// form with 3DES and SHA-1. Server 2019 and later can also import the form with AES-256 and SHA-256. No vendor
// documents mixtures of these forms.
import {
    createCipheriv,
    createHash,
    createHmac,
    pbkdf2Sync,
    randomBytes,
    randomInt,
    X509Certificate,
    type KeyObject,
} from "node:crypto";

import forge from "node-forge";

import type { PfxEncryption } from "../inputs";
import { pkcs12Kdf } from "./kdf";

export interface PfxContents {
    readonly privateKey: KeyObject;
    readonly certificatePem: string;
    /**
     * Certificates of the issuers. The issuer of the certificate comes first. A self-signed certificate has no chain.
     */
    readonly chain?: readonly string[];
    readonly friendlyName: string;
    /** ASCII, so that all tools encode it the same way. */
    readonly password: string;
    readonly encryption: PfxEncryption;
}

const { asn1 } = forge;
const { Class, Type } = asn1;
type Node = forge.asn1.Asn1;

/**
 * The number of hash rounds that Windows and .NET use. The password is random, so more rounds would not make the PFX
 * safer.
 */
const ROUNDS = 2000;
const OID = {
    data: "1.2.840.113549.1.7.1",
    encryptedData: "1.2.840.113549.1.7.6",
    shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
    certBag: "1.2.840.113549.1.12.10.1.3",
    x509Certificate: "1.2.840.113549.1.9.22.1",
    friendlyName: "1.2.840.113549.1.9.20",
    localKeyId: "1.2.840.113549.1.9.21",
    keyProviderName: "1.3.6.1.4.1.311.17.1",
    pbeSha1TripleDes: "1.2.840.113549.1.12.1.3",
    pbes2: "1.2.840.113549.1.5.13",
    pbkdf2: "1.2.840.113549.1.5.12",
    hmacSha256: "1.2.840.113549.2.9",
    aes256Cbc: "2.16.840.1.101.3.4.1.42",
    sha1: "1.3.14.3.2.26",
    sha256: "2.16.840.1.101.3.4.2.1",
};
/**
 * If this name is missing, Windows uses an old cryptographic provider that supports neither SHA-256 nor RSA-PSS.
 * Entra's documentation names PS256 for a sign-in with a certificate, and PS256 needs both.
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
const KEY_PROVIDER = "Microsoft Software Key Storage Provider";

const PASSWORD_LENGTH = 32;
const PASSWORD_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Makes a password with 190 random bits. It has only letters and digits, which every shell and tool accepts. */
export function randomPfxPassword(): string {
    const character = () => PASSWORD_CHARACTERS.charAt(randomInt(PASSWORD_CHARACTERS.length));
    return Array.from({ length: PASSWORD_LENGTH }, character).join("");
}

export function writePfx(contents: PfxContents): Buffer {
    const safes = sequence([encryptedCertificates(contents), shroudedKey(contents)]);
    const authenticated = toDer(safes);
    return toDer(sequence([integer(3), dataInfo(authenticated), macData(authenticated, contents)]));
}

function sequence(value: Node[]): Node {
    return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, value);
}

function set(value: Node[]): Node {
    return asn1.create(Class.UNIVERSAL, Type.SET, true, value);
}

function oid(text: string): Node {
    return asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(text).getBytes());
}

function octets(bytes: Buffer): Node {
    return asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, bytes.toString("binary"));
}

function integer(value: number): Node {
    return asn1.create(Class.UNIVERSAL, Type.INTEGER, false, asn1.integerToDer(value).getBytes());
}

function nothing(): Node {
    return asn1.create(Class.UNIVERSAL, Type.NULL, false, "");
}

function explicit(value: Node): Node {
    return asn1.create(Class.CONTEXT_SPECIFIC, Type.NONE, true, [value]);
}

// forge encodes a BMPString itself, as two bytes per character, so it gets the text unchanged.
function bmpString(text: string): Node {
    return asn1.create(Class.UNIVERSAL, Type.BMPSTRING, false, text);
}

function toDer(node: Node): Buffer {
    return Buffer.from(asn1.toDer(node).getBytes(), "binary");
}

function dataInfo(bytes: Buffer): Node {
    return sequence([oid(OID.data), explicit(octets(bytes))]);
}

function attribute(type: string, value: Node): Node {
    return sequence([oid(type), set([value])]);
}

/**
 * Makes the attribute `localKeyId`. The key and its certificate both have this attribute, and its bytes link them.
 * Windows accepts any bytes, if both attributes have the same bytes.
 */
function localKeyId({ certificatePem }: PfxContents): Node {
    const digest = createHash("sha1").update(new X509Certificate(certificatePem).raw).digest();
    return attribute(OID.localKeyId, octets(digest));
}

function encryptedCertificates(contents: PfxContents): Node {
    const leaf = certificateBag(contents.certificatePem, [
        localKeyId(contents),
        attribute(OID.friendlyName, bmpString(contents.friendlyName)),
    ]);
    const bags = sequence([leaf, ...(contents.chain ?? []).map((pem) => certificateBag(pem, []))]);
    const { algorithm, ciphertext } = encrypt(toDer(bags), contents);
    const content = asn1.create(Class.CONTEXT_SPECIFIC, Type.NONE, false, ciphertext.toString("binary"));
    const encrypted = sequence([integer(0), sequence([oid(OID.data), algorithm, content])]);
    return sequence([oid(OID.encryptedData), explicit(encrypted)]);
}

function certificateBag(pem: string, attributes: Node[]): Node {
    const { raw } = new X509Certificate(pem);
    const certificate = explicit(sequence([oid(OID.x509Certificate), explicit(octets(raw))]));
    return sequence([oid(OID.certBag), certificate, ...(attributes.length > 0 ? [set(attributes)] : [])]);
}

function shroudedKey(contents: PfxContents): Node {
    const der = contents.privateKey.export({ type: "pkcs8", format: "der" });
    const { algorithm, ciphertext } = encrypt(der, contents);
    der.fill(0);
    const attributes = set([
        localKeyId(contents),
        attribute(OID.friendlyName, bmpString(contents.friendlyName)),
        attribute(OID.keyProviderName, bmpString(KEY_PROVIDER)),
    ]);
    const bag = sequence([oid(OID.shroudedKeyBag), explicit(sequence([algorithm, octets(ciphertext)])), attributes]);
    return dataInfo(toDer(sequence([bag])));
}

interface Encrypted {
    readonly algorithm: Node;
    readonly ciphertext: Buffer;
}

interface Form {
    readonly encrypt: (plain: Buffer, password: string) => Encrypted;
    readonly macDigest: "sha1" | "sha256";
    readonly macBytes: number;
}

const FORMS: Readonly<Record<PfxEncryption, Form>> = {
    "tripleDES-SHA1": { encrypt: encryptTripleDes, macDigest: "sha1", macBytes: 20 },
    "AES256-SHA256": { encrypt: encryptAes, macDigest: "sha256", macBytes: 32 },
};

function encrypt(plain: Buffer, { password, encryption }: PfxContents): Encrypted {
    return FORMS[encryption].encrypt(plain, password);
}

function encryptTripleDes(plain: Buffer, password: string): Encrypted {
    const salt = randomBytes(8);
    const derive = (purpose: 1 | 2, length: number) =>
        pkcs12Kdf({ digest: "sha1", password, salt, rounds: ROUNDS, purpose, length });
    const key = derive(1, 24);
    const cipher = createCipheriv("des-ede3-cbc", key, derive(2, 8));
    key.fill(0);
    const algorithm = sequence([oid(OID.pbeSha1TripleDes), sequence([octets(salt), integer(ROUNDS)])]);
    return { algorithm, ciphertext: Buffer.concat([cipher.update(plain), cipher.final()]) };
}

function encryptAes(plain: Buffer, password: string): Encrypted {
    const [salt, iv] = [randomBytes(16), randomBytes(16)];
    const key = pbkdf2Sync(password, salt, ROUNDS, 32, "sha256");
    const cipher = createCipheriv("aes-256-cbc", key, iv);
    key.fill(0);
    const derivation = sequence([
        oid(OID.pbkdf2),
        sequence([octets(salt), integer(ROUNDS), sequence([oid(OID.hmacSha256), nothing()])]),
    ]);
    const algorithm = sequence([oid(OID.pbes2), sequence([derivation, sequence([oid(OID.aes256Cbc), octets(iv)])])]);
    return { algorithm, ciphertext: Buffer.concat([cipher.update(plain), cipher.final()]) };
}

function macData(authenticated: Buffer, { password, encryption }: PfxContents): Node {
    const { macDigest: digest, macBytes: length } = FORMS[encryption];
    const salt = randomBytes(length);
    const key = pkcs12Kdf({ digest, password, salt, rounds: ROUNDS, purpose: 3, length });
    const mac = createHmac(digest, key).update(authenticated).digest();
    return sequence([sequence([sequence([oid(OID[digest]), nothing()]), octets(mac)]), octets(salt), integer(ROUNDS)]);
}

// Counts the operations with keys, the signature checks and the rounds of key derivation that a PFX file causes. The
// tests measure no times, because times depend on the machine. bench/ measures times.
import crypto from "node:crypto";

import { readPfx } from "../../../provider/certificate/pfx/readPfx";
import * as build from "./corpus/builder";
import { issued, newKey, pkcs8Of, type TestKey } from "./corpus/issued";

afterEach(() => jest.restoreAllMocks());

const NOW = new Date();
const keyBag = (der: Buffer) => build.bag(build.OID.keyBag, build.parse(der));
const mac = build.macSha1("x", { rounds: 1 });
const fileOf = (...bags: build.Node[]) => build.pfx([build.dataSafe(...bags)], mac);

/** Reads the file, and counts the operations of node:crypto with keys and certificates. */
function workOf(bytes: Buffer, password = "x") {
    const [signs, verifies, keys] = [
        jest.spyOn(crypto, "sign"),
        jest.spyOn(crypto, "verify"),
        jest.spyOn(crypto, "createPrivateKey"),
    ];
    const compares = jest.spyOn(crypto.X509Certificate.prototype, "checkPrivateKey");
    const checks = jest.spyOn(crypto.X509Certificate.prototype, "verify");
    const result = outcomeOf(bytes, password);
    const count = (spy: jest.SpyInstance) => spy.mock.calls.length;
    return {
        ...result,
        proofs: count(signs) + count(verifies),
        keys: count(keys),
        compares: count(compares),
        checks: count(checks),
    };
}

function outcomeOf(bytes: Buffer, password: string): { thumbprint?: string; text: string } {
    try {
        const { certificate, notes } = readPfx(bytes, password, NOW);
        return { thumbprint: certificate.thumbprint, text: notes.join("\n") };
    } catch (error) {
        return { text: (error as Error).message };
    }
}

const one = newKey(2048);
const honest = () =>
    workOf(fileOf(build.certificateBag(issued({ subject: "portal", key: one })), keyBag(pkcs8Of(one)))).proofs;

test("31 certificates of one key need one signature, although the file contains the key 31 times", () => {
    const certificates = Array.from({ length: 31 }, (_, index) =>
        build.certificateBag(issued({ subject: `p${index}`, key: one })),
    );
    const keys = Array.from({ length: 31 }, () => keyBag(pkcs8Of(one)));
    const { proofs, compares, text } = workOf(fileOf(...certificates, ...keys));
    expect(text).toMatch(/31 certificates with a private key/);
    expect({ proofs, compares }).toEqual({ proofs: 2, compares: 0 });
    jest.restoreAllMocks();
    expect(proofs).toBe(honest());
});

test("among twelve keys with one certificate each, only the chosen key is checked with a signature", () => {
    const keys = Array.from({ length: 12 }, () => newKey());
    const bags = keys.flatMap((key, index) => [
        build.certificateBag(issued({ subject: `p${index}`, key })),
        keyBag(pkcs8Of(key)),
    ]);
    expect(workOf(fileOf(...bags))).toMatchObject({ proofs: 2, keys: 12 });
});

/** Combines n and e of one key with all other numbers of another key. */
function inconsistent(right: TestKey, wrong: TestKey): Buffer {
    const jwk = { ...wrong.privateKey.export({ format: "jwk" }), ...right.publicKey.export({ format: "jwk" }) };
    return crypto.createPrivateKey({ key: jwk, format: "jwk" }).export({ type: "pkcs8", format: "der" });
}

test("a file with many damaged keys is refused after a few signatures", () => {
    const wrong = newKey();
    const bags = Array.from({ length: 10 }, () => newKey()).flatMap((key, index) => [
        build.certificateBag(issued({ subject: `p${index}`, key })),
        keyBag(inconsistent(key, wrong)),
    ]);
    const { proofs, text } = workOf(fileOf(...bags));
    expect(text).toMatch(/private key in the file is damaged/);
    expect(proofs).toBeLessThanOrEqual(6);
});

test("a damaged key is ignored with a warning if the file also contains a good key", () => {
    const good = issued({ subject: "good", key: one, fromDays: -5 });
    const bags = [build.certificateBag(good), keyBag(pkcs8Of(one))];
    const newer = newKey(2048);
    const damaged = [
        build.certificateBag(issued({ subject: "newer", key: newer })),
        keyBag(inconsistent(newer, newKey(2048))),
    ];
    const { thumbprint, text } = workOf(fileOf(...damaged, ...bags));
    expect(thumbprint).toBe(new crypto.X509Certificate(good).fingerprint.replaceAll(":", ""));
    expect(text).toMatch(/a private key in the file is damaged and was ignored; to use its certificate, export/);
});

test("sixty authorities with the issuer's name cost a limited number of signature checks", () => {
    const leaf = issued({ subject: "portal", key: one, issuer: { subject: "nobody", key: newKey() } });
    const [decoy, signer] = [newKey(), newKey()];
    const decoys = Array.from({ length: 60 }, () =>
        build.certificateBag(issued({ subject: "nobody", key: decoy, issuer: { subject: "nobody", key: signer } })),
    );
    const { thumbprint, checks } = workOf(fileOf(build.certificateBag(leaf), ...decoys, keyBag(pkcs8Of(one))));
    expect(thumbprint).toBeDefined();
    expect(checks).toBeLessThanOrEqual(17);
});

const number = (bytes: number) => build.integer(BigInt(`0x7${"f".repeat(2 * bytes - 1)}`));

test("a DSA key is ignored and not read, because OpenSSL would calculate with its numbers", () => {
    const parameters = build.sequence(number(1000), number(20), number(1000));
    const algorithm = build.sequence(build.oid("1.2.840.10040.4.1"), parameters);
    const dsa = build.sequence(build.integer(0), algorithm, build.octets(build.der(number(1000))));
    const certificate = build.certificateBag(issued({ subject: "portal", key: one }));
    const { keys, text } = workOf(fileOf(certificate, build.bag(build.OID.keyBag, dsa), keyBag(pkcs8Of(one))));
    expect(keys).toBe(1);
    expect(text).toMatch(
        /ignored, because it is not an RSA key \(1\.2\.840\.10040\.4\.1\): Entra accepts only RSA keys/,
    );
});

test.each([
    ["prime", 4],
    ["private exponent", 3],
    ["public exponent", 2],
])("an RSA key whose %s is longer than the modulus is ignored and not read", (_name, index) => {
    const info = build.parse(pkcs8Of(one)).value as build.Node[];
    const numbers = build.parse(Buffer.from(info[2]?.value as string, "latin1")).value as build.Node[];
    const changed = numbers.map((node, at) => (at === index ? number(1000) : node));
    const content = build.octets(build.der(build.sequence(...changed)));
    const hostile = build.sequence(...info.slice(0, 2), content);
    const certificate = build.certificateBag(issued({ subject: "portal", key: one }));
    const { keys, proofs, text } = workOf(fileOf(certificate, build.bag(build.OID.keyBag, hostile)));
    expect({ keys, proofs }).toEqual({ keys: 0, proofs: 0 });
    expect(text).toMatch(UNUSUAL_RSA);
});

const UNUSUAL_RSA =
    /not an ordinary RSA key: it has more than 16384 bits or more than two primes, or it is damaged; use a key of/;

test.each([
    [
        "with a modulus of 3000 bytes",
        (numbers: build.Node[]) => numbers.map((node, at) => (at === 1 ? number(3000) : node)),
    ],
    [
        "with three primes",
        (numbers: build.Node[]) => [...numbers, build.sequence(build.sequence(number(9), number(9), number(9)))],
    ],
])("an RSA key %s is ignored, and the message does not say that it is not RSA", (_name, change) => {
    const info = build.parse(pkcs8Of(one)).value as build.Node[];
    const numbers = build.parse(Buffer.from(info[2]?.value as string, "latin1")).value as build.Node[];
    const content = build.octets(build.der(build.sequence(...change(numbers))));
    const certificate = build.certificateBag(issued({ subject: "portal", key: one }));
    const file = fileOf(certificate, build.bag(build.OID.keyBag, build.sequence(...info.slice(0, 2), content)));
    const { keys, text } = workOf(file);
    expect(keys).toBe(0);
    expect(text).toMatch(UNUSUAL_RSA);
    expect(text).not.toMatch(/Entra accepts only RSA/);
});

describe("the attempts with other forms of a password", () => {
    const ROUNDS = 400_000;
    const salt = Buffer.from("salt");

    test.each([1, 5, 12])("cost at most three times what the file itself costs: %i keys", (count) => {
        const encrypt = build.pbes2("x", { rounds: ROUNDS, salt });
        const keys = Array.from({ length: count }, () => build.shroudedKeyBag(pkcs8Of(one), encrypt));
        const file = build.pfx([build.dataSafe(...keys)]);
        let rounds = 0;
        jest.spyOn(crypto, "pbkdf2Sync").mockImplementation((_password, _salt, iterations, length) => {
            rounds += iterations;
            return Buffer.alloc(length, 1);
        });
        const { text } = outcomeOf(file, '\ufeff "pässwörd" \r\n');
        // With one key, the limit ends the attempts before the quotation marks are removed.
        expect(text).toMatch(/password is wrong \(also without the byte order mark at its beginning[^"]*\), or/);
        expect(text.includes("quotation marks")).toBe(count > 1);
        expect(rounds).toBeGreaterThan(ROUNDS);
        expect(rounds).toBeLessThanOrEqual(4 * count * ROUNDS);
    });
});

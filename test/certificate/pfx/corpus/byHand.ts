// Makes PFX files in forms that no other tool of the corpus writes, damaged PFX files, files of node-forge, and files
// that users mistake for a PFX.
import { readFileSync } from "node:fs";

import forge from "node-forge";

import * as build from "./builder";
import type { CorpusFile } from "./entry";
import type { Material, Pair } from "./material";
import { run } from "./tools";

const PASSWORD = "by hand";
type Partial = Omit<CorpusFile, "bytes" | "password" | "expected"> & {
    readonly bytes: Buffer;
    readonly password?: string | undefined;
    readonly expected?: CorpusFile["expected"];
};

export function byHandFiles(material: Material): CorpusFile[] {
    const files = [
        ...algorithms(material),
        ...bags(material),
        ...broken(material),
        ...byForge(material),
        ...noPfx(material),
    ];
    return files.map((file) => ({
        expected: material.self.thumbprint,
        password: PASSWORD,
        ...file,
        name: `by hand: ${file.name}`,
    }));
}

const pemOf = (path: string) => readFileSync(path, "utf8");
const keyOf = ({ key }: Pair) => build.pemBody(pemOf(key));
const certificateOf = ({ certificate }: Pair) => build.certificateBag(pemOf(certificate));

function ordinary({ self }: Material, encrypt: build.Encrypt, mac: build.Mac | undefined): Buffer {
    const safes = [
        build.encryptedSafe([certificateOf(self)], encrypt),
        build.dataSafe(build.shroudedKeyBag(keyOf(self), encrypt)),
    ];
    return build.pfx(safes, mac);
}

function algorithms(material: Material): Partial[] {
    const mac = build.macSha1(PASSWORD);
    const aes = build.pbes2(PASSWORD);
    const latin1 = "Pässwörd";
    const asUtf16 = Buffer.from(`${latin1}\0`, "utf16le").swap16();
    return [
        { name: "scrypt", bytes: ordinary(material, build.pbes2(PASSWORD, { scrypt: { N: 16384, r: 8, p: 1 } }), mac) },
        { name: "PRF SHA-1", bytes: ordinary(material, build.pbes2(PASSWORD, { prf: "sha1" }), mac) },
        { name: "PRF SHA-512/224", bytes: ordinary(material, build.pbes2(PASSWORD, { prf: "sha512-224" }), mac) },
        { name: "PRF SHA-512/256", bytes: ordinary(material, build.pbes2(PASSWORD, { prf: "sha512-256" }), mac) },
        { name: "AES-256-GCM", bytes: ordinary(material, build.pbes2(PASSWORD, { cipher: "aes-256-gcm" }), mac) },
        { name: "PBMAC1 with SHA-256", bytes: ordinary(material, aes, build.pbmac1(PASSWORD, "sha256")) },
        { name: "PBMAC1 with scrypt", bytes: ordinary(material, aes, build.pbmac1(PASSWORD, "sha256", "scrypt")) },
        { name: "PBMAC1 with SHA-512", bytes: ordinary(material, aes, build.pbmac1(PASSWORD, "sha512")) },
        {
            name: "the form of .NET's store on Linux: no password",
            bytes: ordinary(material, build.tripleDes(undefined), build.macSha1(undefined)),
            password: undefined,
        },
        {
            name: "empty password, opened without one",
            bytes: ordinary(material, build.tripleDes(""), build.macSha1("")),
            password: undefined,
        },
        {
            name: "no password, opened with an empty one",
            bytes: ordinary(material, build.tripleDes(undefined), build.macSha1(undefined)),
            password: "",
        },
        {
            name: "AES under a password in UTF-16",
            bytes: ordinary(material, build.pbes2(latin1, { raw: asUtf16 }), build.macSha1(latin1)),
            password: latin1,
        },
        {
            name: "a password as OpenSSL 1.0 took it",
            bytes: ordinary(
                material,
                build.tripleDes(Buffer.from(latin1).toString("latin1")),
                build.macSha1(Buffer.from(latin1).toString("latin1")),
            ),
            password: latin1,
        },
    ];
}

function bags(material: Material): Partial[] {
    const { self, other, renewed } = material;
    const encrypt = build.tripleDes(PASSWORD);
    const mac = build.macSha1(PASSWORD);
    const both = [certificateOf(self), build.shroudedKeyBag(keyOf(self), encrypt)];
    const secret = build.bag(
        build.OID.secretBag,
        build.sequence(build.oid("1.2.3.4"), build.explicit(build.octets(Buffer.from("x")))),
    );
    const crl = build.bag(
        build.OID.crlBag,
        build.sequence(build.oid("1.2.840.113549.1.9.23.1"), build.explicit(build.octets(Buffer.from("x")))),
    );
    const nested = build.bag(build.OID.safeContentsBag, build.sequence(...both));
    return [
        { name: "secret and CRL bags beside it", bytes: build.pfx([build.dataSafe(secret, crl, ...both)], mac) },
        {
            name: "nested safe contents",
            bytes: build.pfx([build.dataSafe(build.bag(build.OID.safeContentsBag, build.sequence(nested)))], mac),
        },
        { name: "key within the encrypted part", bytes: build.pfx([build.encryptedSafe(both, encrypt)], mac) },
        {
            name: "key in the clear",
            bytes: build.pfx([build.dataSafe(certificateOf(self), build.keyBag(pemOf(self.key)))], mac),
        },
        { name: "the same certificate twice", bytes: build.pfx([build.dataSafe(...both, certificateOf(self))], mac) },
        {
            name: "two keys, each with its certificate",
            bytes: build.pfx(
                [
                    build.dataSafe(
                        ...both,
                        certificateOf(other),
                        build.shroudedKeyBag(keyOf(other), encrypt),
                        certificateOf(renewed),
                    ),
                ],
                mac,
            ),
            expected: renewed.thumbprint,
            note: /3 certificates with a private key/,
        },
        {
            name: "bytes behind it",
            bytes: Buffer.concat([build.pfx([build.dataSafe(...both)], mac), Buffer.alloc(100)]),
        },
        {
            name: "an unreadable certificate beside it",
            bytes: build.pfx([build.dataSafe(...both, brokenCertificate())], mac),
            note: /unreadable/,
        },
        { name: "BER with indefinite lengths", bytes: indefinite(build.pfx([build.dataSafe(...both)], mac)) },
        {
            name: "the key of another certificate",
            bytes: build.pfx([build.dataSafe(certificateOf(self), build.shroudedKeyBag(keyOf(other), encrypt))], mac),
            expected: "noIdentity",
            message: /no certificate in the file matches a private key/,
        },
        {
            name: "a key whose private half is another's",
            bytes: build.pfx(
                [build.dataSafe(certificateOf(self), build.shroudedKeyBag(inconsistentKey(material), encrypt))],
                mac,
            ),
            expected: "noIdentity",
            message: /damaged: its signatures do not verify|unreadable/,
        },
    ];
}

function brokenCertificate(): build.Node {
    const value = build.sequence(
        build.oid(build.OID.x509Certificate),
        build.explicit(build.octets(Buffer.from("nonsense"))),
    );
    return build.bag(build.OID.certBag, value);
}

/** Gives the outer SEQUENCE an indefinite length, so it ends with two zero bytes. */
function indefinite(file: Buffer): Buffer {
    const headerLength = 2 + ((file[1] ?? 0) & 0x7f);
    return Buffer.concat([Buffer.from([0x30, 0x80]), file.subarray(headerLength), Buffer.from([0, 0])]);
}

/** Returns a key with n and e of one key, and all other numbers of another key. */
function inconsistentKey({ self, other }: Material): Buffer {
    const [right, wrong] = [self, other].map(({ key }) => forge.pki.privateKeyFromPem(pemOf(key)));
    if (!right || !wrong) throw new Error("two keys are needed");
    const pki = forge.pki as unknown as {
        readonly setRsaPrivateKey: (...numbers: forge.jsbn.BigInteger[]) => forge.pki.rsa.PrivateKey;
    };
    const mixed = pki.setRsaPrivateKey(right.n, right.e, wrong.d, wrong.p, wrong.q, wrong.dP, wrong.dQ, wrong.qInv);
    const pem = forge.pki.privateKeyInfoToPem(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(mixed)));
    return build.pemBody(pem);
}

function broken(material: Material): Partial[] {
    const { self } = material;
    const encrypt = build.tripleDes(PASSWORD);
    const good = ordinary(material, encrypt, build.macSha1(PASSWORD));
    const wrongMac = ordinary(material, encrypt, (content) =>
        build.macSha1(PASSWORD)(Buffer.concat([content, Buffer.from([0])])),
    );
    const otherPassword = build.dataSafe(
        certificateOf(self),
        build.shroudedKeyBag(keyOf(self), build.tripleDes("another")),
    );
    const signed = build.sequence(build.oid(build.OID.signedData), build.explicit(build.octets(Buffer.alloc(3))));
    const enveloped = build.sequence(build.oid(build.OID.envelopedData), build.explicit(build.sequence()));
    return [
        {
            name: "cut off",
            bytes: good.subarray(0, good.length / 2),
            expected: "damaged",
            message: /damaged or not complete/,
        },
        {
            name: "changed after it was written",
            bytes: wrongMac,
            expected: "damaged",
            message: /the password opens it, but its integrity check fails/,
        },
        {
            name: "key under another password than the file",
            bytes: build.pfx([otherPassword], build.macSha1(PASSWORD)),
            expected: "wrongPassword",
        },
        {
            name: "version 1",
            bytes: build.der(build.sequence(build.integer(1), build.sequence())),
            expected: "damaged",
        },
        {
            name: "protected by a public key",
            bytes: build.der(build.sequence(build.integer(3), signed)),
            expected: "unsupported",
        },
        {
            name: "a part protected by a public key",
            bytes: build.pfx([enveloped], build.macSha1(PASSWORD)),
            expected: "unsupported",
        },
        {
            name: "no bags at all",
            bytes: build.pfx([build.dataSafe()], build.macSha1(PASSWORD)),
            expected: "noIdentity",
        },
    ];
}

/** Makes files with node-forge. For AES, node-forge encodes the password as Latin-1 instead of UTF-8. */
function byForge({ self }: Material): Partial[] {
    const key = forge.pki.privateKeyFromPem(pemOf(self.key));
    const certificate = forge.pki.certificateFromPem(pemOf(self.certificate));
    const write = (password: string, algorithm: "3des" | "aes128" | "aes256") => {
        const file = forge.pkcs12.toPkcs12Asn1(key, [certificate], password, { algorithm, friendlyName: "Portal" });
        return Buffer.from(forge.asn1.toDer(file).getBytes(), "latin1");
    };
    return (["3des", "aes128", "aes256"] as const).flatMap((algorithm) => [
        { name: `node-forge ${algorithm}`, bytes: write("forge password", algorithm), password: "forge password" },
        {
            name: `node-forge ${algorithm}, password beyond ASCII`,
            bytes: write("Pässwörd", algorithm),
            password: "Pässwörd",
        },
    ]);
}

function noPfx({ self, path }: Material): Partial[] {
    const pem = Buffer.from(pemOf(self.key) + pemOf(self.certificate));
    const [cer, p7b] = [path("self.cer"), path("self.p7b")];
    run("openssl", ["x509", "-in", self.certificate, "-outform", "DER", "-out", cer]);
    run("openssl", ["crl2pkcs7", "-nocrl", "-certfile", self.certificate, "-outform", "DER", "-out", p7b]);
    const refused = (name: string, bytes: Buffer, message: RegExp, expected: CorpusFile["expected"] = "damaged") => ({
        name,
        bytes,
        message,
        expected,
    });
    return [
        refused("an empty file", Buffer.alloc(0), /empty/),
        refused("PEM text", pem, /PEM text.*openssl pkcs12 -export/),
        refused("a certificate without a key (.cer)", readFileSync(cer), /without its private key/, "noIdentity"),
        refused("certificates without a key (.p7b)", readFileSync(p7b), /PKCS#7 file \(\.p7b\)/, "noIdentity"),
        refused("a Java key store", Buffer.from("feedfeed0000000200000001", "hex"), /keytool -importkeystore/),
        refused("base64 text", Buffer.from(pem.toString("base64")), /base64/),
        refused("a page of HTML", Buffer.from("<html><body>Not found</body></html>"), /web page \(HTML\)/),
    ];
}

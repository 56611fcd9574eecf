// Makes PFX files with OpenSSL 3. Some have the forms that OpenSSL 1.1, Windows and Go write.
import { readFileSync, writeFileSync } from "node:fs";

import type { CorpusFile } from "./entry";
import type { Material, Pair } from "./material";
import { run } from "./tools";

export const UNICODE = "Pässwörd-密码-🔑";

interface Variant {
    readonly name: string;
    readonly args: readonly string[];
    readonly password?: string;
    readonly pair?: Pair;
    readonly expected?: CorpusFile["expected"];
    readonly message?: RegExp;
    readonly note?: RegExp;
    readonly chain?: readonly string[];
}

const both = (algorithm: string, ...more: string[]) => ["-keypbe", algorithm, "-certpbe", algorithm, ...more];
const WINDOWS = ["-CSP", "Microsoft Software Key Storage Provider", "-LMK", "-iter", "2000", "-name", "Restore Portal"];

export function opensslFiles(material: Material): CorpusFile[] {
    const { self, other, renewed, expired, leaf, intermediate, root, small, elliptic, evilName, path } = material;
    const joined = (name: string, ...pairs: Pair[]) => {
        writeFileSync(path(name), pairs.map(({ certificate }) => readFileSync(certificate, "utf8")).join(""));
        return path(name);
    };
    const issuers = [intermediate.thumbprint, root.thumbprint];
    const variants: Variant[] = [
        { name: "as OpenSSL 3 by default", args: [] },
        { name: "as OpenSSL 1.1 by default (RC2-40 and 3DES)", args: ["-legacy"] },
        { name: "replica of Windows TripleDES-SHA1", args: [...both("PBE-SHA1-3DES", "-macalg", "sha1"), ...WINDOWS] },
        { name: "replica of Windows AES256-SHA256", args: [...both("AES-256-CBC", "-macalg", "sha256"), ...WINDOWS] },
        { name: "replica of Go's go-pkcs12", args: [...both("AES-256-CBC", "-macalg", "sha256"), "-iter", "2048"] },
        { name: "AES-128", args: both("AES-128-CBC") },
        { name: "AES-192", args: both("AES-192-CBC") },
        { name: "3DES in PBES2", args: both("DES-EDE3-CBC") },
        { name: "Camellia-256", args: both("CAMELLIA-256-CBC") },
        { name: "two-key 3DES", args: ["-legacy", ...both("PBE-SHA1-2DES")] },
        { name: "RC2-128", args: ["-legacy", ...both("PBE-SHA1-RC2-128")] },
        { name: "RC2-40", args: ["-legacy", ...both("PBE-SHA1-RC2-40")] },
        { name: "RC4", args: ["-legacy", ...both("PBE-SHA1-RC4-128")], expected: "unsupported", message: /12\.1\.1/ },
        { name: "no integrity check", args: ["-nomac"], note: /no integrity check/ },
        { name: "MAC by SHA-512", args: ["-macalg", "sha512"] },
        { name: "MAC by SHA-384", args: ["-macalg", "sha384"] },
        { name: "MAC by SHA-224", args: ["-macalg", "sha224"] },
        { name: "MAC by MD5", args: ["-macalg", "md5"] },
        { name: "one round", args: ["-noiter", "-nomaciter"] },
        { name: "600,000 rounds", args: ["-iter", "600000"] },
        { name: "certificates not encrypted", args: ["-certpbe", "NONE"] },
        { name: "key not encrypted", args: ["-keypbe", "NONE"] },
        { name: "empty password", args: [], password: "" },
        { name: "empty password, 3DES", args: both("PBE-SHA1-3DES"), password: "" },
        { name: "password beyond ASCII, AES", args: [], password: UNICODE },
        { name: "password beyond ASCII, 3DES", args: both("PBE-SHA1-3DES", "-macalg", "sha1"), password: UNICODE },
        { name: "password with white space around it", args: [], password: "  two words \t" },
        { name: "name beyond ASCII", args: ["-name", "Wiederherstellung für Zürich"] },
        {
            name: "chain, root first",
            args: ["-certfile", joined("rootFirst.pem", root, intermediate)],
            pair: leaf,
            chain: issuers,
        },
        {
            name: "chain with certificates of others",
            args: ["-certfile", joined("mixed.pem", other, intermediate, root)],
            pair: leaf,
            chain: issuers,
        },
        {
            name: "two certificates on one key",
            args: ["-certfile", renewed.certificate],
            expected: renewed.thumbprint,
            note: new RegExp(`2 certificates with a private key.*${renewed.thumbprint}`),
        },
        {
            name: "an expired and a valid certificate on one key",
            args: ["-certfile", expired.certificate],
            expected: self.thumbprint,
            note: new RegExp(self.thumbprint),
        },
        { name: "a name that would garble a terminal", args: ["-name", "\u001b[2J\u202etxt.exe"], pair: evilName },
        { name: "RSA 1024", args: [], pair: small },
        { name: "elliptic curve", args: [], pair: elliptic, expected: "noIdentity", message: /only RSA keys/ },
        { name: "no private key", args: ["-nokeys"], expected: "noIdentity", message: /no private key/ },
    ];
    const files = variants.map((variant) => written(material, variant));
    const [first] = files as [CorpusFile];
    const wrong = {
        ...first,
        name: "openssl: wrong password",
        password: "another one",
        expected: "wrongPassword" as const,
    };
    return [...files, wrong, { ...wrong, name: "openssl: no password given", password: undefined }];
}

function written({ self, path }: Material, variant: Variant): CorpusFile {
    const { name, args, password = "correct horse", pair = self, expected = pair.thumbprint, ...more } = variant;
    const source = ["-inkey", pair.key, "-in", pair.certificate, "-passout", "stdin"];
    run("openssl", ["pkcs12", "-export", ...source, "-out", path("out.pfx"), ...args], `${password}\n`);
    return { name: `openssl: ${name}`, bytes: readFileSync(path("out.pfx")), password, expected, ...more };
}

// Makes the keys and certificates of the corpus with openssl and node-forge, not with the provider.
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import forge from "node-forge";

import { run } from "./tools";

export interface Pair {
    /** `key` and `certificate` are paths of PEM files. */
    readonly key: string;
    readonly certificate: string;
    readonly thumbprint: string;
}

export interface Material {
    readonly folder: string;
    readonly self: Pair;
    readonly other: Pair;
    /** A second certificate for the key of `self`. It is made later, and it is valid for 700 days. */
    readonly renewed: Pair;
    readonly expired: Pair;
    readonly leaf: Pair;
    readonly intermediate: Pair;
    readonly root: Pair;
    readonly small: Pair;
    readonly elliptic: Pair;
    readonly evilName: Pair;
    readonly path: (name: string) => string;
    readonly remove: () => void;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** node-forge makes this certificate, because `req` of openssl before 3.4 accepts no date in the past. */
function expiredCertificate(keyPem: string): string {
    const key = forge.pki.privateKeyFromPem(keyPem);
    const certificate = forge.pki.createCertificate();
    const name = [{ name: "commonName", value: "expired" }];
    certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
    certificate.serialNumber = "01";
    certificate.validity.notBefore = new Date(Date.now() - 366 * DAY_MS);
    certificate.validity.notAfter = new Date(Date.now() - DAY_MS);
    certificate.setSubject(name);
    certificate.setIssuer(name);
    certificate.sign(key, forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
}

export function thumbprintOf(pem: string): string {
    return new X509Certificate(pem).fingerprint.replaceAll(":", "");
}

export function makeMaterial(): Material {
    const folder = mkdtempSync(join(tmpdir(), "corpus-"));
    const path = (name: string) => join(folder, name);
    const pair = (name: string): Pair => ({
        key: path(`${name}.key`),
        certificate: path(`${name}.pem`),
        thumbprint: thumbprintOf(readFileSync(path(`${name}.pem`), "utf8")),
    });
    const issue = (name: string, args: readonly string[], subject = `/CN=${name}`) => {
        const out = ["-out", path(`${name}.pem`), "-subj", subject, "-utf8"];
        run("openssl", ["req", "-x509", ...args, ...out]);
        return pair(name);
    };
    const newKey = (name: string, kind = "rsa:2048") => ["-newkey", kind, "-nodes", "-keyout", path(`${name}.key`)];
    const leafExtension = ["-addext", "basicConstraints=critical,CA:FALSE", "-days", "365"];
    const self = issue("self", [...newKey("self"), ...leafExtension]);
    const sameKey = (name: string, days: string) => {
        writeFileSync(path(`${name}.key`), readFileSync(self.key));
        return issue(name, ["-key", self.key, "-addext", "basicConstraints=critical,CA:FALSE", "-days", days]);
    };
    const signed = (name: string, issuer: string, isAuthority: boolean) => {
        run("openssl", ["req", ...newKey(name), "-out", path(`${name}.csr`), "-subj", `/CN=${name}`]);
        writeFileSync(path(`${name}.ext`), `basicConstraints=critical,CA:${isAuthority ? "TRUE" : "FALSE"}\n`);
        const by = ["-CA", path(`${issuer}.pem`), "-CAkey", path(`${issuer}.key`), "-CAcreateserial"];
        const out = ["-out", path(`${name}.pem`), "-days", "365", "-extfile", path(`${name}.ext`)];
        run("openssl", ["x509", "-req", "-in", path(`${name}.csr`), ...by, ...out]);
        return pair(name);
    };
    const endedYesterday = () => {
        writeFileSync(path("expired.key"), readFileSync(self.key));
        writeFileSync(path("expired.pem"), expiredCertificate(readFileSync(self.key, "utf8")));
        return pair("expired");
    };
    const root = issue("root", [...newKey("root"), "-days", "3650"]);
    const intermediate = signed("intermediate", "root", true);
    return {
        folder,
        path,
        self,
        root,
        intermediate,
        leaf: signed("leaf", "intermediate", false),
        other: issue("other", [...newKey("other"), ...leafExtension]),
        renewed: sameKey("renewed", "700"),
        expired: endedYesterday(),
        small: issue("small", [...newKey("small", "rsa:1024"), ...leafExtension]),
        elliptic: issue("elliptic", [
            ...newKey("elliptic", "ec"),
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            ...leafExtension,
        ]),
        evilName: issue("evil", [...newKey("evil"), ...leafExtension], "/CN=..\\/..\\/\u202egnp.x\u001b[2J"),
        remove: () => rmSync(folder, { recursive: true, force: true }),
    };
}

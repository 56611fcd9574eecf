// Makes PFX files with NSS (Firefox, Red Hat). NSS writes BER with indefinite lengths, and uses 600,000 rounds.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

import type { CorpusFile } from "./entry";
import type { Material } from "./material";
import { UNICODE } from "./openssl";
import { run } from "./tools";

const PBE = "PKCS #12 V2 PBE With SHA-1 And ";

interface Variant {
    readonly name: string;
    readonly args: readonly string[];
    readonly nickname?: "self" | "leaf";
    readonly password?: string;
    readonly expected?: CorpusFile["expected"];
}

const both = (algorithm: string) => ["-c", algorithm, "-C", algorithm];

export function nssFiles(material: Material): CorpusFile[] {
    const { self, leaf, intermediate, root, path } = material;
    const database = path("nss");
    mkdirSync(database);
    writeFileSync(path("empty"), "\n");
    run("certutil", ["-N", "-d", `sql:${database}`, "-f", path("empty")]);
    for (const { key, certificate } of [self, leaf]) {
        const issuers = certificate === leaf.certificate ? [intermediate, root] : [];
        const parts = [key, certificate, ...issuers.map((one) => one.certificate)];
        const name = certificate === self.certificate ? "self" : "leaf";
        const args = ["pkcs12", "-export", "-name", name, "-out", path("nss-source.pfx"), "-passout", "pass:x"];
        run("openssl", args, parts.map((file) => readFileSync(file, "utf8")).join(""));
        run("pk12util", ["-i", path("nss-source.pfx"), "-d", `sql:${database}`, "-k", path("empty"), "-W", "x"]);
    }
    const variants: Variant[] = [
        { name: "by default", args: [] },
        { name: "AES-128", args: both("AES-128-CBC") },
        { name: "AES-192", args: both("AES-192-CBC") },
        { name: "AES-256", args: both("AES-256-CBC") },
        { name: "Camellia-256", args: both("CAMELLIA-256-CBC") },
        { name: "3DES, 4.2 million rounds in all", args: both(`${PBE}3KEY Triple DES-CBC`) },
        { name: "Camellia-128", args: both("CAMELLIA-128-CBC") },
        { name: "RC2-128", args: both(`${PBE}128 Bit RC2 CBC`) },
        { name: "RC2-40", args: both(`${PBE}40 Bit RC2 CBC`) },
        { name: "RC4", args: both(`${PBE}128 Bit RC4`), expected: "unsupported" },
        { name: "certificates not encrypted", args: ["-C", "none"] },
        { name: "MAC by SHA-512", args: ["-M", "SHA-512"] },
        { name: "chain", args: [], nickname: "leaf" },
        { name: "password beyond ASCII", args: [], password: UNICODE },
        { name: "password beyond ASCII, 3DES", args: both(`${PBE}3KEY Triple DES-CBC`), password: UNICODE },
    ];
    return variants.map(({ name, args, nickname = "self", password = "nss password", expected }) => {
        const out = ["-o", path("nss.p12"), "-n", nickname, "-d", `sql:${database}`, "-k", path("empty")];
        run("pk12util", [...out, "-W", password, ...args]);
        const chain = nickname === "leaf" ? { chain: [intermediate.thumbprint, root.thumbprint] } : {};
        return {
            name: `nss: ${name}`,
            bytes: readFileSync(path("nss.p12")),
            password,
            expected: expected ?? material[nickname].thumbprint,
            ...chain,
        };
    });
}

// Makes PFX files with GnuTLS' certtool.
import { readFileSync, writeFileSync } from "node:fs";

import type { CorpusFile } from "./entry";
import type { Material, Pair } from "./material";
import { UNICODE } from "./openssl";
import { run } from "./tools";

interface Variant {
    readonly name: string;
    readonly args: readonly string[];
    /** `null`: the file has no password. An empty password is different. */
    readonly password?: string | null;
    readonly pair?: Pair;
    readonly expected?: CorpusFile["expected"];
    readonly chain?: readonly string[];
}

const cipher = (name: string) => ["--pkcs-cipher", name];

export function gnutlsFiles(material: Material): CorpusFile[] {
    const { leaf, intermediate, root, path } = material;
    const issuers = [intermediate, root].map(({ certificate }) => readFileSync(certificate, "utf8")).join("");
    writeFileSync(path("issuers.pem"), issuers);
    const variants: Variant[] = [
        { name: "by default", args: [] },
        { name: "AES-128", args: cipher("aes-128") },
        { name: "AES-192", args: cipher("aes-192") },
        { name: "AES-256", args: cipher("aes-256") },
        { name: "3DES in PBES2", args: cipher("3des") },
        { name: "3DES of PKCS#12", args: cipher("3des-pkcs12") },
        { name: "RC2-40", args: cipher("rc2-40") },
        { name: "RC4", args: cipher("arcfour"), expected: "unsupported" },
        { name: "MAC by SHA-512", args: ["--hash", "SHA512"] },
        { name: "MAC by SHA-1", args: ["--hash", "SHA1"] },
        { name: "empty password", args: [], password: "" },
        { name: "no password", args: [], password: null },
        { name: "password beyond ASCII", args: [], password: UNICODE },
        {
            name: "chain",
            args: ["--load-ca-certificate", path("issuers.pem")],
            pair: leaf,
            // certtool writes only the first certificate authority of issuers.pem, so the root is missing.
            chain: [intermediate.thumbprint],
        },
    ];
    return variants.map((variant) => written(material, variant));
}

function written(
    { self, path }: Material,
    { args, password = "gnutls password", pair = self, ...variant }: Variant,
): CorpusFile {
    const source = ["--load-privkey", pair.key, "--load-certificate", pair.certificate, "--p12-name", "Portal"];
    const secret =
        password === null ? ["--null-password"] : password === "" ? ["--empty-password"] : ["--password", password];
    run("certtool", ["--to-p12", ...source, ...secret, "--outder", "--outfile", path("gnutls.p12"), ...args]);
    const { name, expected = pair.thumbprint, ...more } = variant;
    return {
        name: `gnutls: ${name}`,
        bytes: readFileSync(path("gnutls.p12")),
        password: password ?? undefined,
        expected,
        ...more,
    };
}

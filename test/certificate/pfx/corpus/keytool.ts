// Makes PFX files with Java's keytool.
import { readFileSync, rmSync } from "node:fs";

import type { CorpusFile } from "./entry";
import type { Material, Pair } from "./material";
import { run } from "./tools";

const PASSWORD = "changeit-now";

interface Variant {
    readonly name: string;
    /** Java's system properties for algorithms and iteration counts, without their prefix `keystore.pkcs12.`. */
    readonly properties?: Readonly<Record<string, string>>;
    readonly pair?: Pair;
    readonly certfile?: string;
    /** The arguments of each further call of keytool, which changes the entries of the file. */
    readonly then?: readonly (readonly string[])[];
    readonly expected?: CorpusFile["expected"];
    readonly message?: RegExp;
    readonly chain?: readonly string[];
}

const key = (keyProtectionAlgorithm: string) => ({
    keyProtectionAlgorithm,
    certProtectionAlgorithm: keyProtectionAlgorithm,
});

export function keytoolFiles(material: Material): CorpusFile[] {
    const { leaf, intermediate, root, other, elliptic } = material;
    const variants: Variant[] = [
        { name: "as Java 17 by default" },
        { name: "as Java 8 by default", properties: { legacy: "" } },
        { name: "PBES2 with SHA-1", properties: key("PBEWithHmacSHA1AndAES_128") },
        { name: "PBES2 with SHA-224", properties: key("PBEWithHmacSHA224AndAES_256") },
        { name: "PBES2 with SHA-256", properties: key("PBEWithHmacSHA256AndAES_128") },
        { name: "PBES2 with SHA-384", properties: key("PBEWithHmacSHA384AndAES_256") },
        { name: "PBES2 with SHA-512", properties: key("PBEWithHmacSHA512AndAES_256") },
        { name: "RC2-128", properties: key("PBEWithSHA1AndRC2_128") },
        { name: "RC2-40", properties: key("PBEWithSHA1AndRC2_40") },
        { name: "RC4", properties: key("PBEWithSHA1AndRC4_40"), expected: "unsupported" },
        { name: "MAC by SHA-512", properties: { macAlgorithm: "HmacPBESHA512", macIterationCount: "5000" } },
        { name: "MAC by SHA-1, one round", properties: { macAlgorithm: "HmacPBESHA1", macIterationCount: "1" } },
        { name: "nothing encrypted but the key", properties: { certProtectionAlgorithm: "NONE" } },
        { name: "no integrity check", properties: { macAlgorithm: "NONE" } },
        { name: "100,000 rounds", properties: { keyPbeIterationCount: "100000", certPbeIterationCount: "100000" } },
        {
            name: "chain",
            pair: leaf,
            certfile: `${intermediate.certificate}|${root.certificate}`,
            chain: [intermediate.thumbprint, root.thumbprint],
        },
        {
            name: "with a trusted certificate of another",
            then: [["-importcert", "-noprompt", "-alias", "trusted", "-file", other.certificate]],
        },
        {
            name: "with a secret key beside it",
            then: [["-genseckey", "-alias", "secret", "-keyalg", "AES", "-keysize", "256"]],
        },
        {
            name: "with a secret key alone",
            then: [
                ["-genseckey", "-alias", "secret", "-keyalg", "AES", "-keysize", "256"],
                ["-delete", "-alias", "1"],
            ],
            expected: "noIdentity",
        },
        { name: "elliptic curve", pair: elliptic, expected: "noIdentity", message: /only RSA keys/ },
    ];
    return variants.map((variant) => written(material, variant));
}

function written(
    { self, path }: Material,
    { properties = {}, pair = self, certfile, then = [], ...variant }: Variant,
): CorpusFile {
    const [source, out] = [path("keytool-source.pfx"), path("keytool.p12")];
    const issuers = (certfile?.split("|") ?? []).map((file) => readFileSync(file, "utf8")).join("");
    const input = readFileSync(pair.key, "utf8") + readFileSync(pair.certificate, "utf8") + issuers;
    run("openssl", ["pkcs12", "-export", "-out", source, "-passout", `pass:${PASSWORD}`], input);
    rmSync(out, { force: true });
    const options = Object.entries(properties).map(([name, value]) =>
        name === "legacy" ? "-J-Dkeystore.pkcs12.legacy" : `-J-Dkeystore.pkcs12.${name}=${value}`,
    );
    const store = ["-storetype", "PKCS12", "-keystore", out, "-storepass", PASSWORD];
    const from = ["-srckeystore", source, "-srcstoretype", "PKCS12", "-srcstorepass", PASSWORD];
    const to = ["-destkeystore", out, "-deststoretype", "PKCS12", "-deststorepass", PASSWORD];
    run("keytool", [...options, "-importkeystore", "-noprompt", ...from, ...to]);
    for (const args of then) run("keytool", [...options, ...args, ...store]);
    const { name, expected = pair.thumbprint, ...more } = variant;
    return { name: `keytool: ${name}`, bytes: readFileSync(out), password: PASSWORD, expected, ...more };
}

// Makes PFX files with pyca's cryptography (Python).
import type { CorpusFile } from "./entry";
import type { Material, Pair } from "./material";
import { UNICODE } from "./openssl";
import { run } from "./tools";

const SCRIPT = `
import base64, json, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12, PrivateFormat

def encryption(one):
    if one["password"] is None:
        return serialization.NoEncryption()
    password = one["password"].encode()
    if not one.get("cipher"):
        return serialization.BestAvailableEncryption(password)
    builder = PrivateFormat.PKCS12.encryption_builder().key_cert_algorithm(getattr(pkcs12.PBES, one["cipher"]))
    if one.get("rounds"):
        builder = builder.kdf_rounds(one["rounds"])
    if one.get("mac"):
        builder = builder.hmac_hash(getattr(hashes, one["mac"])())
    return builder.build(password)

def read(path):
    return open(path, "rb").read()

def write(one):
    key = None if one.get("keyless") else serialization.load_pem_private_key(read(one["key"]), None)
    certificate = x509.load_pem_x509_certificate(read(one["certificate"]))
    issuers = [x509.load_pem_x509_certificate(read(path)) for path in one.get("issuers", [])]
    data = pkcs12.serialize_key_and_certificates(one["friendlyName"].encode(), key, certificate, issuers, encryption(one))
    return base64.b64encode(data).decode()

print(json.dumps([write(one) for one in json.load(sys.stdin)]))
`;

interface Variant {
    readonly name: string;
    readonly password?: string | null;
    readonly cipher?: string;
    readonly rounds?: number;
    readonly mac?: string;
    readonly friendlyName?: string;
    readonly keyless?: boolean;
    readonly issuers?: readonly Pair[];
    readonly pair?: Pair;
    readonly expected?: CorpusFile["expected"];
}

const [TRIPLE_DES, AES] = ["PBESv1SHA1And3KeyTripleDESCBC", "PBESv2SHA256AndAES256CBC"];

export function pycaFiles({ self, leaf, intermediate, root, other, elliptic }: Material): CorpusFile[] {
    const variants: Variant[] = [
        { name: "the best available" },
        { name: "3DES", cipher: TRIPLE_DES },
        { name: "AES-256", cipher: AES },
        { name: "3DES with a MAC by SHA-1, 2,000 rounds", cipher: TRIPLE_DES, mac: "SHA1", rounds: 2000 },
        { name: "AES-256 with a MAC by SHA-384", cipher: AES, mac: "SHA384" },
        { name: "300,000 rounds", cipher: AES, rounds: 300_000 },
        { name: "one round", cipher: AES, rounds: 1 },
        { name: "nothing encrypted", password: null },
        { name: "password beyond ASCII", cipher: AES, password: UNICODE },
        { name: "password beyond ASCII, 3DES", cipher: TRIPLE_DES, password: UNICODE },
        { name: "name beyond ASCII", friendlyName: "復元ポータル" },
        { name: "chain", pair: leaf, issuers: [root, intermediate] },
        { name: "with certificates of others", issuers: [other, root] },
        { name: "elliptic curve", pair: elliptic, expected: "noIdentity" },
        { name: "no private key", keyless: true, expected: "noIdentity" },
    ];
    const asked = variants.map(
        ({ name, password = "pyca password", friendlyName = "Portal", pair = self, ...variant }) => ({
            friendlyName,
            ...variant,
            password,
            name,
            pair,
        }),
    );
    const jobs = asked.map(({ pair, issuers = [], ...job }) => ({
        ...job,
        key: pair.key,
        certificate: pair.certificate,
        issuers: issuers.map(({ certificate }) => certificate),
    }));
    const written = JSON.parse(run("python3", ["-c", SCRIPT], JSON.stringify(jobs)).toString()) as string[];
    return asked.map(({ name, password, pair, expected = pair.thumbprint }, index) => ({
        name: `pyca: ${name}`,
        bytes: Buffer.from(written[index] ?? "", "base64"),
        password: password ?? undefined,
        expected,
        ...(pair === leaf ? { chain: [intermediate.thumbprint, root.thumbprint] } : {}),
    }));
}

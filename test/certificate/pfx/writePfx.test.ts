import { execFileSync } from "node:child_process";
import { constants, createPrivateKey, createPublicKey, sign, verify, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";

import { certificateProblems, parseCertificate } from "../../../provider/inputs/certificate";
import { issueCertificate, type IssuedCertificate } from "../../../provider/certificate/issue";
import { randomPfxPassword, writePfx, type PfxContents } from "../../../provider/certificate/pfx/writePfx";

jest.setTimeout(60_000);

const NOW = new Date("2026-06-01T12:00:00.789Z");
const folder = mkdtempSync(join(tmpdir(), "pfx-"));
let issued: IssuedCertificate;

beforeAll(async () => {
    issued = await issueCertificate({ name: "Restore Portal", keySize: 2048, validDays: 365, now: NOW });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("issueCertificate", () => {
    test("follows the profile of Microsoft's how-to", () => {
        const file = join(folder, "certificate.pem");
        writeFileSync(file, issued.certificatePem);
        const text = execFileSync("openssl", ["x509", "-in", file, "-noout", "-text"], { encoding: "utf8" });
        for (const line of [
            /Version: 3/,
            /Signature Algorithm: sha256WithRSAEncryption/,
            /Issuer: CN = Restore Portal\n/,
            /Subject: CN = Restore Portal\n/,
            /Public-Key: \(2048 bit\)/,
            /X509v3 Key Usage: critical\n\s+Digital Signature, Key Encipherment\n/,
            /TLS Web Client Authentication, TLS Web Server Authentication/,
            /X509v3 Basic Constraints: critical\n\s+CA:FALSE/,
            /X509v3 Subject Key Identifier/,
        ]) {
            expect(text).toMatch(line);
        }
    });

    test("is valid from 10 minutes ago, for 365 days, in whole seconds", () => {
        expect(parseCertificate(issued.certificatePem)).toMatchObject({
            notBefore: "2026-06-01T11:50:00Z",
            notAfter: "2027-06-01T11:50:00Z",
            keyAlgorithm: "rsa",
            keyBits: 2048,
            signatureAlgorithm: "sha256WithRSAEncryption",
            isSha1Signed: false,
        });
    });

    test("meets its own rules without a warning", () => {
        expect(certificateProblems(parseCertificate(issued.certificatePem), NOW)).toEqual({
            refusals: [],
            warnings: [],
        });
    });

    test("the key belongs to the certificate, as a signature proves", () => {
        const probe = Buffer.from("probe");
        const signature = sign("sha256", probe, issued.privateKey);
        expect(verify("sha256", probe, createPublicKey(issued.certificatePem), signature)).toBe(true);
    });

    test.each(["Wiederherstellung für Zürich", "復元ポータル", "restore_portal@contoso"])(
        "keeps the name %s",
        async (name) => {
            const { certificatePem } = await issueCertificate({ name, keySize: 2048, validDays: 1, now: NOW });
            const { subject, raw } = new X509Certificate(certificatePem);
            expect(subject).toBe(`CN=${name}`);
            // The tag 0x0c is UTF8String. Strict parsers refuse characters such as ü and @ in a PrintableString.
            expect(raw.toString("hex")).toContain(
                `0c${Buffer.byteLength(name).toString(16).padStart(2, "0")}${Buffer.from(name).toString("hex")}`,
            );
        },
    );
});

describe.each(["tripleDES-SHA1", "AES256-SHA256"] as const)("writePfx with %s", (encryption) => {
    const password = randomPfxPassword();
    const file = join(folder, `${encryption}.pfx`);
    let pfx: Buffer;

    beforeAll(() => {
        const contents: PfxContents = { ...issued, friendlyName: "Restore Portal", password, encryption };
        pfx = writePfx(contents);
        writeFileSync(file, pfx);
    });

    const openssl = (...args: string[]) =>
        execFileSync("openssl", ["pkcs12", "-in", file, "-passin", "env:PFX_PASSWORD", ...args], {
            encoding: "utf8",
            env: { ...process.env, PFX_PASSWORD: password },
            stdio: ["ignore", "pipe", "pipe"],
        });

    test("opens with openssl, without its legacy provider", () => {
        const text = openssl("-nodes");
        expect(new X509Certificate(text).fingerprint).toBe(new X509Certificate(issued.certificatePem).fingerprint);
        const key = createPrivateKey(/-----BEGIN PRIVATE KEY-----[^]*-----END PRIVATE KEY-----/.exec(text)?.[0] ?? "");
        expect(key.equals(issued.privateKey)).toBe(true);
        expect(text).toContain("friendlyName: Restore Portal");
        expect(text).toContain("Microsoft CSP Name: Microsoft Software Key Storage Provider");
    });

    test("opens with keytool", () => {
        const args = ["-list", "-v", "-storetype", "PKCS12", "-keystore", file, "-storepass:env", "PFX_PASSWORD"];
        const env = { ...process.env, PFX_PASSWORD: password, LC_ALL: "C" };
        const text = execFileSync("keytool", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
        expect(text).toContain("Entry type: PrivateKeyEntry");
    });

    test("opens with Node's TLS", () => {
        expect(() => createSecureContext({ pfx, passphrase: password })).not.toThrow();
        expect(() => createSecureContext({ pfx, passphrase: `${password}x` })).toThrow(/mac verify failure/i);
    });

    test("uses exactly the algorithms of Windows", () => {
        const hexOf = {
            tripleDes: "2a864886f70d010c0103",
            pbes2: "2a864886f70d01050d",
            aes256: "60864801650304012a",
            hmacSha256: "2a864886f70d0209",
            sha1: "06052b0e03021a",
            sha256: "0609608648016503040201",
        };
        const has = (name: keyof typeof hexOf) => pfx.toString("hex").split(hexOf[name]).length - 1;
        const counts = Object.fromEntries(
            (Object.keys(hexOf) as (keyof typeof hexOf)[]).map((name) => [name, has(name)]),
        );
        expect(counts).toEqual(
            encryption === "tripleDES-SHA1"
                ? { tripleDes: 2, pbes2: 0, aes256: 0, hmacSha256: 0, sha1: 1, sha256: 0 }
                : { tripleDes: 0, pbes2: 2, aes256: 2, hmacSha256: 2, sha1: 0, sha256: 1 },
        );
        // The INTEGER 2000, the number of rounds, occurs three times: in two encryptions and in the MAC.
        expect(pfx.toString("hex").split("020207d0").length - 1).toBe(3);
    });
});

describe("randomPfxPassword", () => {
    test("is 32 ASCII letters and digits, and different each time", () => {
        const passwords = Array.from({ length: 100 }, randomPfxPassword);
        expect(passwords.every((password) => /^[A-Za-z0-9]{32}$/.test(password))).toBe(true);
        expect(new Set(passwords).size).toBe(100);
    });
});

describe("parseCertificate", () => {
    const key = () => issued.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    const rows: [string, () => string, RegExp][] = [
        ["text that is not PEM", () => "hello", /must be one certificate as PEM text .* got no PEM text/],
        [
            "a certificate together with a private key",
            () => issued.certificatePem + key(),
            /contains a private key; remove the key/,
        ],
        ["two certificates", () => issued.certificatePem.repeat(2), /got 2 certificates$/],
        [
            "damaged content",
            () => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            /not a readable X.509/,
        ],
    ];
    test.each(rows)("refuses %s", (_case, pem, message) => {
        const attempt = () => parseCertificate(pem());
        expect(attempt).toThrow(message);
        expect(attempt).toThrow(expect.objectContaining({ code: "ERR_CERTIFICATE_INVALID" }) as Error);
    });

    test("never repeats a key that it refuses", () => {
        try {
            parseCertificate(issued.certificatePem + key());
        } catch (error) {
            expect((error as Error).message).not.toContain(key().slice(40, 80));
        }
        expect.assertions(1);
    });
});

describe("certificateProblems", () => {
    const problemsAt = (date: string) => certificateProblems(parseCertificate(issued.certificatePem), new Date(date));
    test.each([
        ["expired", "2027-06-02T00:00:00Z", /must not be expired, but it expired on 2027-06-01T11:50:00Z/],
        ["not yet valid", "2026-06-01T00:00:00Z", /must already be valid, but it begins on 2026-06-01T11:50:00Z/],
    ])("refuses one that is %s", (_case, date, reason) => {
        expect(problemsAt(date).refusals.join()).toMatch(reason);
    });

    test("warns from 60 days before the end, but not earlier", () => {
        expect(problemsAt("2027-04-03T00:00:00Z").warnings.join()).toMatch(/expires in 59 days/);
        expect(problemsAt("2027-04-01T00:00:00Z").warnings).toEqual([]);
    });

    test("refuses RSA 1024 and EC, and warns of SHA-1 and of ten years", () => {
        const make = (...args: string[]) => {
            const [keyFile, file] = [join(folder, "k.pem"), join(folder, "c.pem")];
            execFileSync(
                "openssl",
                ["req", "-x509", "-nodes", "-subj", "/CN=x", "-keyout", keyFile, "-out", file, ...args],
                { stdio: "ignore" },
            );
            return certificateProblems(parseCertificate(execFileSync("cat", [file], { encoding: "utf8" })), new Date());
        };
        expect(make("-newkey", "rsa:1024", "-days", "300").refusals).toEqual([
            expect.stringContaining("2048 bits or more, got 1024"),
        ]);
        expect(make("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1").refusals).toEqual([
            expect.stringContaining("RSA key, got ec"),
        ]);
        const old = make("-newkey", "rsa:2048", "-sha1", "-days", "3650").warnings.join("\n");
        expect(old).toMatch(/signed with SHA-1/);
        expect(old).toMatch(/valid for more than a year/);
    });
});

test("RSA-PSS signatures, which Entra requires, work with an issued key", () => {
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const signature = sign("sha256", Buffer.from("x"), { key: issued.privateKey, ...padding });
    expect(
        verify("sha256", Buffer.from("x"), { key: createPublicKey(issued.certificatePem), ...padding }, signature),
    ).toBe(true);
});

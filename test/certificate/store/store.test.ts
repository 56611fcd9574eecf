// Tests the certificate stores: the Personal store of Windows with a fake PowerShell, .NET's folder on Linux, and
// the refusal on macOS.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { CertificateError } from "../../../provider/certificate/certificateError";
import { readFromStore } from "../../../provider/certificate/store/store";
import { WINDOWS_STORE_BOOTSTRAP, WINDOWS_STORE_SCRIPT } from "../../../provider/certificate/store/windowsStoreScript";
import * as build from "../pfx/corpus/builder";
import { makeMaterial, type Material, type Pair } from "../pfx/corpus/material";
import { run } from "../pfx/corpus/tools";

/** Environment variables with secrets for sign-ins, pipelines and backends. Windows ignores the case of their names. */
const SECRET_VARIABLES = [
    "AZURE_CLIENT_SECRET",
    "CHINA_ARM_CLIENT_CERTIFICATE_PASSWORD",
    "PULUMI_CONFIG_PASSPHRASE",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "SYSTEM_ACCESSTOKEN",
    "idToken",
    "AWS_SECRET_ACCESS_KEY",
];

let material: Material;
let folder: string;
const environment = { ...process.env };
beforeAll(() => {
    material = makeMaterial();
});
afterAll(() => material.remove());
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "store-"))));
afterEach(() => {
    process.env = { ...environment };
    rmSync(folder, { recursive: true });
});

function pfx({ key, certificate }: Pair, password: string): Buffer {
    const out = join(material.folder, "stored.pfx");
    run(
        "openssl",
        ["pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", out, "-passout", "stdin"],
        `${password}\n`,
    );
    return readFileSync(out);
}

function failure(action: () => unknown): CertificateError {
    try {
        action();
    } catch (error) {
        if (error instanceof CertificateError) return error;
        throw error;
    }
    throw new Error("the function must refuse, but it succeeded");
}

describe("on Windows", () => {
    /**
     * The fake PowerShell. It records its input and prints the answer that the test prepared. It makes the PFX itself,
     * with the requested password.
     */
    const STAND_IN = `#!${process.execPath}
        const { execFileSync } = require("node:child_process");
        const { readFileSync, writeFileSync } = require("node:fs");
        const folder = ${JSON.stringify("FOLDER")};
        const stdin = readFileSync(0, "utf8");
        const [line, ...rest] = stdin.split("\\n");
        const request = JSON.parse(Buffer.from(line, "base64").toString());
        writeFileSync(folder + "/seen.json", JSON.stringify({ argv: process.argv.slice(2), env: process.env, request, script: rest.join("\\n") }));
        const answer = JSON.parse(readFileSync(folder + "/answer.json", "utf8"));
        if (answer.outcome === "silent") process.exit(7);
        if (answer.outcome === "exported") {
            const args = ["pkcs12", "-export", "-inkey", answer.key, "-in", answer.certificate, "-passout", "stdin"];
            answer.pfx = execFileSync("openssl", args, { input: request.password + "\\n" }).toString("base64");
        }
        process.stdout.write("a line of somebody's profile\\n" + Buffer.from(JSON.stringify(answer)).toString("base64"));
    `;

    function standIn(answer: Record<string, unknown>, name = "powershell.exe"): void {
        writeFileSync(join(folder, name), STAND_IN.replace("FOLDER", folder));
        chmodSync(join(folder, name), 0o755);
        writeFileSync(join(folder, "answer.json"), JSON.stringify(answer));
        process.env["PATH"] = `${folder}${delimiter}${environment["PATH"] ?? ""}`;
    }

    interface Seen {
        readonly argv: string[];
        readonly env: Record<string, string>;
        readonly request: { readonly password: string } & Record<string, unknown>;
        readonly script: string;
    }
    const seen = () => JSON.parse(readFileSync(join(folder, "seen.json"), "utf8")) as Seen;
    const ask = (source: Record<string, string>) => readFromStore(source, new Date(), "win32");
    const exported = () => ({ outcome: "exported", ...material.self });

    test("the script and the request go through stdin, and the output has the certificate with its key", () => {
        for (const name of SECRET_VARIABLES) process.env[name] = "the deployment's secret";
        standIn(exported());
        const { certificate, privateKey } = ask({ thumbprint: `\u200e${material.self.thumbprint.toLowerCase()}` });
        expect(certificate.thumbprint).toBe(material.self.thumbprint);
        expect(privateKey.asymmetricKeyType).toBe("rsa");
        const { script, request, argv, env } = seen();
        expect(script).toBe(WINDOWS_STORE_SCRIPT);
        expect(request).toEqual({
            locations: ["CurrentUser", "LocalMachine"],
            thumbprint: material.self.thumbprint,
            password: expect.stringMatching(/^[A-Za-z0-9]{32}$/) as string,
        });
        const bootstrap = Buffer.from(WINDOWS_STORE_BOOTSTRAP, "utf16le").toString("base64");
        expect(argv).toEqual(["-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand", bootstrap]);
        expect(JSON.stringify({ argv, env })).not.toContain(request.password);
        expect(JSON.stringify(env)).not.toContain("the deployment's secret");
    });

    test("a location and a subject are passed on", () => {
        standIn(exported());
        ask({ subject: "CN=self", location: "LocalMachine" });
        expect(seen().request).toMatchObject({ locations: ["LocalMachine"], subject: "CN=self" });
    });

    test("uses pwsh if Windows PowerShell is missing", () => {
        standIn(exported(), "pwsh");
        expect(ask({ subject: "CN=self" }).certificate.thumbprint).toBe(material.self.thumbprint);
    });

    const there = [
        { thumbprint: "A".repeat(40), subject: "CN=one", notAfter: "2027-01-01T00:00:00Z", location: "CurrentUser" },
        {
            thumbprint: "B".repeat(40),
            subject: "CN=two\u202e",
            notAfter: "2028-01-01T00:00:00Z",
            location: "LocalMachine",
        },
    ];
    const failed = (hresult: string) => ({ outcome: "failed", hresult, message: "Schlüssel im falschen Status" });
    const rows: [name: string, answer: Record<string, unknown>, fault: string, message: RegExp][] = [
        [
            "no matching certificate, with a list of the others",
            { outcome: "notFound", certificates: there },
            "notFound",
            /it contains: A{40} \(CN=one, valid until 2027-01-01, CurrentUser\), B{40} \(CN=two\\u202e.*; correct source\.store$/,
        ],
        [
            "an empty store",
            { outcome: "notFound", certificates: [] },
            "notFound",
            /it contains no certificate with a private key; import the certificate with its key first/,
        ],
        [
            "several matches",
            { outcome: "several", certificates: there },
            "ambiguous",
            /several certificates.*A{40}.*B{40}.*set source\.store\.thumbprint to one of these thumbprints, and remove source\.store\.subject$/,
        ],
        [
            "no private key",
            { outcome: "noPrivateKey", certificates: there },
            "noIdentity",
            /has no private key; import it again/,
        ],
        [
            "a key that is not exportable",
            failed("0x8009000B"),
            "notExportable",
            /not exportable.*mark the key as exportable/,
        ],
        ["a key in a TPM", failed("0x80090029"), "notExportable", /TPM/],
        ["no rights", failed("0x80070005"), "accessDenied", /run the deployment as administrator/],
        [
            "a key container that cannot be opened",
            failed("0x80090016"),
            "accessDenied",
            /run the deployment as administrator/,
        ],
        [
            "another failure",
            failed("0x80131501"),
            "unsupported",
            /PowerShell failed: Schlüssel.*; export the certificate as a file.*0x80131501/,
        ],
        ["no answer", { outcome: "silent" }, "unsupported", /the answer of .* is not readable \(exit code 7\)/],
    ];
    test.each(rows)("has a message for: %s", (_name, answer, fault, message) => {
        standIn(answer);
        const error = failure(() => ask({ subject: "CN=self" }));
        expect(error.fault).toBe(fault);
        expect(error.message).toMatch(message);
        expect(error.message).not.toContain(seen().request.password);
    });

    test("no PowerShell at all", () => {
        process.env["PATH"] = folder;
        expect(failure(() => ask({ subject: "CN=self" })).message).toMatch(/neither powershell\.exe nor pwsh/);
    });

    test("does not accept a folder as location", () => {
        expect(failure(() => ask({ subject: "CN=self", location: "C:\\certificates" })).message).toMatch(
            /CurrentUser or Local/,
        );
    });
});

describe("the PowerShell", () => {
    const parser = join(__dirname, "../../support/cli/powershellFaults.mjs");
    const faults = (script: string) =>
        JSON.parse(
            execFileSync(process.execPath, ["--liftoff-only", parser], { input: script, encoding: "utf8" }),
        ) as string[];

    test("has no syntax errors", () => {
        expect(faults(WINDOWS_STORE_SCRIPT)).toEqual([]);
        expect(faults(WINDOWS_STORE_BOOTSTRAP)).toEqual([]);
    });

    test("the check fails if a brace is missing", () => {
        expect(faults(WINDOWS_STORE_SCRIPT.replace("} finally {", "finally {"))).not.toEqual([]);
        expect(faults(WINDOWS_STORE_SCRIPT.slice(0, -3))).not.toEqual([]);
    });

    test("is plain ASCII and fits a pipe", () => {
        expect(WINDOWS_STORE_SCRIPT + WINDOWS_STORE_BOOTSTRAP).toMatch(/^[\x00-\x7f]*$/);
        expect(WINDOWS_STORE_SCRIPT.length).toBeLessThan(10_000);
    });
});

describe("on Linux", () => {
    const ask = (source: Record<string, string>) => readFromStore({ location: folder, ...source }, new Date(), "linux");

    /** Writes a PFX file without a password, as .NET does. */
    function store(name: string, { key, certificate }: Pair): void {
        const [bag, pkcs8] = [
            build.certificateBag(readFileSync(certificate, "utf8")),
            build.pemBody(readFileSync(key, "utf8")),
        ];
        const safe = build.dataSafe(bag, build.shroudedKeyBag(pkcs8, build.tripleDes(undefined)));
        writeFileSync(join(folder, name), build.pfx([safe], build.macSha1(undefined)));
    }

    beforeEach(() => {
        store(`${material.self.thumbprint}.pfx`, material.self);
        store(`${material.other.thumbprint}.pfx`, material.other);
        copyFileSync(
            join(folder, `${material.self.thumbprint}.pfx`),
            join(folder, `${material.self.thumbprint}.1.pfx`),
        );
        writeFileSync(join(folder, "garbage.pfx"), "nonsense");
        writeFileSync(join(folder, "protected.pfx"), pfx(material.leaf, "a password"));
        writeFileSync(join(folder, "note.txt"), "no certificate");
        mkdirSync(join(folder, "folder.pfx"));
    });

    test("selects a certificate by thumbprint or subject, and ignores unreadable files", () => {
        expect(ask({ thumbprint: material.self.thumbprint }).certificate.thumbprint).toBe(material.self.thumbprint);
        expect(ask({ subject: "cn=OTHER" }).certificate.thumbprint).toBe(material.other.thumbprint);
    });

    test("lists the certificates of the store if none matches", () => {
        const { fault, message } = failure(() => ask({ subject: "CN=nobody" }));
        expect(fault).toBe("notFound");
        expect(message).toContain(`no certificate with subject "CN=nobody"`);
        for (const { thumbprint } of [material.self, material.other]) expect(message).toContain(thumbprint);
    });

    test("requires the thumbprint if several certificates have the same subject", () => {
        const twin = { ...material.renewed };
        run("openssl", ["req", "-x509", "-key", twin.key, "-out", twin.certificate, "-subj", "/CN=self", "-days", "9"]);
        store("twin.pfx", twin);
        expect(failure(() => ask({ subject: "CN=self" })).message).toMatch(
            /several certificates.*set source\.store\.thumbprint to one of these thumbprints/,
        );
    });

    test("the default is .NET's own folder", () => {
        process.env["HOME"] = folder;
        const { message } = failure(() => readFromStore({ subject: "CN=self" }, new Date(), "linux"));
        expect(message).toMatch(/x509stores\/my cannot be read \(ENOENT\); set source\.store\.location to another/);
    });

    test("refuses LocalMachine", () => {
        expect(failure(() => ask({ subject: "CN=self", location: "LocalMachine" })).message).toMatch(
            /must be an absolute path/,
        );
    });
});

test("on macOS the message names the alternative", () => {
    const { message } = failure(() => readFromStore({ subject: "CN=self" }, new Date(), "darwin"));
    expect(message).toMatch(/export the certificate from Keychain Access/);
});

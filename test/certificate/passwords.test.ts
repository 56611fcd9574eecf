// Checks that the reader tries a password in each form in which tools store or encode passwords. If the password is
// right only without an addition such as a line break, a warning must name the addition.
import { X509Certificate } from "node:crypto";

import { portalCertificateHooks as hooks } from "../../provider/certificate/hooks";
import { readPfx } from "../../provider/certificate/pfx/readPfx";
import * as build from "./pfx/corpus/builder";
import { issued, newKey, pkcs8Of } from "./pfx/corpus/issued";

const PASSWORD = "correct horse";
const FEW = { rounds: 5 };
const key = newKey(2048);
const pkcs8Pem = key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const certificate = issued({ subject: "portal", key });
const THUMBPRINT = new X509Certificate(certificate).fingerprint.replaceAll(":", "");

function file(encrypt: build.Encrypt, mac?: build.Mac): string {
    const safes = [
        build.encryptedSafe([build.certificateBag(certificate)], encrypt),
        build.dataSafe(build.shroudedKeyBag(pkcs8Of(key), encrypt)),
    ];
    return build.pfx(safes, mac).toString("base64");
}

const opened = (base64: string, password: string | undefined) => {
    const { certificate, notes } = readPfx(Buffer.from(base64, "base64"), password, new Date());
    return { thumbprint: certificate.thumbprint, said: notes.join("\n") };
};

const PROTECTIONS: [name: string, base64: (password: string) => string][] = [
    ["3DES of PKCS#12", (password) => file(build.tripleDes(password, FEW), build.macSha1(password, FEW))],
    ["AES of PBES2", (password) => file(build.pbes2(password, FEW), build.macSha1(password, FEW))],
    ["AES with PBMAC1", (password) => file(build.pbes2(password, FEW), build.pbmac1(password, "sha256"))],
    ["AES without an integrity check", (password) => file(build.pbes2(password, FEW))],
];

const STORED: [name: string, text: string, removed: RegExp][] = [
    ["a line break", `${PASSWORD}\n`, /without the line break at its end/],
    ["a line break of Windows", `${PASSWORD}\r\n`, /without the line break at its end/],
    ["a byte order mark", `\ufeff${PASSWORD}`, /without the byte order mark/],
    [
        "a byte order mark read as Latin-1, and a line break",
        `ï»¿${PASSWORD}\r\n`,
        /byte order mark .* and the line break/,
    ],
    ["quotation marks", `"${PASSWORD}"`, /without the quotation marks/],
    ["single quotation marks and a line break", `'${PASSWORD}'\n`, /the line break .* and the quotation marks/],
    ["the blank of cmd's echo", `${PASSWORD} \r\n`, /the line break at its end and the blanks/],
    [
        "the form of Out-File, read as UTF-8",
        Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${PASSWORD}\r\n`, "utf16le")]).toString("utf8"),
        /the zero bytes of UTF-16 and the line break/,
    ],
];

describe.each(PROTECTIONS)("%s", (_name, base64) => {
    test.each(STORED)(
        "opens although the password was stored with %s, and a warning says so",
        (_what, text, removed) => {
            const { thumbprint, said } = opened(base64(PASSWORD), text);
            expect(thumbprint).toBe(THUMBPRINT);
            expect(said).toMatch(removed);
            expect(said).not.toContain(PASSWORD);
        },
    );

    test.each(STORED)("a password that really contains %s is used as it is", (_what, text) => {
        const { thumbprint, said } = opened(base64(text), text);
        expect(thumbprint).toBe(THUMBPRINT);
        expect(said).not.toMatch(/without the (line|byte order|quotation|zero|blanks)/);
    });

    test("a wrong password is refused, and the message says what was tried", async () => {
        const pfx = { base64: base64(PASSWORD), password: '"guessed"\r\n' };
        const { failures } = await hooks.check({}, { source: { pfx } });
        expect(failures).toEqual([
            {
                property: "source.pfx.password",
                reason: expect.stringMatching(
                    /the password is wrong \(also without the line break at its end and the quotation marks around it\), or the file is damaged/,
                ) as string,
            },
        ]);
        expect(JSON.stringify(failures)).not.toContain("guessed");
    });
});

test.each([undefined, ""])(
    "a file with a password is refused without a password (%j), and the message asks for it",
    (none) => {
        for (const [, base64] of PROTECTIONS)
            expect(() => opened(base64(PASSWORD), none)).toThrow(
                "the file cannot be opened: it requires a password, but none is given, or the file is damaged; give its password, or export the certificate again",
            );
    },
);

test.each([
    ["the newest valid one", 100, /2 certificates with a private key; using the newest valid one: CN=second, /],
    ["one that is not valid", -1, /2 certificates with a private key; no usable one is valid, so using this one: CN=/],
])("a file with several certificates and keys: a warning says that it takes %s", (_name, toDays, said) => {
    const bags = ["first", "second"].flatMap((subject, index) => {
        const own = newKey(2048);
        const pem = issued({ subject, key: own, fromDays: index - 10, toDays });
        const pkcs8 = own.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
        return [build.certificateBag(pem), build.keyBag(pkcs8)];
    });
    const base64 = build.pfx([build.dataSafe(...bags)], build.macSha1(PASSWORD, FEW)).toString("base64");
    expect(opened(base64, PASSWORD).said).toMatch(said);
});

test("a file without encryption opens with any password, so only the integrity check shows that it is wrong", () => {
    const safes = [build.dataSafe(build.certificateBag(certificate), build.keyBag(pkcs8Pem))];
    const base64 = build.pfx(safes, build.macSha1(PASSWORD, FEW)).toString("base64");
    expect(opened(base64, PASSWORD).thumbprint).toBe(THUMBPRINT);
    expect(() => opened(base64, "guessed")).toThrow(/the password is wrong, or the file is damaged/);
});

const utf16 = (text: string) => Buffer.from(`${text}\0`, "utf16le").swap16();

test("PBES2 opens under an ASCII password in UTF-16, as old versions of NSS write it", () => {
    const base64 = file(build.pbes2(PASSWORD, { raw: utf16(PASSWORD) }), build.macSha1(PASSWORD));
    expect(opened(base64, PASSWORD).thumbprint).toBe(THUMBPRINT);
});

test.each([
    ["an empty line", "\r\n"],
    ["empty quotation marks", '""'],
    ["an empty text", ""],
    ["nothing", undefined],
])("a file without a password opens with %s", (_name, given) => {
    for (const password of [undefined, ""]) {
        const base64 = file(build.tripleDes(password), build.macSha1(password));
        expect(opened(base64, given).thumbprint).toBe(THUMBPRINT);
    }
});

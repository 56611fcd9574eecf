// Checks each rule that a certificate must meet, on plain objects. test/certificate/pfx/writePfx.test.ts tests real
// certificates.
import { certificateProblems, type ParsedCertificate } from "../../provider/inputs/certificate";

const NOW = new Date("2026-06-01T12:00:00Z");
const GOOD: ParsedCertificate = {
    pem: "",
    der: Buffer.alloc(0),
    thumbprint: "A".repeat(40),
    thumbprintSha256: "B".repeat(64),
    subject: "CN=Restore Portal",
    notBefore: "2026-05-01T00:00:00Z",
    notAfter: "2027-05-01T00:00:00Z",
    keyAlgorithm: "rsa",
    keyBits: 2048,
    signatureAlgorithm: "sha256WithRSAEncryption",
    isSha1Signed: false,
};
const problems = (more: Partial<ParsedCertificate>) => certificateProblems({ ...GOOD, ...more }, NOW);

describe("a certificate is refused if", () => {
    const rows: [name: string, more: Partial<ParsedCertificate>, reason: RegExp][] = [
        ["its key is elliptic", { keyAlgorithm: "ec", keyBits: undefined }, /must have an RSA key, got ec: .*only RSA/],
        ["its key is RSA-PSS", { keyAlgorithm: "rsa-pss" }, /must have an RSA key, got rsa-pss/],
        ["its key is short", { keyBits: 2047 }, /RSA key of 2048 bits or more, got 2047/],
        ["it ends now", { notAfter: "2026-06-01T12:00:00Z" }, /must not be expired, but it expired on 2026-06-01T12/],
        [
            "it begins one second from now",
            { notBefore: "2026-06-01T12:00:01Z" },
            /must already be valid, but it begins on 2026/,
        ],
    ];
    test.each(rows)("%s", (_name, more, reason) => {
        expect(problems(more).refusals).toEqual([expect.stringMatching(reason)]);
    });

    test("both rules are named at once", () => {
        expect(problems({ keyBits: 1024, notAfter: "2026-05-31T00:00:00Z" }).refusals).toHaveLength(2);
    });
});

describe("a certificate is accepted if", () => {
    const rows: [name: string, more: Partial<ParsedCertificate>][] = [
        ["it is like a generated one", {}],
        ["it begins now", { notBefore: "2026-06-01T12:00:00Z" }],
        ["its key is long", { keyBits: 4096 }],
        ["it is valid for a leap year", { notBefore: "2026-05-01T00:00:00Z", notAfter: "2027-05-02T00:00:00Z" }],
        ["it ends in 60 days", { notAfter: "2026-07-31T12:00:00Z" }],
    ];
    test.each(rows)("%s, without a warning", (_name, more) => {
        expect(problems(more)).toEqual({ refusals: [], warnings: [] });
    });
});

describe("a warning names", () => {
    const rows: [name: string, more: Partial<ParsedCertificate>, warning: RegExp][] = [
        ["a signature with SHA-1", { isSha1Signed: true }, /^is signed with SHA-1; make a new certificate/],
        ["a long validity", { notAfter: "2027-05-03T00:00:00Z" }, /^is valid for more than a year \(until 2027-05-03/],
        ["an end in 59 days", { notAfter: "2026-07-31T11:59:59Z" }, /^expires in 59 days, on 2026-07-31/],
        ["an end tomorrow", { notAfter: "2026-06-02T12:00:01Z" }, /^expires in 1 day, on 2026-06-02/],
        ["an end today", { notAfter: "2026-06-01T12:00:01Z" }, /^expires within a day, on 2026-06-01/],
    ];
    test.each(rows)("%s", (_name, more, warning) => {
        expect(problems(more)).toEqual({ refusals: [], warnings: [expect.stringMatching(warning)] });
    });

    test("an expired certificate is refused without an extra warning", () => {
        expect(problems({ notAfter: "2026-05-31T00:00:00Z" }).warnings).toEqual([]);
    });
});

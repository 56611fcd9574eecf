// Tests the properties of an issued certificate that writePfx.test.ts does not cover: serial number, signature, absent
// extensions, key sizes, leap years.
import { X509Certificate } from "node:crypto";

import { parseCertificate } from "../../provider/inputs/certificate";
import { issueCertificate, type IssuedCertificate } from "../../provider/certificate/issue";

const NOW = new Date("2027-12-31T23:59:59.999Z");
let issued: IssuedCertificate[];

beforeAll(async () => {
    const request = { name: "Restore Portal", keySize: 2048, validDays: 366, now: NOW };
    issued = await Promise.all([issueCertificate(request), issueCertificate(request)]);
}, 60_000);

const certificates = () => issued.map(({ certificatePem }) => new X509Certificate(certificatePem));

test("each has its own key and its own positive serial number of 20 bytes", () => {
    const serials = certificates().map(({ serialNumber }) => serialNumber);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{39}$/);
    expect(new Set(serials).size).toBe(2);
    expect(new Set(certificates().map(({ fingerprint256 }) => fingerprint256)).size).toBe(2);
    expect(issued[0]?.privateKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65537n });
});

test("is signed by its own key, and only by that", () => {
    const [one, other] = certificates();
    expect(one?.issuer).toBe(one?.subject);
    expect(one?.verify(one.publicKey)).toBe(true);
    expect(one?.verify(other?.publicKey ?? one.publicKey)).toBe(false);
});

test("is not a server's or an authority's: it has no alternative name and is not a CA", () => {
    for (const certificate of certificates()) {
        expect(certificate.subjectAltName).toBeUndefined();
        expect(certificate.ca).toBe(false);
    }
});

test("validDays counts days from the beginning of validity, across a leap day", () => {
    expect(parseCertificate(issued[0]?.certificatePem ?? "")).toMatchObject({
        notBefore: "2027-12-31T23:49:59Z",
        notAfter: "2028-12-31T23:49:59Z",
    });
});

test("supports a longer key", async () => {
    const { certificatePem } = await issueCertificate({ name: "x", keySize: 3072, validDays: 1, now: NOW });
    expect(parseCertificate(certificatePem).keyBits).toBe(3072);
}, 60_000);

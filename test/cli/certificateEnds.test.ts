// Checks that doctor warns in the last 60 days of a certificate, and fails in its last 14 days. If `pulumi up` renews
// the certificate, the warning begins at the date of the renewal. A certificate that others added counts too.
import { certificateEnds, certificatesCheck, type KnownCertificate } from "../../cli/diagnosis/certificateEnds";
import type { RegisteredCertificate } from "../../provider/portal/rules/certificates";

const NOW = new Date("2026-11-27T08:00:00.000Z");
const DAY_MS = 24 * 60 * 60 * 1000;
const CURRENT = "A".repeat(40);
const OTHER = "B".repeat(40);

const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS + 60_000).toISOString();
const own = (days: number, more = {}): RegisteredCertificate => ({
    thumbprint: CURRENT,
    notAfter: inDays(days),
    ours: true,
    ...more,
});
const foreign = (days: number): RegisteredCertificate => ({ thumbprint: OTHER, notAfter: inDays(days), ours: false });
const RENEWING: KnownCertificate = { thumbprint: CURRENT, generate: { renewBeforeDays: 30 } };

const check = (certificates: readonly RegisteredCertificate[], known: readonly KnownCertificate[] = []) =>
    certificatesCheck(certificateEnds(certificates, CURRENT, known, NOW));

test.each([
    [61, "ok"],
    [59, "warning"],
    [14, "warning"],
    [13, "failed"],
])("a certificate that ends in %d days and does not renew itself is %s", (days, status) => {
    expect(check([own(days)]).status).toBe(status);
    expect(check([own(300), foreign(days)]).status).toBe(status);
});

test.each([
    [59, "ok"],
    [31, "ok"],
    [29, "warning"],
    [13, "failed"],
])("a certificate that renews itself 30 days before its end, and ends in %d days, is %s", (days, status) => {
    expect(check([own(days)], [RENEWING]).status).toBe(status);
});

test("each certificate is named with its day, whose it is, and what to do", () => {
    const { message, remedy } = check([own(300), foreign(20)], [{ thumbprint: OTHER, name: "Backup job" }]);
    expect(message).toBe(`certificate of others "Backup job" ${OTHER} expires on 2026-12-17, in 20 days`);
    expect(remedy).toBe("for a certificate of others, ask its owner whether something still uses it");
    expect(check([own(300), foreign(200)]).message).toBe("2 certificates; the next expires on 2027-06-15");
});

test("a certificate with less than a day left expires within a day", () => {
    expect(check([own(1)]).message).toBe(`certificate ${CURRENT} expires on 2026-11-28, in 1 day`);
    expect(check([own(0)]).message).toBe(`certificate ${CURRENT} expires on 2026-11-27, within a day`);
});

test("the program's certificate that somebody else registered is not a certificate of others", () => {
    const { message, remedy } = check([own(20, { ours: false })]);
    expect(message).toBe(`certificate ${CURRENT} expires on 2026-12-17, in 20 days`);
    expect(remedy).toMatch(/^run pulumi up with a new certificate/);
});

test("the last certificate of a program that no longer declares one needs a new certificate only if VB365 uses it", () => {
    const { remedy } = certificatesCheck(certificateEnds([own(20)], undefined, [], NOW));
    expect(remedy).toMatch(/^if VB365 still uses the certificate, run pulumi up with a new certificate/);
});

test("a certificate that has ended warns, unless it is the program's own, which another check fails", () => {
    expect(check([own(300), foreign(-3)])).toMatchObject({
        status: "warning",
        remedy: "for an expired certificate of others, ask its owner to remove it",
    });
});

test("an expired certificate of the program is renewed by pulumi up only if the program generates it", () => {
    expect(check([own(-3)], [RENEWING])).toMatchObject({
        remedy: expect.stringMatching(/^run pulumi up, which renews/) as string,
    });
    expect(check([own(-3)])).toMatchObject({
        remedy: expect.stringMatching(/^run pulumi up with a new certificate/) as string,
    });
});

test("after a rotation the check says since when VB365 needs another certificate", () => {
    const replaced = { ...own(20), thumbprint: OTHER, replacedOn: "2026-11-20T06:00:00.000Z" };
    const { status, message, remedy } = check([own(300), replaced], [RENEWING]);
    expect(status).toBe("warning");
    expect(message).toMatch(`since 2026-11-20 VB365 needs certificate ${CURRENT} instead of ${OTHER}`);
    expect(remedy).toBe("make sure that VB365 has the new certificate: run npx pulumi-restore-portal handover");
});

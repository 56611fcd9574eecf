// Checks that a subject selects the right certificate, in each form in which people write subjects.
import { CertificateError } from "../../../provider/certificate/certificateError";
import { withSubject } from "../../../provider/certificate/store/subject";
import { readFromStore } from "../../../provider/certificate/store/store";
import { StoredFiles, WRITTEN } from "../../support/store/subjects";

jest.setTimeout(60_000);

let stored: StoredFiles;
beforeAll(() => (stored = new StoredFiles()));
afterAll(() => stored.remove());

test.each(WRITTEN)("%j is %s", (subject, meaning) => {
    expect(meaningOf(subject)).toBe(meaning);
});

test("a subject of a hundred thousand characters is refused immediately", () => {
    const since = performance.now();
    for (const text of [" ", ",", "\n", "a,", "CN=", '"', "\\"]) {
        expect(withSubject(["CN=Restore Portal"], text.repeat(100_000 / text.length), (one) => one)).toEqual([]);
    }
    // A regular expression that tries each position again would need minutes, so the limit of 5 seconds detects it.
    expect(performance.now() - since).toBeLessThan(5000);
});

function meaningOf(subject: string): string | undefined {
    try {
        const { certificate } = readFromStore({ subject, location: stored.folder }, new Date(), "linux");
        return stored.nameOf(certificate.thumbprint);
    } catch (error) {
        if (!(error instanceof CertificateError)) throw error;
        return error.fault === "ambiguous" ? "several" : error.fault;
    }
}

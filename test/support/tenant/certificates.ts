// Issues certificates for tests.
import { X509Certificate } from "node:crypto";

import { issueCertificate } from "../../../provider/certificate/issue";

/** Returns certificates as base64 of DER, which Graph accepts. */
export async function issueCertificates(count: number): Promise<string[]> {
    const now = new Date();
    const issued = Array.from({ length: count }, (_, index) =>
        issueCertificate({ name: `Other ${index}`, keySize: 2048, validDays: 90, now }),
    );
    return (await Promise.all(issued)).map(({ certificatePem }) =>
        new X509Certificate(certificatePem).raw.toString("base64"),
    );
}

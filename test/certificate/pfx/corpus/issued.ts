// Makes certificates with any name, key, issuer and dates, including combinations that no authority would issue.
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";

import forge from "node-forge";

export interface TestKey {
    readonly privateKey: KeyObject;
    readonly publicKey: KeyObject;
}

const DAY_MS = 864e5;
let serial = 0;

export const newKey = (modulusLength = 1024): TestKey => generateKeyPairSync("rsa", { modulusLength });
export const pkcs8Of = ({ privateKey }: TestKey): Buffer => privateKey.export({ type: "pkcs8", format: "der" });

export interface Issued {
    readonly subject: string;
    readonly key: TestKey;
    /** Default: the certificate is self-signed. */
    readonly issuer?: { readonly subject: string; readonly key: TestKey };
    readonly ca?: boolean;
    readonly fromDays?: number;
    readonly toDays?: number;
}

/** Returns the certificate as PEM text. */
export function issued({ subject, key, issuer, ca = false, fromDays = -1, toDays = 100 }: Issued): string {
    const by = issuer ?? { subject, key };
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = forge.pki.publicKeyFromPem(
        key.publicKey.export({ type: "spki", format: "pem" }).toString(),
    );
    certificate.serialNumber = `40${(++serial).toString(16).padStart(6, "0")}`;
    certificate.validity.notBefore = new Date(Date.now() + fromDays * DAY_MS);
    certificate.validity.notAfter = new Date(Date.now() + toDays * DAY_MS);
    certificate.setSubject([{ name: "commonName", value: subject }]);
    certificate.setIssuer([{ name: "commonName", value: by.subject }]);
    certificate.setExtensions([{ name: "basicConstraints", cA: ca, critical: true }]);
    const signer = {
        sign: () => {
            const { tbsCertificate } = certificate as unknown as { readonly tbsCertificate: forge.asn1.Asn1 };
            const bytes = Buffer.from(forge.asn1.toDer(tbsCertificate).getBytes(), "latin1");
            return sign("sha256", bytes, by.key.privateKey).toString("latin1");
        },
    };
    certificate.sign(signer as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
}

// Makes what a PortalCertificate puts out: a new key and certificate, and the PFX that VB365 is handed.
import { parseCertificate } from "./certificate";
import type { CertificateInputs } from "./checkSource";
import { issueCertificate } from "./issue";
import { randomPfxPassword, writePfx } from "./writePfx";

export interface CertificateState extends CertificateInputs {
    readonly certificate: {
        readonly id: string;
        readonly name: string;
        readonly certificatePem: string;
        readonly thumbprint: string;
        readonly thumbprintSha256: string;
        readonly notBefore: string;
        readonly notAfter: string;
    };
    /** base64; declared secret by the resource. */
    readonly pfx: string;
    readonly pfxPassword: string;
}

export async function generate(id: string, inputs: CertificateInputs, now: Date): Promise<CertificateState> {
    const { name, keySize, validDays } = inputs.source.generate;
    const { certificatePem, privateKey } = await issueCertificate({ name, keySize, validDays, now });
    const { thumbprint, thumbprintSha256, notBefore, notAfter } = parseCertificate(certificatePem);
    const pfxPassword = randomPfxPassword();
    const pfx = writePfx({
        privateKey,
        certificatePem,
        friendlyName: name,
        password: pfxPassword,
        encryption: inputs.pfxEncryption,
    });
    return {
        ...inputs,
        certificate: { id, name, certificatePem, thumbprint, thumbprintSha256, notBefore, notAfter },
        pfx: pfx.toString("base64"),
        pfxPassword,
    };
}

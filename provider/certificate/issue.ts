// Issues a self-signed certificate with the profile of New-SelfSignedCertificate, which Microsoft's how-to for
// application certificates uses: RSA, SHA-256, digitalSignature and keyEncipherment, clientAuth and serverAuth.
import { generateKeyPair, randomBytes, sign, X509Certificate, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

import forge from "node-forge";

import { DAY_MS } from "../days";
import { PortalError } from "../portalError";

export interface IssueRequest {
    /** The common name, 1 to 64 characters. */
    readonly name: string;
    readonly keySize: number;
    /**
     * Counted from the start of validity, so that the lifetime that Entra's policies limit is exactly this many days.
     */
    readonly validDays: number;
    readonly now: Date;
}

export interface IssuedCertificate {
    readonly certificatePem: string;
    readonly privateKey: KeyObject;
}

/**
 * The clocks of Entra's servers may be some minutes behind, and a server refuses a certificate that is not valid yet.
 * So the validity begins this long before the present.
 */
const BACKDATE_MS = 10 * 60 * 1000;

export async function issueCertificate(request: IssueRequest): Promise<IssuedCertificate> {
    const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: request.keySize });
    const certificate = buildCertificate(request, publicKey, privateKey);
    const certificatePem = forge.pki.certificateToPem(certificate).replace(/\r\n/g, "\n");
    assertVerifies(request.name, certificatePem, privateKey);
    return { certificatePem, privateKey };
}

function buildCertificate(
    { name, validDays, now }: IssueRequest,
    publicKey: KeyObject,
    privateKey: KeyObject,
): forge.pki.Certificate {
    const certificate = forge.pki.createCertificate();
    const start = new Date(Math.floor((now.getTime() - BACKDATE_MS) / 1000) * 1000);
    certificate.publicKey = forge.pki.publicKeyFromPem(publicKey.export({ type: "spki", format: "pem" }).toString());
    certificate.serialNumber = serialNumber();
    certificate.validity.notBefore = start;
    certificate.validity.notAfter = new Date(start.getTime() + validDays * DAY_MS);
    // By default forge writes every name as a PrintableString. This type allows only the characters below, and forge
    // garbles others, such as ü. So a name with any other character is written as UTF-8.
    const tag = /^[A-Za-z0-9 '()+,./:=?-]*$/.test(name) ? {} : { valueTagClass: forge.asn1.Type.UTF8 as never };
    const commonName = [{ name: "commonName", value: name, ...tag }];
    certificate.setSubject(commonName);
    certificate.setIssuer(commonName);
    certificate.setExtensions([
        { name: "basicConstraints", cA: false, critical: true },
        { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
        { name: "extKeyUsage", clientAuth: true, serverAuth: true },
        { name: "subjectKeyIdentifier" },
    ]);
    certificate.sign(nodeSigner(certificate, privateKey), forge.md.sha256.create());
    return certificate;
}

/** Makes the object from which forge requests a signature. Node.js signs, so the key stays a KeyObject. */
function nodeSigner(certificate: forge.pki.Certificate, privateKey: KeyObject): forge.pki.rsa.PrivateKey {
    const signer = {
        sign: () => {
            const { tbsCertificate } = certificate as unknown as { readonly tbsCertificate: forge.asn1.Asn1 };
            const bytes = Buffer.from(forge.asn1.toDer(tbsCertificate).getBytes(), "latin1");
            return sign("sha256", bytes, privateKey).toString("latin1");
        },
    };
    return signer as unknown as forge.pki.rsa.PrivateKey;
}

/** Makes 20 random bytes, the most that RFC 5280 allows. The number is positive, and its first byte is not zero. */
function serialNumber(): string {
    const bytes = randomBytes(20);
    bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
    return bytes.toString("hex");
}

/** forge wrote the certificate, so Node.js checks it: an error of forge would otherwise stay undetected. */
function assertVerifies(name: string, certificatePem: string, privateKey: KeyObject): void {
    const certificate = new X509Certificate(certificatePem);
    if (certificate.verify(certificate.publicKey) && certificate.checkPrivateKey(privateKey)) return;
    throw new PortalError(
        "ERR_CERTIFICATE_INVALID",
        `issuing certificate "${name}": the new certificate failed verification; run the deployment again`,
    );
}

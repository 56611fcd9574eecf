// A certificate authority that lives as long as the emulator: its key never leaves memory, and its names are limited to
// loopback and to hosts that tests map to it.
import { generateKeyPairSync, randomBytes } from "node:crypto";

import forge from "node-forge";

const HOSTS = ["localhost", "portal.abc.com", "login.microsoftonline.com", "graph.microsoft.com"];
const LOOPBACK = "127.0.0.1";

export interface ServerCertificate {
    readonly caPem: string;
    readonly certificatePem: string;
    readonly keyPem: string;
}

interface Pair {
    readonly privatePem: string;
    readonly privateKey: forge.pki.rsa.PrivateKey;
    readonly publicKey: forge.pki.rsa.PublicKey;
}

export function issueServerCertificate(now: Date): ServerCertificate {
    const [ca, server] = [newPair(), newPair()];
    // A name of its own, so that a client may trust several emulators at once.
    const caName = [{ name: "commonName", value: `Embedded Entra tenant ${randomBytes(4).toString("hex")}` }];
    const caCertificate = newCertificate(ca, caName, caName, now);
    caCertificate.setExtensions([
        { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
        { name: "keyUsage", keyCertSign: true, critical: true },
        nameConstraints(),
    ]);
    caCertificate.sign(ca.privateKey, forge.md.sha256.create());
    const certificate = newCertificate(server, [{ name: "commonName", value: "localhost" }], caName, now);
    certificate.setExtensions([
        { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        {
            name: "subjectAltName",
            altNames: [...HOSTS.map((value) => ({ type: 2, value })), { type: 7, ip: LOOPBACK }],
        },
    ]);
    certificate.sign(ca.privateKey, forge.md.sha256.create());
    return {
        caPem: forge.pki.certificateToPem(caCertificate),
        certificatePem: forge.pki.certificateToPem(certificate),
        keyPem: server.privatePem,
    };
}

function newPair(): Pair {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const privatePem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    const key = forge.pki.privateKeyFromPem(privatePem);
    return { privatePem, privateKey: key, publicKey: forge.pki.rsa.setPublicKey(key.n, key.e) };
}

function newCertificate(
    pair: Pair,
    subject: forge.pki.CertificateField[],
    issuer: forge.pki.CertificateField[],
    now: Date,
): forge.pki.Certificate {
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = pair.publicKey;
    certificate.serialNumber = `40${randomBytes(15).toString("hex")}`;
    certificate.validity.notBefore = new Date(now.getTime() - 60 * 60 * 1000);
    certificate.validity.notAfter = new Date(now.getTime() + 30 * 24 * 60 * 60 * 1000);
    certificate.setSubject(subject);
    certificate.setIssuer(issuer);
    return certificate;
}

/** forge has no writer for name constraints (RFC 5280, 4.2.1.10): permitted are our hosts and 127.0.0.1 alone. */
function nameConstraints(): object {
    const { asn1 } = forge;
    const context = (tag: number, constructed: boolean, value: string | forge.asn1.Asn1[]) =>
        // Context-specific tags are numbers of their own; the types know universal ones alone.
        // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
        asn1.create(asn1.Class.CONTEXT_SPECIFIC, tag, constructed, value);
    const subtree = (name: forge.asn1.Asn1) => asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [name]);
    const address = Buffer.from([...LOOPBACK.split(".").map(Number), 255, 255, 255, 255]).toString("binary");
    const permitted = context(0, true, [
        ...HOSTS.map((host) => subtree(context(2, false, host))),
        subtree(context(7, false, address)),
    ]);
    const value = asn1.toDer(asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, [permitted])).getBytes();
    return { id: "2.5.29.30", critical: true, value };
}

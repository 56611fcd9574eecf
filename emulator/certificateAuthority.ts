// Makes a certificate authority that exists only while the emulator runs. Its key never leaves memory. The authority
// can issue certificates only for loopback and for the names in `HOSTS`, which tests can map to loopback.
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

import forge from "node-forge";

const HOSTS = ["localhost", "portal.abc.com", "login.microsoftonline.com", "graph.microsoft.com"];
const LOOPBACK = "127.0.0.1";
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

export interface ServerCertificate {
    /**
     * The server's certificate. The authority's certificate follows, unless the server's certificate is self-signed.
     */
    readonly certificatePem: string;
    readonly keyPem: string;
}

export interface CertificateAuthority {
    readonly caPem: string;
    /** Issues a server certificate. Default: for all names in `HOSTS`, valid for 30 days. */
    issue(now: Date, options?: IssueOptions): ServerCertificate;
}

export interface IssueOptions {
    readonly hosts?: readonly string[];
    /** A negative number makes a certificate that has already expired. */
    readonly validDays?: number;
    /** Signs the certificate with its own key instead of the authority's. */
    readonly selfSigned?: boolean;
}

interface Pair {
    readonly privateKey: KeyObject;
    readonly publicKey: forge.pki.PublicKey;
}

export function newCertificateAuthority(now: Date): CertificateAuthority {
    // All server certificates have the same key pair, because generating a key pair is slow.
    const [ca, server] = [newPair(), newPair()];
    // The name is unique, so that a client can trust several emulators at the same time.
    const caName = [{ name: "commonName", value: `Embedded Entra tenant ${randomBytes(4).toString("hex")}` }];
    const caCertificate = newCertificate(ca, caName, caName, now);
    caCertificate.setExtensions([
        { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
        { name: "keyUsage", keyCertSign: true, critical: true },
        nameConstraints(),
    ]);
    const caPem = signWith(ca, caCertificate);
    return {
        caPem,
        issue: (issuedAt, { selfSigned = false, ...options } = {}) => {
            if (selfSigned) return serverCertificate(server, server, undefined, { now: issuedAt, ...options });
            const { certificatePem, keyPem } = serverCertificate(server, ca, caName, { now: issuedAt, ...options });
            return { certificatePem: certificatePem + caPem, keyPem };
        },
    };
}

function serverCertificate(
    server: Pair,
    signer: Pair,
    issuer: forge.pki.CertificateField[] | undefined,
    { now, hosts = HOSTS, validDays = 30 }: Omit<IssueOptions, "selfSigned"> & { readonly now: Date },
): ServerCertificate {
    const name = [{ name: "commonName", value: hosts[0] ?? "" }];
    const certificate = newCertificate(server, name, issuer ?? name, now);
    const end = now.getTime() + validDays * DAY_MS;
    certificate.validity.notBefore = new Date(Math.min(now.getTime(), end) - HOUR_MS);
    certificate.validity.notAfter = new Date(end);
    certificate.setExtensions([
        { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        {
            name: "subjectAltName",
            altNames: [...hosts.map((value) => ({ type: 2, value })), { type: 7, ip: LOOPBACK }],
        },
    ]);
    const keyPem = server.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    return { certificatePem: signWith(signer, certificate), keyPem };
}

function newPair(): Pair {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const spki = publicKey.export({ type: "spki", format: "pem" }) as string;
    return { privateKey, publicKey: forge.pki.publicKeyFromPem(spki) };
}

/** Signs with Node.js: signing with forge takes seconds inside Jest, and milliseconds elsewhere (measured). */
function signWith({ privateKey }: Pair, certificate: forge.pki.Certificate): string {
    const signer = {
        sign: () => {
            const { tbsCertificate } = certificate as unknown as { readonly tbsCertificate: forge.asn1.Asn1 };
            const bytes = Buffer.from(forge.asn1.toDer(tbsCertificate).getBytes(), "latin1");
            return sign("sha256", bytes, privateKey).toString("latin1");
        },
    };
    certificate.sign(signer as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
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
    certificate.validity.notBefore = new Date(now.getTime() - HOUR_MS);
    certificate.validity.notAfter = new Date(now.getTime() + 30 * DAY_MS);
    certificate.setSubject(subject);
    certificate.setIssuer(issuer);
    return certificate;
}

/**
 * Allows the authority to issue certificates only for the names in `HOSTS` and for 127.0.0.1. forge cannot write name
 * constraints (RFC 5280, 4.2.1.10), so this function builds them.
 */
function nameConstraints(): object {
    const { asn1 } = forge;
    const context = (tag: number, constructed: boolean, value: string | forge.asn1.Asn1[]) =>
        // forge's types allow only universal tags, but context-specific tags are other numbers.
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

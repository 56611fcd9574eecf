// Makes what a PortalCertificate puts out: certificate, and the PFX that VB365 is handed.
import { parseCertificate, type ParsedCertificate } from "../inputs/certificate";
import { printable, type Identity } from "./chooseIdentity";
import { CertificateError } from "./certificateError";
import { issueCertificate } from "./issue";
import { readPfx } from "./pfx/readPfx";
import { withoutSecrets, type CertificateInputs, type CertificateState, type GenerateSource } from "./inputs";
import { randomPfxPassword, writePfx } from "./pfx/writePfx";

/** A new key and certificate. */
export async function generate(
    id: string,
    inputs: CertificateInputs,
    source: GenerateSource,
    now: Date,
): Promise<CertificateState> {
    const { name, keySize, validDays } = source;
    const { certificatePem, privateKey } = await issueCertificate({ name, keySize, validDays, now });
    const identity = { certificate: parseCertificate(certificatePem), privateKey, chain: [], notes: [] };
    return { ...inputs, certificate: publicPart(id, name, identity.certificate), ...wrapped(identity, name, inputs) };
}

/** One that exists already. Its private key goes into the outputs only where the program asks for that. */
export function adopt(id: string, inputs: CertificateInputs, identity: Identity): CertificateState {
    const { certificate } = identity;
    const name = commonName(certificate);
    return {
        ...inputs,
        source: withoutSecrets(inputs.source),
        certificate: publicPart(id, name, certificate),
        ...(inputs.exportPfx === true ? wrapped(identity, name, inputs) : {}),
    };
}

/** The same certificate in a PFX of another form. */
export function rewrap(state: CertificateState, inputs: CertificateInputs, now: Date): CertificateState {
    const { pfx, pfxPassword, certificate } = state;
    if (pfx === undefined) throw new CertificateError("notFound", "rewriting the PFX: state holds none");
    const identity = readPfx(Buffer.from(pfx, "base64"), pfxPassword, now);
    return { ...state, ...inputs, ...wrapped(identity, certificate.name, inputs) };
}

function publicPart(id: string, name: string, parsed: ParsedCertificate): CertificateState["certificate"] {
    const { pem, thumbprint, thumbprintSha256, notBefore, notAfter } = parsed;
    return { id, name, certificatePem: pem, thumbprint, thumbprintSha256, notBefore, notAfter };
}

/** Always anew: one key, one leaf with its issuers, and a password of its own. */
function wrapped(
    identity: Identity,
    friendlyName: string,
    { pfxEncryption }: CertificateInputs,
): { pfx: string; pfxPassword: string } {
    const pfxPassword = randomPfxPassword();
    const { privateKey, certificate, chain } = identity;
    const contents = {
        privateKey,
        certificatePem: certificate.pem,
        chain,
        friendlyName,
        password: pfxPassword,
        encryption: pfxEncryption,
    };
    return { pfx: writePfx(contents).toString("base64"), pfxPassword };
}

function commonName({ subject, thumbprint }: ParsedCertificate): string {
    const name = /^CN=(.+)$/m.exec(subject)?.[1];
    return name === undefined ? thumbprint : printable(name).slice(0, 64);
}

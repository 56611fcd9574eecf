// Makes the state of a PortalCertificate: inputs, certificate, and the PFX for VB365. Pulumi takes the outputs from
// this state.
import { parseCertificate, type ParsedCertificate } from "../inputs/certificate";
import { cut } from "../plainText";
import { printable, type Identity } from "./chooseIdentity";
import { CertificateError, type CertificateFault } from "./certificateError";
import { withoutSecrets, type CertificateInputs, type CertificateState, type GenerateSource } from "./inputs";
import { issueCertificate } from "./issue";
import { readPfx } from "./pfx/readPfx";
import { randomPfxPassword, writePfx } from "./pfx/writePfx";

/** Issues a new key and certificate, and makes their state. */
export async function generateState(
    id: string,
    inputs: CertificateInputs,
    source: GenerateSource,
    now: Date,
): Promise<CertificateState> {
    const { name, keySize, validDays } = source;
    const { certificatePem, privateKey } = await issueCertificate({ name, keySize, validDays, now });
    const identity = { certificate: parseCertificate(certificatePem), privateKey, chain: [], notes: [] };
    return { ...inputs, certificate: publicPart(id, name, identity.certificate), ...exported(identity, name, inputs) };
}

/**
 * Makes the state of an existing certificate. The state contains a PFX, and so the private key, only if `exportPfx` is
 * true.
 */
export function importState(id: string, inputs: CertificateInputs, identity: Identity): CertificateState {
    const { certificate } = identity;
    const name = commonName(certificate);
    return {
        ...inputs,
        source: withoutSecrets(inputs.source),
        certificate: publicPart(id, name, certificate),
        ...(inputs.exportPfx === true ? exported(identity, name, inputs) : {}),
    };
}

/** Writes the PFX again with the encryption in `inputs` and a new password, and keeps the certificate. */
export function rewrapState(state: CertificateState, inputs: CertificateInputs, now: Date): CertificateState {
    return { ...state, ...inputs, ...exported(identityIn(state, now), state.certificate.name, inputs) };
}

function identityIn({ pfx, pfxPassword, certificate }: CertificateState, now: Date): Identity {
    const refused = (fault: CertificateFault, why: string) =>
        new CertificateError(
            fault,
            `rewriting the PFX of certificate "${certificate.name}": ${why} change source.generate.name to get a new certificate`,
        );
    if (pfx === undefined) throw refused("notFound", "the state contains no PFX;");
    try {
        return readPfx(Buffer.from(pfx, "base64"), pfxPassword, now);
    } catch (error) {
        if (!(error instanceof CertificateError)) throw error;
        throw refused(
            error.fault,
            "the PFX in the state, or its password, is damaged; restore an earlier state with pulumi stack import, or",
        );
    }
}

function publicPart(id: string, name: string, parsed: ParsedCertificate): CertificateState["certificate"] {
    const { pem, thumbprint, thumbprintSha256, notBefore, notAfter } = parsed;
    return { id, name, certificatePem: pem, thumbprint, thumbprintSha256, notBefore, notAfter };
}

/**
 * Writes a new PFX and never copies the original file, because that file may contain other keys, and its password
 * belongs to the user.
 */
function exported(
    { privateKey, certificate, chain }: Identity,
    friendlyName: string,
    { pfxEncryption }: CertificateInputs,
): { pfx: string; pfxPassword: string } {
    const pfxPassword = randomPfxPassword();
    const pfx = writePfx({
        privateKey,
        certificatePem: certificate.pem,
        chain,
        friendlyName,
        password: pfxPassword,
        encryption: pfxEncryption,
    });
    return { pfx: pfx.toString("base64"), pfxPassword };
}

function commonName({ subject, thumbprint }: ParsedCertificate): string {
    const name = /^CN=(.+)$/m.exec(subject)?.[1];
    return name === undefined ? thumbprint : cut(printable(name), 64);
}

// The certificate that is to be registered: judged by VB365's and Entra's rules, and completed from its own text.
import { certificateProblems, parseCertificate, type ParsedCertificate } from "../inputs/certificate";
import { isUnknown, type InputFailure } from "../inputs/rawInputs";
import { type CertificateInput } from "./rules/inputs";
import { NOT_REGISTERED } from "../inputs/statusTexts";
import { clock } from "../entra/clock";
import { PortalError } from "../portalError";

export interface CertificateFindings {
    /** The certificate with thumbprints and dates read from it; `undefined`: none, or not known yet. */
    readonly certificate: CertificateInput | undefined;
    readonly failures: InputFailure[];
    readonly warnings: string[];
}

const PROPERTY = "certificate";

export function checkCertificate(certificate: unknown, old: unknown): CertificateFindings {
    if (certificate === undefined || isUnknown(certificate))
        return { certificate: undefined, failures: [], warnings: [] };
    const pem = (certificate as Partial<CertificateInput>).certificatePem;
    if (isUnknown(pem)) return { certificate: undefined, failures: [], warnings: [] };
    if (typeof pem !== "string")
        return refused("must hold certificatePem, the public certificate as PEM text; got none");
    try {
        return examine(certificate as CertificateInput, parseCertificate(pem), old);
    } catch (error) {
        if (error instanceof PortalError) return refused(error.message);
        throw error;
    }
}

function refused(reason: string): CertificateFindings {
    return { certificate: undefined, failures: [{ property: PROPERTY, reason }], warnings: [] };
}

/** An expired certificate is refused when it is new, and only reported while it is the one in use: the rest is healed. */
function examine(given: CertificateInput, parsed: ParsedCertificate, old: unknown): CertificateFindings {
    const { thumbprint, thumbprintSha256, notBefore, notAfter } = parsed;
    const before = old as Partial<CertificateInput> | undefined;
    const isInUse = before?.certificatePem === given.certificatePem;
    // `ignoreChanges` hands back what a refresh found.
    const isIgnored = given.thumbprint === NOT_REGISTERED && before?.thumbprint === NOT_REGISTERED;
    const { refusals, warnings } = certificateProblems(parsed, clock.now());
    return {
        certificate: {
            ...given,
            thumbprint: isIgnored ? NOT_REGISTERED : thumbprint,
            thumbprintSha256,
            notBefore,
            notAfter,
        },
        failures: isInUse ? [] : refusals.map((reason) => ({ property: PROPERTY, reason })),
        // What comes from a PortalCertificate was warned of there.
        warnings: [...(isInUse ? refusals : []), ...(given.id === undefined ? warnings : [])].map(
            (warning) => `${PROPERTY}: ${warning}`,
        ),
    };
}

// Checks the input `certificate` by the rules of VB365 and Entra, and fills in the values that its PEM text contains.
import {
    certificateProblems,
    isSameCertificate,
    parseCertificate,
    type ParsedCertificate,
} from "../inputs/certificate";
import { isRecord } from "../inputs/inputRules";
import { isUnknown, type InputFailure } from "../inputs/rawInputs";
import { type CertificateInput } from "./rules/inputs";
import { NOT_REGISTERED } from "../inputs/statusTexts";
import { clock } from "../entra/clock";
import { PortalError } from "../portalError";

export interface CertificateFindings {
    /**
     * The certificate, with thumbprints and dates from its PEM text. `undefined`: the program gives no certificate, its
     * PEM text cannot be read, or it is not known yet.
     */
    readonly certificate: CertificateInput | undefined;
    readonly failures: InputFailure[];
    readonly warnings: string[];
}

const PROPERTY = "certificate";

export function checkCertificate(certificate: unknown, old: unknown): CertificateFindings {
    if (certificate === undefined || isUnknown(certificate))
        return { certificate: undefined, failures: [], warnings: [] };
    // If the value is not an object, `typeFailures` reports this.
    if (!isRecord(certificate)) return { certificate: undefined, failures: [], warnings: [] };
    const pem = certificate["certificatePem"];
    if (isUnknown(pem)) return { certificate: undefined, failures: [], warnings: [] };
    if (typeof pem !== "string") return refused("certificatePem is missing: give the public certificate as PEM text");
    try {
        return examine(certificate as unknown as CertificateInput, parseCertificate(pem), old);
    } catch (error) {
        if (error instanceof PortalError) return refused(error.message);
        throw error;
    }
}

function refused(reason: string): CertificateFindings {
    return { certificate: undefined, failures: [{ property: PROPERTY, reason }], warnings: [] };
}

/**
 * Problems of the certificate in use, such as its expiry, are only warnings, because a failure would prevent all other
 * repairs. If the program gives the certificate in use with another spelling, returns the text of the last deployment.
 */
function examine(given: CertificateInput, parsed: ParsedCertificate, old: unknown): CertificateFindings {
    const { pem, thumbprint, thumbprintSha256, notBefore, notAfter } = parsed;
    const before = isRecord(old) ? (old as Partial<CertificateInput>) : {};
    const pemInUse = typeof before.certificatePem === "string" ? before.certificatePem : "";
    const isInUse = isSameCertificate(pemInUse, given.certificatePem);
    // If the input is in `ignoreChanges`, the engine passes the live text that a refresh stored.
    const isIgnored = given.thumbprint === NOT_REGISTERED && before.thumbprint === NOT_REGISTERED;
    const { refusals, warnings } = certificateProblems(parsed, clock.now());
    return {
        certificate: {
            ...given,
            certificatePem: isInUse ? pemInUse : pem,
            thumbprint: isIgnored ? NOT_REGISTERED : thumbprint,
            thumbprintSha256,
            notBefore,
            notAfter,
        },
        failures: isInUse ? [] : refusals.map((reason) => ({ property: PROPERTY, reason })),
        // If the certificate has an id, PortalCertificate has already printed these warnings.
        warnings: [...(isInUse ? refusals : []), ...(given.id === undefined ? warnings : [])].map(
            (warning) => `${PROPERTY}: ${warning}`,
        ),
    };
}

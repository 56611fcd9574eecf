// Makes the failed check of an input that differs, and the check of the expiry date of the program's certificate. Pure.
import type { CertificateState } from "../../provider/certificate/inputs";
import { CURRENT, renewalStatus } from "../../provider/certificate/renewal";
import { certificateProblems, parseCertificate } from "../../provider/inputs/certificate";
import type { PortalState } from "../../provider/portal/rules/state";
import { serverRemedies } from "../../provider/server/drift";
import type { PortalServerInputs } from "../../provider/server/inputs";
import { NEEDS_NEW, RENEWS } from "./certificateEnds";
import { failed, follows, ok, textOf, type Check } from "./check";
import { remedyFor, signInErrors, type Difference, type RemedyFacts } from "./signInErrors";

/** Returns the failed check of an input whose live value differs from its desired value. */
export function differs(difference: Difference, state: RemedyFacts): Check {
    const { name, live, desired } = difference;
    const [aadsts] = signInErrors(difference);
    return failed(name, `${textOf(live)} instead of ${textOf(desired)}`, {
        ...(aadsts === undefined ? {} : { aadsts }),
        remedy: remedyFor(difference, state),
    });
}

/** Returns the failed check of a PortalServer input. `server`: the resource name of the PortalServer. */
export function serverDiffers(
    server: string,
    key: keyof PortalServerInputs,
    desired: PortalServerInputs,
    live: PortalServerInputs,
): Check {
    const message = `${String(live[key])} instead of ${String(desired[key])}`;
    return failed(`${server}.${key}`, message, { remedy: serverRemedies(desired, [key]).join("; ") });
}

/** The name of the check that reports the expiry date of the program's certificate. */
export const EXPIRY = "certificateExpiry";

/** `issued`: the portal's PortalCertificate, if the stack has it. */
export function expiryCheck(
    { certificate }: Pick<PortalState, "certificate">,
    issued: CertificateState | undefined,
    now: Date,
): Check {
    if (!certificate) return follows("certificate", EXPIRY, "the program declares no certificate");
    const parsed = parseCertificate(certificate.certificatePem);
    const { refusals, warnings } = certificateProblems(parsed, now);
    const renewal = issued ? renewalStatus(issued, now) : CURRENT;
    const remedy = renewal === CURRENT ? NEEDS_NEW : RENEWS;
    if (refusals.length > 0) {
        const isEarly = new Date(parsed.notBefore) > now;
        return failed(EXPIRY, refusals.join("; "), { aadsts: 700027, ...(isEarly ? {} : { remedy }) });
    }
    if (renewal !== CURRENT) return failed(EXPIRY, renewal, { remedy });
    return ok(EXPIRY, [`valid until ${certificate.notAfter ?? ""}`, ...warnings].join("; "));
}

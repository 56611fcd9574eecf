// Checks whether the state of a portal contains the dates that the other checks compare. Somebody may have edited the
// state. Pure.
import type { CertificateState } from "../../provider/certificate/inputs";
import { DATED_CERTIFICATES } from "../../provider/portal/rules/oldState";
import type { PortalState } from "../../provider/portal/rules/state";
import { PortalError } from "../../provider/portalError";
import { object, text, time } from "../../provider/shape";
import { assertState } from "../../provider/stateShape";
import { unknown, type Check } from "./check";

const aState = object({ certificates: DATED_CERTIFICATES });
const aCertificate = object({ thumbprint: text, notAfter: time });

/** Throws if a certificate in the portal's state lacks its thumbprint or its expiry date, or has an invalid date. */
export function assertDated({ applicationId, certificates }: PortalState): void {
    assertState(`application ${applicationId}`, { certificates }, aState);
}

/** Throws if the state of a PortalCertificate lacks the thumbprint or a valid expiry date. */
export function assertDatedCertificate({ certificate }: CertificateState): void {
    assertState(`certificate "${certificate.name}"`, certificate, aCertificate);
}

/** Returns a check that says that the state cannot be read. `undefined`: the state can be read. */
export function stateCheck(state: PortalState, certificate: CertificateState | undefined): Check | undefined {
    try {
        assertDated(state);
        if (certificate) assertDatedCertificate(certificate);
        return undefined;
    } catch (error) {
        if (!(error instanceof PortalError)) throw error;
        return unknown("state", error.message);
    }
}

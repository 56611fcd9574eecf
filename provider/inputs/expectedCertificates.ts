// Remembers, for the time of a preview, which certificate each PortalCertificate is going to have. The engine does not
// know the outputs of a new or changed PortalCertificate. So the portal's own check gets an unknown certificate.

export type ExpectedCertificate =
    | { readonly kind: "kept" }
    /** It is generated in the deployment. */
    | { readonly kind: "generated"; readonly name: string }
    | { readonly kind: "imported"; readonly thumbprint: string };

const expected = new Map<string, ExpectedCertificate>();

/** `place`: of the PortalCertificate in the program. */
export function noteExpectedCertificate(place: string, certificate: ExpectedCertificate): void {
    expected.set(place, certificate);
}

/** `undefined`: nothing is known, for example because several resources are behind the input. */
export function expectedCertificate(place: string | undefined): ExpectedCertificate | undefined {
    return place === undefined ? undefined : expected.get(place);
}

// Remembers, for the time of a preview, which certificate each PortalCertificate is going to have. The engine does not
// know the outputs of a new or changed PortalCertificate. So the portal's own check gets an unknown certificate.
import type { PreviewFacts } from "./previewFacts";

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

/**
 * `undefined`: nothing is known, for example because several resources are behind the input. Only a Node.js program
 * knows which one it is. For other programs, it is the only one without known outputs.
 */
export function expectedCertificate(preview: PreviewFacts | undefined): ExpectedCertificate | undefined {
    if (preview !== undefined) return expected.get(preview.certificateOf ?? "");
    const [only, ...more] = expected.values();
    return more.length === 0 ? only : undefined;
}

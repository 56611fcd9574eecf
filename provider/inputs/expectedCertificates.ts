// Remembers, during a preview, which certificate each PortalCertificate is going to have. The engine cannot give
// `check` of the portal an output that is new or changes. So `check` gets an unknown certificate, and finds the
// expected one here.
import type { PreviewFacts } from "./previewFacts";

export type ExpectedCertificate =
    | { readonly kind: "kept" }
    /** The deployment generates the certificate. */
    | { readonly kind: "generated"; readonly name: string }
    | { readonly kind: "imported"; readonly thumbprint: string };

const expected = new Map<string, ExpectedCertificate>();

/** `place`: the place of the PortalCertificate in the program. */
export function noteExpectedCertificate(place: string, certificate: ExpectedCertificate): void {
    expected.set(place, certificate);
}

/**
 * `undefined`: the certificate cannot be determined, for example because several resources are behind the input. Only a
 * Node.js program reports which resource is behind it. For other programs, the certificate is that of the only
 * PortalCertificate without known outputs.
 */
export function expectedCertificate(preview: PreviewFacts | undefined): ExpectedCertificate | undefined {
    if (preview !== undefined) return expected.get(preview.certificateOf ?? "");
    const [only, ...more] = expected.values();
    return more.length === 0 ? only : undefined;
}

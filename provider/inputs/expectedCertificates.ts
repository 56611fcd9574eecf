// Remembers in a preview which certificate each PortalCertificate will have. The engine passes a new or changing output
// to `check` of the portal as unknown. So `check` reads the expected certificate here.
import type { PreviewFacts } from "./previewFacts";

export type ExpectedCertificate =
    | { readonly kind: "kept" }
    /** The deployment generates the certificate. */
    | { readonly kind: "generated"; readonly name: string }
    | { readonly kind: "imported"; readonly thumbprint: string };

const expected = new Map<string, ExpectedCertificate>();

/** `place`: project, stack, types of the parents, and name of the PortalCertificate, as `placeOf` returns them. */
export function noteExpectedCertificate(place: string, certificate: ExpectedCertificate): void {
    expected.set(place, certificate);
}

/**
 * Returns the certificate that the portal will get. `undefined`: the certificate cannot be determined, for example
 * because the input `certificate` comes from several resources. Only a Node.js program says from which
 * PortalCertificate this input comes. For a program in another language, the result is the noted certificate if the
 * preview has noted exactly one.
 */
export function expectedCertificate(preview: PreviewFacts | undefined): ExpectedCertificate | undefined {
    if (preview !== undefined) return expected.get(preview.certificateOf ?? "");
    const [only, ...more] = expected.values();
    return more.length === 0 ? only : undefined;
}

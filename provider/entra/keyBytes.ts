// Recognizes certificates on an application by their bytes, if their identifier is not the thumbprint. Graph returns
// the bytes only if a request selects `keyCredentials`, and limits such requests. So the process remembers the
// thumbprint of each key whose bytes it has read.
// https://learn.microsoft.com/graph/api/application-get
import { base64Of } from "../inputs/certificate";
import { noteKeyThumbprint, notedKeyThumbprint } from "../inputs/keyThumbprints";
import { thumbprintOf, thumbprintsOf } from "../inputs/thumbprints";
import { PortalError } from "../portalError";
import { anApplicationsKeys } from "./graphShapes";
import type { KeyCredential, LiveApplication } from "./live";
import { applicationPath, select } from "./paths";
import type { Session } from "./session";

/** The certificate that the program names. */
export interface SoughtCertificate {
    readonly thumbprint?: string;
    /**
     * The expiry date of the certificate. An entry with the same date may contain the same certificate under another
     * identifier.
     */
    readonly notAfter?: string;
    /** Returns whether this provider added the entry. If so, the identifier is the thumbprint of the certificate. */
    readonly isOwn?: (key: KeyCredential) => boolean;
}

/**
 * Reads the bytes only if no identifier names the certificate, and if an entry with another identifier may contain the
 * certificate.
 */
export async function noteKeys(
    { graph }: Session,
    { appId, keyCredentials }: LiveApplication,
    { thumbprint = "", notAfter = "", isOwn = () => false }: SoughtCertificate,
): Promise<void> {
    if (!/^[0-9A-F]{40}$/.test(thumbprint)) return;
    if (keyCredentials.some((key) => key.customKeyIdentifier?.toUpperCase() === thumbprint)) return;
    const isUnclear = (key: KeyCredential) =>
        notedKeyThumbprint(key.keyId) === undefined &&
        !isOwn(key) &&
        (thumbprintOf(key.customKeyIdentifier) === "" || Date.parse(key.endDateTime) === Date.parse(notAfter));
    if (!keyCredentials.some(isUnclear)) return;
    const path = select(applicationPath(appId), "id", "keyCredentials");
    const purpose = `reading the certificates of application ${appId}`;
    try {
        const answer = await graph.send<Pick<LiveApplication, "keyCredentials">>({
            method: "GET",
            path,
            purpose,
            answers: anApplicationsKeys,
        });
        for (const { keyId, key } of answer.keyCredentials) {
            if (typeof key === "string") noteKeyThumbprint(keyId, thumbprintOfBytes(key));
        }
    } catch (error) {
        // A failure is ignored: without the bytes, only the identifier decides.
        if (!(error instanceof PortalError)) throw error;
    }
}

/** `key`: base64 of DER bytes, or base64 of PEM text, which azuread uploads. */
function thumbprintOfBytes(key: string): string {
    const bytes = Buffer.from(key, "base64");
    const isPem = bytes.subarray(0, 11).toString() === "-----BEGIN ";
    const der = isPem ? Buffer.from(base64Of(bytes.toString()), "base64") : bytes;
    return thumbprintsOf(der).thumbprint;
}

// Reads the bytes of certificates that were uploaded with an identifier other than their thumbprint. Graph returns the
// bytes only if a request selects `keyCredentials`, and limits such requests. So they are read once per process.
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
    /** An entry with the same end date may be the same certificate under another identifier. */
    readonly notAfter?: string;
    /** Returns whether this provider added the entry. Then its identifier is the thumbprint of the certificate. */
    readonly isOwn?: (key: KeyCredential) => boolean;
}

/** Reads the bytes only if no identifier names the certificate and one of the entries may contain it. */
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
        // If the bytes cannot be read, the identifier alone decides. So the failure is ignored.
        if (!(error instanceof PortalError)) throw error;
    }
}

/** The key is base64 of DER, or base64 of PEM text, which azuread sends. */
function thumbprintOfBytes(key: string): string {
    const bytes = Buffer.from(key, "base64");
    const isPem = bytes.subarray(0, 11).toString() === "-----BEGIN ";
    const der = isPem ? Buffer.from(base64Of(bytes.toString()), "base64") : bytes;
    return thumbprintsOf(der).thumbprint;
}

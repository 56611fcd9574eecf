// Reads an existing certificate from a file or store, and checks whether it can be used.
import { certificateProblems } from "../inputs/certificate";
import type { InputFailure } from "../inputs/rawInputs";
import { CertificateError } from "./certificateError";
import { nameOf } from "./importIdentity";
import { importInWorker } from "./importInWorker";
import type { ImportedSource } from "./inputs";

export interface ImportFindings {
    readonly thumbprint?: string;
    readonly failures: InputFailure[];
    readonly warnings: string[];
}

/**
 * `thumbprintInUse`: thumbprint of the certificate in state. If a rule now refuses that certificate, for example
 * because it has expired, `check` only warns, so that `pulumi up` can still repair everything else.
 */
export async function checkImport(
    source: ImportedSource,
    thumbprintInUse: unknown,
    now: Date,
): Promise<ImportFindings> {
    try {
        const { certificate, notes } = await importInWorker(source, now);
        const { thumbprint } = certificate;
        const { refusals, warnings } = certificateProblems(certificate, now);
        const isInUse = thumbprint === thumbprintInUse;
        const property = propertyOf(source);
        const what = `${nameOf(source)}: certificate ${thumbprint}`;
        return {
            thumbprint,
            failures: isInUse ? [] : refusals.map((reason) => ({ property, reason: `${what} ${reason}` })),
            warnings: [...notes, ...(isInUse ? refusals : []), ...warnings].map(
                (text) => `${property}: ${what}: ${text}`,
            ),
        };
    } catch (error) {
        if (!(error instanceof CertificateError)) throw error;
        return { failures: [{ property: propertyOf(source, error), reason: error.message }], warnings: [] };
    }
}

/**
 * Returns the nested property that a failure or warning names. pulumi/printable.ts prevents the engine from printing
 * the value of `source`, which may contain secrets.
 */
function propertyOf(source: ImportedSource, error?: CertificateError): string {
    if ("store" in source) {
        // The cause is the location, the operating system or PowerShell, not the thumbprint or subject.
        if (error?.fault === "unsupported") return "source.store";
        return source.store.thumbprint === undefined ? "source.store.subject" : "source.store.thumbprint";
    }
    if (error?.fault === "wrongPassword") return "source.pfx.password";
    return source.pfx.file === undefined ? "source.pfx.base64" : "source.pfx.file";
}

// Fetches an existing certificate with its key, from a PFX or a store, and says in words why it cannot be used.
import { readFileSync, statSync } from "node:fs";

import type { InputFailure } from "../inputs/rawInputs";
import { certificateProblems } from "../inputs/certificate";
import { CertificateError } from "./certificateError";
import type { Identity } from "./chooseIdentity";
import { readFromStore } from "./store/store";
import { assertFileSize, MAX_FILE_BYTES } from "./pfx/limits";
import { readPfx } from "./pfx/readPfx";
import type { ImportedSource, PfxSource } from "./inputs";

/** Throws CertificateError, whose message names the file or store. */
export function importIdentity(source: ImportedSource, now: Date): Identity {
    return "pfx" in source ? fromPfx(source.pfx, now) : readFromStore(source.store, now);
}

export interface ImportFindings {
    readonly thumbprint?: string;
    readonly failures: InputFailure[];
    readonly warnings: string[];
}

/** `knownThumbprint`: of the certificate in use, whose end is only reported, so that healing of the rest goes on. */
export function checkImport(source: ImportedSource, knownThumbprint: unknown, now: Date): ImportFindings {
    try {
        const { certificate, notes } = importIdentity(source, now);
        const { thumbprint } = certificate;
        const { refusals, warnings } = certificateProblems(certificate, now);
        const isInUse = thumbprint === knownThumbprint;
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

/** The path of an input, never `source` itself: the engine prints the value of what a failure names. */
function propertyOf(source: ImportedSource, error?: CertificateError): string {
    if ("store" in source)
        return source.store.thumbprint === undefined ? "source.store.subject" : "source.store.thumbprint";
    if (error?.fault === "wrongPassword") return "source.pfx.password";
    return source.pfx.file === undefined ? "source.pfx.base64" : "source.pfx.file";
}

function nameOf(source: ImportedSource): string {
    if ("store" in source) return source.store.location ?? "the certificate store";
    return source.pfx.file === undefined ? "the given PFX" : JSON.stringify(source.pfx.file);
}

function fromPfx(source: PfxSource, now: Date): Identity {
    const { file, password } = source;
    let bytes: Buffer | undefined;
    try {
        bytes = file === undefined ? decode(source.base64 ?? "") : load(file);
        return readPfx(bytes, password, now);
    } catch (error) {
        if (error instanceof CertificateError)
            throw new CertificateError(error.fault, `${nameOf({ pfx: source })}: ${error.message}`);
        throw error;
    } finally {
        bytes?.fill(0);
    }
}

/** Relative to the folder of the Pulumi project. */
function load(file: string): Buffer {
    try {
        const { size } = statSync(file);
        assertFileSize(size);
        return readFileSync(file);
    } catch (error) {
        if (error instanceof CertificateError) throw error;
        const { code = "" } = error as { code?: string };
        throw new CertificateError("notFound", REASONS[code] ?? `it cannot be read (${code})`);
    }
}

const REASONS: Readonly<Record<string, string>> = {
    ENOENT: "it does not exist; give a path from the project's folder, or a whole one",
    EACCES: "it may not be read by this user; allow it, or run the deployment as another user",
    EISDIR: "it is a folder; give the PFX file itself",
};

function decode(text: string): Buffer {
    const compact = text.replace(/\s/g, "");
    assertFileSize(Math.floor(compact.length * 0.75) - 2);
    if (compact.length > 2 * MAX_FILE_BYTES || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) {
        throw new CertificateError("damaged", "it is no base64 text; make it by: base64 --wrap=0 portal.pfx");
    }
    return Buffer.from(compact, "base64");
}

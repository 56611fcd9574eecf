// Gets an existing certificate with its key from a PFX or a store, or says why it cannot be used.
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";

import type { InputFailure } from "../inputs/rawInputs";
import { certificateProblems } from "../inputs/certificate";
import { projectFolder } from "../projectFolder";
import { CertificateError } from "./certificateError";
import type { Identity } from "./chooseIdentity";
import { readFromStore } from "./store/store";
import { assertFileSize, MAX_FILE_BYTES } from "./pfx/limits";
import { readPfx } from "./pfx/readPfx";
import type { ImportedSource, PfxSource } from "./inputs";

/** Throws CertificateError. Its message names the file or store. */
export function importIdentity(source: ImportedSource, now: Date): Identity {
    return "pfx" in source ? fromPfx(source.pfx, now) : readFromStore(source.store, now);
}

export interface ImportFindings {
    readonly thumbprint?: string;
    readonly failures: InputFailure[];
    readonly warnings: string[];
}

/**
 * `thumbprintInUse`: of the certificate that state holds. If that one has expired, check only warns, so that `pulumi
 * up` can still repair everything else.
 */
export function checkImport(source: ImportedSource, thumbprintInUse: unknown, now: Date): ImportFindings {
    try {
        const { certificate, notes } = importIdentity(source, now);
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

/** Never `source` itself: the engine prints the value of the property that a failure names, secrets included. */
function propertyOf(source: ImportedSource, error?: CertificateError): string {
    if ("store" in source)
        return source.store.thumbprint === undefined ? "source.store.subject" : "source.store.thumbprint";
    if (error?.fault === "wrongPassword") return "source.pfx.password";
    return source.pfx.file === undefined ? "source.pfx.base64" : "source.pfx.file";
}

function nameOf(source: ImportedSource): string {
    if ("store" in source) return source.store.location ?? "the certificate store";
    return source.pfx.file === undefined ? "the given PFX" : JSON.stringify(pathOf(source.pfx.file));
}

/**
 * A relative path starts at the folder of the Pulumi project. Releases up to 0.1.0 started at the folder of the
 * program, so a file there still counts.
 */
function pathOf(file: string): string {
    const path = resolve(projectFolder(process.cwd()) ?? "", file);
    return !existsSync(path) && existsSync(resolve(file)) ? resolve(file) : path;
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

function load(file: string): Buffer {
    try {
        const path = pathOf(file);
        const { size } = statSync(path);
        assertFileSize(size);
        return readFileSync(path);
    } catch (error) {
        if (error instanceof CertificateError) throw error;
        const { code = "" } = error as { code?: string };
        throw new CertificateError("notFound", REASONS[code] ?? `the file cannot be read (${code})`);
    }
}

const REASONS: Readonly<Record<string, string>> = {
    ENOENT: "the file does not exist; give an absolute path, or one relative to the project's folder",
    EACCES: "this user is not allowed to read the file; grant read access, or run the deployment as another user",
    EISDIR: "this is a folder; give the path of the PFX file itself",
};

function decode(text: string): Buffer {
    const compact = text.replace(/\s/g, "");
    assertFileSize(Math.floor(compact.length * 0.75) - 2);
    if (compact.length > 2 * MAX_FILE_BYTES || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) {
        throw new CertificateError("damaged", "the text is not base64; make it with: base64 --wrap=0 portal.pfx");
    }
    return Buffer.from(compact, "base64");
}

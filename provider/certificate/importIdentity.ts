// Reads an existing certificate with its key from a PFX file or a store.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

import { fileSize, NOT_A_FILE } from "../fileSize";
import { quoted } from "../inputs/inputRules";
import { projectFolder } from "../projectFolder";
import { CertificateError } from "./certificateError";
import { printable, type Identity } from "./chooseIdentity";
import { readFromStore } from "./store/store";
import { assertFileSize } from "./pfx/limits";
import { otherText } from "./pfx/otherFile";
import { readPfx } from "./pfx/readPfx";
import type { ImportedSource, PfxSource } from "./inputs";

/** If the import fails, throws a CertificateError. For a PFX, its message begins with `nameOf(source)`. */
export function importIdentity(source: ImportedSource, now: Date): Identity {
    return "pfx" in source ? fromPfx(source.pfx, now) : readFromStore(source.store, now);
}

export function nameOf(source: ImportedSource): string {
    if ("store" in source) return source.store.location ?? "the certificate store";
    return source.pfx.file === undefined ? "the given PFX" : printable(quoted(pathOf(source.pfx.file)));
}

/**
 * A relative path starts at the folder of the Pulumi project. In releases up to 0.1.0 it started at the folder of the
 * program, so a file in that folder is still read. `check` keeps the spelling of the path in state, and a colleague on
 * Windows may have saved that path with backslashes.
 */
function pathOf(file: string): string {
    const folders = [projectFolder(process.cwd()) ?? "", ""];
    const paths = [file, file.replaceAll("\\", "/")].flatMap((path) => folders.map((folder) => resolve(folder, path)));
    return paths.find((path) => existsSync(path)) ?? paths[0] ?? file;
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
        assertFileSize(fileSize(path));
        return readFileSync(path);
    } catch (error) {
        if (error instanceof CertificateError) throw error;
        const { code = "" } = error as { code?: string };
        throw new CertificateError(
            "notFound",
            REASONS[code] ?? `the file cannot be read (${code}); correct source.pfx.file, or use source.pfx.base64`,
        );
    }
}

const REASONS: Readonly<Record<string, string>> = {
    ENOENT: "the file does not exist; give an absolute path, or one relative to the project's folder",
    EACCES: "this user is not allowed to read the file; grant read access, or run the deployment as another user",
    EPERM: "this user is not allowed to read the file; grant read access, or run the deployment as another user",
    EBUSY: "another program has the file open; close that program",
    EISDIR: "this is a folder; give the path of the PFX file itself",
    [NOT_A_FILE]: "this is a device or a pipe; give the path of the PFX file itself",
};

/**
 * Decodes base64 text. Removes the additions of some tools: spaces, line breaks, a byte order mark, quotation marks.
 */
function decode(given: string): Buffer {
    const text = given.replace(/^\ufeff/, "").trim();
    const compact = text.replace(/^(["'])(.*)\1$/s, "$2").replace(/\s/g, "");
    assertFileSize(Math.floor(compact.length * 0.75) - 2);
    if (!BASE64.test(compact)) throw notBase64(text);
    const bytes = Buffer.from(compact, "base64");
    if (!BASE64.test(bytes.toString("latin1").replace(/\s/g, ""))) return bytes;
    throw new CertificateError("damaged", `the text was encoded as base64 twice; encode the file once with: ${ENCODE}`);
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** Contains no double quotes, because pulumi/printable.ts hides quoted text in a reason about a secret input. */
const ENCODE =
    "base64 --wrap=0 portal.pfx (on macOS: base64 -i portal.pfx; on Windows, in PowerShell: [Convert]::ToBase64String([IO.File]::ReadAllBytes((Convert-Path portal.pfx))))";

function notBase64(text: string): CertificateError {
    const other = otherText(text);
    if (other) return new CertificateError(other.fault ?? "damaged", `this is ${other.what}; ${other.remedy}`);
    const reason = /[-_]/.test(text)
        ? "the text is not base64 (it contains - or _, as base64url does);"
        : "the text is not base64;";
    const what = /\.(pfx|p12)$/i.test(text) ? "this is the path of a file; set source.pfx.file to it, or" : reason;
    return new CertificateError("damaged", `${what} make base64 text with: ${ENCODE}`);
}

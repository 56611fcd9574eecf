// The folder in which .NET on Linux keeps the Personal store of a user: PFX files without a password. The .NET team calls
// the layout internal, so it is only ever read (dotnet/runtime, OpenSslDirectoryBasedStoreProvider).
import { readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { CertificateError } from "../certificateError";
import type { Identity } from "../chooseIdentity";
import { MAX_FILE_BYTES } from "../pfx/limits";
import { readPfx } from "../pfx/readPfx";
import type { StoreSource } from "../inputs";
import { notInStore, severalInStore } from "./messages";

export function readFromDotnetStore(wanted: StoreSource, now: Date): Identity {
    const folder = folderOf(wanted.location);
    const there = identitiesIn(folder, now);
    const matching = there.filter(({ certificate: { thumbprint, subject } }) =>
        wanted.thumbprint === undefined
            ? isSameSubject(subject, wanted.subject ?? "")
            : thumbprint === wanted.thumbprint,
    );
    const [found, ...others] = matching;
    const store = `the store folder ${folder}`;
    if (!found)
        throw notInStore(
            wanted,
            store,
            there.map(({ certificate }) => certificate),
        );
    if (others.length > 0)
        throw severalInStore(
            wanted,
            store,
            matching.map(({ certificate }) => certificate),
        );
    return found;
}

function folderOf(location: string | undefined): string {
    if (location !== undefined && location !== "CurrentUser") return location;
    return join(homedir(), ".dotnet/corefx/cryptography/x509stores/my");
}

/** What cannot be read is passed over, as .NET does; the same certificate in two files counts once. */
function identitiesIn(folder: string, now: Date): Identity[] {
    const identities = namesIn(folder)
        .filter((name) => name.toLowerCase().endsWith(".pfx"))
        .flatMap((name) => {
            try {
                const path = join(folder, name);
                return statSync(path).size > MAX_FILE_BYTES ? [] : [readPfx(readFileSync(path), undefined, now)];
            } catch {
                return [];
            }
        });
    return [...new Map(identities.map((one) => [one.certificate.thumbprint, one])).values()];
}

function namesIn(folder: string): string[] {
    try {
        return readdirSync(folder).sort();
    } catch (error) {
        const { code = "" } = error as { code?: string };
        throw new CertificateError(
            code === "EACCES" ? "accessDenied" : "notFound",
            `the store folder ${folder} cannot be read (${code}); give another location, or import a PFX file by source.pfx`,
        );
    }
}

/** .NET shows the parts of a subject in the reverse order of OpenSSL. */
function isSameSubject(subject: string, wanted: string): boolean {
    const normal = (parts: readonly string[]) => parts.map((part) => part.trim().toLowerCase()).join(", ");
    const parts = subject.split("\n");
    return [parts, [...parts].reverse()].some((one) => normal(one) === normal(wanted.split(",")));
}

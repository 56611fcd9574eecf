// Reads a folder of PFX files without a password: the folder in which .NET on Linux keeps a user's Personal store, or
// the folder in `source.store.location`. The .NET team calls the layout internal, so this code never writes there
// (dotnet/runtime, OpenSslDirectoryBasedStoreProvider).
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { fileSize } from "../../fileSize";
import type { ParsedCertificate } from "../../inputs/certificate";
import { CertificateError } from "../certificateError";
import type { Identity } from "../chooseIdentity";
import { MAX_FILE_BYTES } from "../pfx/limits";
import { readPfx } from "../pfx/readPfx";
import type { StoreSource } from "../inputs";
import { notInStore, severalInStore } from "./messages";
import { withSubject } from "./subject";

/** The value of `source.store.location` that means .NET's own folder. */
export const CURRENT_USER = "CurrentUser";

export function readFromDotnetStore(source: StoreSource, now: Date): Identity {
    const folder = folderOf(source.location);
    const store = `the store folder ${folder}`;
    const identities = identitiesIn(folder, now);
    const matching =
        source.thumbprint === undefined
            ? withSubject(identities, source.subject ?? "", ({ certificate }) => certificate.subject)
            : identities.filter(({ certificate }) => certificate.thumbprint === source.thumbprint);
    const [identity, ...others] = matching;
    if (!identity)
        throw notInStore(
            source,
            `${store} (only .pfx files that are readable, have no password and contain an RSA key are used)`,
            identities.map(certificateOf),
        );
    if (others.length > 0) throw severalInStore(source, store, matching.map(certificateOf));
    return identity;
}

function certificateOf({ certificate }: Identity): ParsedCertificate {
    return certificate;
}

function folderOf(location: string | undefined): string {
    if (location !== undefined && location !== CURRENT_USER) return location;
    return join(homedir(), ".dotnet/corefx/cryptography/x509stores/my");
}

/**
 * Ignores files that cannot be read, as .NET does. Also ignores files that are too large, or that contain no
 * certificate with its RSA key. The same certificate in two files counts once.
 */
function identitiesIn(folder: string, now: Date): Identity[] {
    const identities = namesIn(folder)
        .filter((name) => name.toLowerCase().endsWith(".pfx"))
        .flatMap((name) => {
            try {
                const path = join(folder, name);
                return fileSize(path) > MAX_FILE_BYTES ? [] : [readPfx(readFileSync(path), undefined, now)];
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
            `the store folder ${folder} cannot be read (${code}); set source.store.location to another folder, or import a PFX file with source.pfx`,
        );
    }
}

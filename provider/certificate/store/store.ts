// The certificate store of this machine: Windows' Personal store, on Linux the folder in which .NET keeps its own.
import { isAbsolute } from "node:path";

import { CertificateError } from "../certificateError";
import type { Identity } from "../chooseIdentity";
import { readFromDotnetStore } from "./dotnetStore";
import { readPfx } from "../pfx/readPfx";
import type { StoreSource } from "../inputs";
import { exportFromWindowsStore } from "./windowsStore";

export const WINDOWS_LOCATIONS = ["CurrentUser", "LocalMachine"];

/** `platform` as Node names it. Throws CertificateError, whose message names the store. */
export function readFromStore(source: StoreSource, now: Date, platform: NodeJS.Platform = process.platform): Identity {
    const { location } = source;
    const wanted = {
        ...source,
        ...(source.thumbprint === undefined ? {} : { thumbprint: normalThumbprint(source.thumbprint) }),
    };
    if (platform === "win32") {
        if (location !== undefined && !WINDOWS_LOCATIONS.includes(location)) {
            throw new CertificateError(
                "unsupported",
                `location must be CurrentUser or LocalMachine on Windows, got ${JSON.stringify(location)}`,
            );
        }
        const { pfx, password } = exportFromWindowsStore(wanted);
        try {
            return readPfx(pfx, password, now);
        } finally {
            pfx.fill(0);
        }
    }
    if (platform === "darwin") {
        throw new CertificateError(
            "unsupported",
            "the key chain of macOS is not read, as it asks at the screen for each key; export the certificate from Keychain Access as a file and give that as source.pfx",
        );
    }
    if (location !== undefined && location !== "CurrentUser" && !isAbsolute(location)) {
        throw new CertificateError(
            "unsupported",
            `location must be a whole path, or CurrentUser for .NET's own folder, on this system; got ${JSON.stringify(location)}`,
        );
    }
    return readFromDotnetStore(wanted, now);
}

/** As copied from Windows' dialog: with spaces, colons and an invisible mark. */
function normalThumbprint(text: string): string {
    return text.replace(/[^0-9a-f]/gi, "").toUpperCase();
}

// Reads the certificate store of this machine: the Personal store of Windows, or on Linux the folder of .NET's own
// store or another folder of PFX files.
import { isAbsolute } from "node:path";

import { CertificateError } from "../certificateError";
import type { Identity } from "../chooseIdentity";
import { CURRENT_USER, readFromDotnetStore } from "./dotnetStore";
import { readPfx } from "../pfx/readPfx";
import type { StoreSource } from "../inputs";
import { exportFromWindowsStore, WINDOWS_LOCATIONS } from "./windowsStore";

/** `platform`: the name that Node.js uses. If the read fails, throws a CertificateError. */
export function readFromStore(source: StoreSource, now: Date, platform: NodeJS.Platform = process.platform): Identity {
    const { thumbprint } = source;
    const normal = thumbprint === undefined ? source : { ...source, thumbprint: normalThumbprint(thumbprint) };
    if (platform === "win32") return readFromWindowsStore(normal, now);
    if (platform === "darwin") {
        throw new CertificateError(
            "unsupported",
            "source.store is not supported on macOS, because macOS shows a prompt for each key of its keychain; export the certificate from Keychain Access as a file, and use source.pfx",
        );
    }
    const { location } = source;
    if (location !== undefined && location !== CURRENT_USER && !isAbsolute(location)) {
        throw new CertificateError(
            "unsupported",
            `source.store.location must be an absolute path on Linux, or ${CURRENT_USER} for .NET's own folder; got ${JSON.stringify(location)}`,
        );
    }
    return readFromDotnetStore(normal, now);
}

function readFromWindowsStore(source: StoreSource, now: Date): Identity {
    const { location } = source;
    if (location !== undefined && !WINDOWS_LOCATIONS.includes(location)) {
        throw new CertificateError(
            "unsupported",
            `source.store.location must be ${WINDOWS_LOCATIONS.join(" or ")} on Windows, got ${JSON.stringify(location)}`,
        );
    }
    const { pfx, password } = exportFromWindowsStore(source);
    try {
        return readPfx(pfx, password, now);
    } finally {
        pfx.fill(0);
    }
}

/**
 * Removes spaces, colons, the invisible character that Windows' dialog adds to the beginning of a copied thumbprint,
 * and all other characters that are not hexadecimal digits.
 */
function normalThumbprint(text: string): string {
    return text.replace(/[^0-9a-f]/gi, "").toUpperCase();
}

// Reads a file whose path is in a variable. Its errors name the variable and the absolute path.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { fileSize, NOT_A_FILE } from "../fileSize";
import { credentialsError, type GivenVariable } from "./credentialVariables";

/**
 * Tokens, keys and certificates are smaller than this. A wrong path may lead to a large file, which must not fill
 * memory.
 */
const MAX_BYTES = 1024 * 1024;

export function readCredentialFile({ name, value }: GivenVariable, what: string): Buffer {
    const path = resolve(value);
    const refusal = (reason: string, cause?: unknown) => {
        const access = reason === DENIED ? "grant read access, or " : "";
        return credentialsError(`${name} names ${path}, ${reason}; ${access}set ${name} to the path of ${what}`, cause);
    };
    try {
        if (fileSize(path) > MAX_BYTES) throw refusal("which is larger than 1 MiB");
        const bytes = readFileSync(path);
        if (bytes.length === 0) throw refusal("which is empty");
        return bytes;
    } catch (error) {
        const { code = "" } = error as { code?: string };
        if (code === "ERR_CREDENTIALS") throw error;
        throw refusal(REASONS[code] ?? `which cannot be read (${code})`, error);
    }
}

const DENIED = "which this user is not allowed to read";
const REASONS: Readonly<Record<string, string>> = {
    ENOENT: "which does not exist",
    ENOTDIR: "which does not exist",
    EISDIR: "which is a folder",
    [NOT_A_FILE]: "which is a device or a pipe",
    EACCES: DENIED,
    EPERM: DENIED,
    ERR_INVALID_ARG_VALUE: "which is not a path",
};

// Reads text files in the encodings that Windows programs write.
import { readFileSync } from "node:fs";

/**
 * Reads a file in the encoding that its byte order mark shows, or else as UTF-8. Windows PowerShell's `>` writes
 * UTF-16, and Notepad may write UTF-16. Throws an error that says why the file cannot be read. For the codes
 * in `REASONS`, the error also says what to do.
 */
export function readText(path: string): string {
    const bytes = bytesOf(path);
    const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
    const encoding = mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8";
    return new TextDecoder(encoding).decode(bytes);
}

const REASONS: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file; correct the path",
    ENOTDIR: "a part of this path is a file; correct the path",
    EISDIR: "it is a folder; give the path of a file in it",
    EACCES: "this user is not allowed to read it; run the command as another user, or change the permissions of the file",
};

function bytesOf(path: string): Buffer {
    try {
        return readFileSync(path);
    } catch (error) {
        const { code = "", message } = error as NodeJS.ErrnoException;
        throw new Error(`reading ${path}: ${REASONS[code] ?? message}`, { cause: error });
    }
}

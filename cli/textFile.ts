// Reads a text file that a user names. Windows PowerShell writes what a command prints as UTF-16.
import { readFileSync } from "node:fs";

/** Throws why the file cannot be read, and what to do. */
export function textOfFile(path: string): string {
    return decoded(bytesOf(path));
}

function bytesOf(path: string): Buffer {
    try {
        return readFileSync(path);
    } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        throw new Error(`reading ${path}: ${(code !== undefined && REASONS[code]) || message}`, { cause: error });
    }
}

const REASONS: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file; correct the path",
    EISDIR: "it is a folder; name a file in it",
    EACCES: "this user is not allowed to read it; run the command as another user, or change its rights",
};

function decoded(bytes: Buffer): string {
    const [first = 0, second = 0] = bytes;
    const encoding =
        first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
    return new TextDecoder(encoding).decode(bytes);
}

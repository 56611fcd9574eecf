// Reads text files that programs of Windows wrote.
import { readFileSync } from "node:fs";

/** The byte order mark says which encoding it is. `>` of Windows PowerShell writes UTF-16, and Notepad may write one too. */
export function readText(path: string): string {
    const bytes = readFileSync(path);
    const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
}

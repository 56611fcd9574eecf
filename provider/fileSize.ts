// Reads the size of a file. Its path comes from a program, a variable or a folder that others can write.
import { statSync } from "node:fs";

/** The code of the error for a path that does not lead to a file. */
export const NOT_A_FILE = "ENOTFILE";

/** Throws for a device or a pipe, because a read of it may never end. */
export function fileSize(path: string): number {
    const stats = statSync(path);
    if (stats.isFile()) return stats.size;
    throw Object.assign(new Error("not a file"), { code: stats.isDirectory() ? "EISDIR" : NOT_A_FILE });
}

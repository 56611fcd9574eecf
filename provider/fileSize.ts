// Reads the size of a file whose path others may have chosen. Refuses devices and pipes.
import { statSync } from "node:fs";

/** The error code for a path that leads to a device or a pipe. */
export const NOT_A_FILE = "ENOTFILE";

/** Throws for a device or a pipe, because a read of it may never end. */
export function fileSize(path: string): number {
    const stats = statSync(path);
    if (stats.isFile()) return stats.size;
    throw Object.assign(new Error("not a file"), { code: stats.isDirectory() ? "EISDIR" : NOT_A_FILE });
}

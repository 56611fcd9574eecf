// Reads the size of a file. Refuses folders, devices and pipes, because a wrong path may lead to one of them.
import { statSync } from "node:fs";

/** The error code for a path that leads to a device or a pipe. */
export const NOT_A_FILE = "ENOTFILE";

/** Returns the size in bytes. Throws for a folder, a device or a pipe. A read of a device or pipe might never end. */
export function fileSize(path: string): number {
    const stats = statSync(path);
    if (stats.isFile()) return stats.size;
    throw Object.assign(new Error("not a file"), { code: stats.isDirectory() ? "EISDIR" : NOT_A_FILE });
}

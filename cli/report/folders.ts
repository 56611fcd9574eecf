// Writes the files of a report and of its history.
import { accessSync, constants, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/**
 * Makes the folder, and throws if this user cannot write to it. Call this function first, so that a wrong folder fails
 * early. `mode`: the rights on a folder that does not exist yet.
 */
export function assertWritable(folder: string, option: string, mode = 0o777): void {
    try {
        mkdirSync(folder, { recursive: true, mode });
        accessSync(folder, constants.W_OK);
    } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        const why = code === "EEXIST" || code === "ENOTDIR" ? "a part of this path is a file" : message;
        throw new Error(
            `${option} ${folder}: nothing can be written there (${why}); name a folder in which this user may write`,
            { cause: error },
        );
    }
}

/**
 * Writes a file under another name and then renames it. So the file at `path` is complete even after a killed run, and
 * two runs at the same time do not mix their contents.
 */
export function writeWhole(path: string, text: string): void {
    const unfinished = `${path}.${process.pid}.new`;
    try {
        writeFileSync(unfinished, text);
        renameSync(unfinished, path);
    } catch (error) {
        rmSync(unfinished, { force: true });
        // On Linux, the error code for a folder is EISDIR. On Windows it is EPERM, as for other errors. So the code
        // does not show whether `path` is a folder.
        const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
        const why = isFolder
            ? "this path must be a file, but it is a folder; remove the folder, or use another folder for the files"
            : `${(error as Error).message}; use another folder`;
        throw new Error(`writing ${path}: ${why}`, { cause: error });
    }
}

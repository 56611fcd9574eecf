// Writes all files of a project, or none. It changes no existing file except package.json.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Files } from "./files";

const MANIFEST = "package.json";
/** An existing .gitignore stays unchanged. */
const KEPT = ".gitignore";

/** Throws if the folder already has one of the files. An existing package.json or .gitignore is allowed. */
export function assertFree(folder: string, names: Iterable<string>): void {
    const taken = [...names].filter((name) => ![MANIFEST, KEPT].includes(name) && existsSync(join(folder, name)));
    if (taken.length === 0) return;
    throw new Error(
        `writing the project: ${folder} already contains ${taken.join(", ")}; use another folder with --out, or delete these files`,
    );
}

/** Returns the text of the package.json that is already in the folder. */
export function existingManifest(folder: string): string | undefined {
    const file = join(folder, MANIFEST);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

export function writeProject(folder: string, files: Files): void {
    assertFree(folder, files.keys());
    const made = mkdirSync(folder, { recursive: true });
    const manifest = existingManifest(folder);
    const written: string[] = [];
    try {
        for (const [name, text] of files) {
            const file = join(folder, name);
            if (name === KEPT && existsSync(file)) continue;
            writeFileSync(file, text, { flag: name === MANIFEST ? "w" : "wx" });
            written.push(file);
        }
    } catch (error) {
        for (const file of written) rmSync(file, { force: true });
        if (manifest !== undefined) writeFileSync(join(folder, MANIFEST), manifest);
        if (made !== undefined && readdirSync(folder).length === 0) rmdirSync(folder);
        throw error;
    }
}

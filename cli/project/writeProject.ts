// Writes all files of a project, or none. It changes no existing file except package.json.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { isRecord } from "../../provider/inputs/inputRules";
import { readText } from "../../system/textFile";
import type { Files } from "./files";

const MANIFEST = "package.json";
/** An existing .gitignore stays unchanged. */
const KEPT = ".gitignore";

/**
 * Throws if the folder already has one of the files. A .gitignore is allowed, and so is a package.json that can be
 * completed.
 */
export function assertFree(folder: string, names: Iterable<string>): void {
    const taken = [...names].filter((name) => ![MANIFEST, KEPT].includes(name) && existsSync(join(folder, name)));
    assertFolder(folder);
    existingManifest(folder);
    if (taken.length === 0) return;
    const them = taken.length === 1 ? "this file" : "these files";
    throw new Error(
        `writing the project: ${folder} already contains ${taken.join(", ")}; use another folder with --out, or delete ${them}`,
    );
}

/** Throws if a part of the path is a file. The folder itself does not need to exist. */
export function assertFolder(folder: string): void {
    if (!existsSync(folder)) {
        if (dirname(folder) !== folder) assertFolder(dirname(folder));
    } else if (!statSync(folder).isDirectory())
        throw new Error(
            `writing the project: ${folder} is not a folder; use another folder with --out, or rename this file`,
        );
}

/** Returns the text of the package.json that is already in the folder. */
export function existingManifest(folder: string): string | undefined {
    const file = join(folder, MANIFEST);
    if (!existsSync(file)) return undefined;
    if (statSync(file).isDirectory())
        throw new Error(`writing the project: ${file} is a folder; use another folder with --out`);
    const text = readText(file);
    if (isObject(text)) return text;
    throw new Error(`writing the project: ${file} does not contain a JSON object; correct the file`);
}

function isObject(text: string): boolean {
    try {
        return isRecord(JSON.parse(text));
    } catch {
        return false;
    }
}

export function writeProject(folder: string, files: Files): void {
    assertFree(folder, files.keys());
    const made = mkdirSync(folder, { recursive: true });
    const before = join(folder, MANIFEST);
    const manifest = existsSync(before) ? readFileSync(before) : undefined;
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
        if (manifest !== undefined) writeFileSync(before, manifest);
        if (made !== undefined && readdirSync(folder).length === 0) rmdirSync(folder);
        throw error;
    }
}

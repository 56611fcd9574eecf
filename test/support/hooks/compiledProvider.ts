// Compiles the current sources of the provider, with or without one planted bug. Tests start processes with the result.
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { transformSync } from "@swc/core";

const ROOT = resolve(__dirname, "../../..");
/** The folder is below node_modules, so that the compiled files find their packages. */
const CACHE = join(ROOT, "node_modules/.cache/compiled-provider");

/** A bug that a developer might add: a text of a file below `provider/`, and the text that replaces it. */
export interface PlantedBug {
    readonly file: string;
    readonly right: string;
    readonly wrong: string;
}

/** Returns the folder of the compiled `provider/`. */
export function compiledProvider(bug?: PlantedBug): string {
    return join(compiled(["provider", "plugin"], bug), "provider");
}

/** Compiles folders and files of this repository. Returns a folder that contains them under their own paths. */
export function compiled(paths: readonly string[], bug?: PlantedBug): string {
    const files = paths
        .flatMap((path) => sources(join(ROOT, path)))
        .map((path) => {
            const name = relative(ROOT, path);
            const text = readFileSync(path, "utf8");
            return { name, text: bug && name === join("provider", bug.file) ? planted(text, bug) : text };
        });
    const folder = join(CACHE, createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16));
    if (existsSync(folder)) return folder;
    const fresh = `${folder}.${randomUUID()}`;
    for (const { name, text } of files) {
        const target = join(fresh, name.replace(/\.ts$/, ".js"));
        mkdirSync(dirname(target), { recursive: true });
        const options = {
            module: { type: "commonjs" },
            jsc: { target: "es2022", parser: { syntax: "typescript" } },
        } as const;
        writeFileSync(
            target,
            transformSync(text, { filename: name, configFile: false, swcrc: false, ...options }).code,
        );
    }
    // Another jest worker may have compiled the folder first.
    try {
        renameSync(fresh, folder);
    } catch {
        rmSync(fresh, { recursive: true, force: true });
    }
    return folder;
}

/** Throws unless the provider's file contains the text that the bug replaces, and contains it only once. */
export function assertPlantable(bug: PlantedBug): void {
    planted(readFileSync(join(ROOT, "provider", bug.file), "utf8"), bug);
}

function planted(text: string, { file, right, wrong }: PlantedBug): string {
    if (text.split(right).length !== 2)
        throw new Error(`planting a bug: ${file} must contain this text exactly once: ${right}`);
    return text.replace(right, () => wrong);
}

function sources(folder: string): string[] {
    if (folder.endsWith(".ts")) return [folder];
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? sources(path) : path.endsWith(".ts") ? [path] : [];
    });
}

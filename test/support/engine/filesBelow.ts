import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Returns the paths of all files in a project, except those in node_modules. */
export function filesBelow(folder: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .map((name) => join(folder, name))
        .filter(
            (path) => !path.includes("node_modules") && statSync(path, { throwIfNoEntry: false })?.isFile() === true,
        );
}

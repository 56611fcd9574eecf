import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Returns the paths of all files in a project, except those in node_modules. Follows no links: node_modules has a link to
 * this checkout, whose Wine prefix links to the root of the machine.
 */
export function filesBelow(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isFile()) return [path];
        return entry.isDirectory() && entry.name !== "node_modules" ? filesBelow(path) : [];
    });
}

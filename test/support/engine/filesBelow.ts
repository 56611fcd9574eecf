import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Returns the paths of all files in a project. Leaves out node_modules and all links. Otherwise the search would follow
 * the link in node_modules to this checkout, and then the link in the checkout's Wine prefix to the machine's root.
 */
export function filesBelow(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isFile()) return [path];
        return entry.isDirectory() && entry.name !== "node_modules" ? filesBelow(path) : [];
    });
}

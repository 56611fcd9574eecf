// Reads what the build puts beside the plugin: its version, and the schema of its resources.
import { readFileSync } from "node:fs";
import { join } from "node:path";

declare const PLUGIN_VERSION: string;

/** The build replaces the placeholder by the version of the package. */
export const VERSION = PLUGIN_VERSION;

export function readSchema(): string {
    return readFileSync(join(__dirname, "schema.json"), "utf8");
}

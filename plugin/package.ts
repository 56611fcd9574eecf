// Provides the plugin's version and the schema of its resources. The build adds both to the plugin.
import { readFileSync } from "node:fs";
import { join } from "node:path";

declare const PLUGIN_VERSION: string;

/** The build replaces `PLUGIN_VERSION` with the version of the package. */
export const VERSION = PLUGIN_VERSION;

export function readSchema(): string {
    return readFileSync(join(__dirname, "schema.json"), "utf8");
}

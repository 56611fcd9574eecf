// Reads the version of this package.
import { readFileSync } from "node:fs";

export function packageVersion(): string {
    const text = readFileSync(require.resolve("pulumi-restore-portal/package.json"), "utf8");
    return (JSON.parse(text) as { readonly version: string }).version;
}

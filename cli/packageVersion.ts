// Reads the version of `pulumi-restore-portal` from its package.json.
import { readFileSync } from "node:fs";

export function packageVersion(): string {
    const text = readFileSync(require.resolve("pulumi-restore-portal/package.json"), "utf8");
    return (JSON.parse(text) as { readonly version: string }).version;
}

// Reads a file with what `pulumi preview --json` printed.
import { readFileSync } from "node:fs";

import type { StackPreview } from "./build";
import { PreviewReader } from "./preview";

export function previewIn(file: string): StackPreview {
    const text = readFileSync(file, "utf8");
    const reader = new PreviewReader();
    // One document, or one event on each line, with what else a pipeline has written into the file.
    const isRead = reader.read(text) || text.split("\n").filter((line) => reader.read(line)).length > 0;
    const preview = reader.end();
    if (!isRead) {
        throw new Error(
            `reading ${file}: it is not what pulumi preview --json --refresh prints; save that in the file`,
        );
    }
    const isEmpty = preview.stack === "" && preview.errors.length === 0;
    return { name: preview.stack || file, preview, ...(isEmpty ? { error: "the preview has no resource" } : {}) };
}

// Reads a file with what `pulumi preview --json` printed. A pipeline names a file for each stack, so a file that is
// missing or empty is a stack whose preview failed.
import { basename } from "node:path";

import { readText } from "../../system/textFile";
import type { StackPreview } from "./build";
import { PreviewReader } from "./preview";

export function previewIn(file: string): StackPreview {
    const name = basename(file).replace(/\.\w+$/, "");
    const text = textIn(file);
    if (text instanceof Error) return { name, error: `its preview is missing: ${text.message}` };
    const reader = new PreviewReader();
    // The file contains one document, or one event per line. A pipeline may also have written other lines, which are
    // ignored.
    if (!reader.read(documentIn(text))) for (const line of text.split("\n")) reader.read(line);
    const preview = reader.end();
    if (preview.stack !== "") return { name: preview.stack, preview };
    const [error = `${file} is not what pulumi preview --json --refresh prints`] = preview.errors;
    return { name, error };
}

function documentIn(text: string): string {
    return text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1);
}

function textIn(file: string): string | Error {
    try {
        return readText(file);
    } catch (error) {
        return error instanceof Error ? error : new Error(String(error));
    }
}

// Reads a file with the output of `pulumi preview --json`. A pipeline names one file for each stack, so a missing or
// empty file means that the preview of this stack failed.
import { basename } from "node:path";

import { readText } from "../../system/textFile";
import type { StackPreview } from "./build";
import { PreviewReader } from "./preview";

export function previewIn(file: string): StackPreview {
    const name = basename(file).replace(/\.\w+$/, "");
    const text = textIn(file);
    if (text instanceof Error) {
        const isMissing = (text.cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
        const again = isMissing ? ", or preview the stack again" : "";
        return { name, error: `its preview cannot be read: ${text.message}${again}` };
    }
    try {
        return previewOf(text, { file, name });
    } catch (error) {
        // Reading fails, for example, if the values are nested too deeply.
        const why = error instanceof Error ? error.message : String(error);
        return { name, error: `${file} cannot be read (${why}); preview the stack again` };
    }
}

function previewOf(text: string, { file, name }: { readonly file: string; readonly name: string }): StackPreview {
    const reader = new PreviewReader();
    // The file contains one document, or one event per line. A pipeline may also have written other lines, which are
    // ignored.
    if (!reader.read(documentIn(text))) for (const line of text.split("\n")) reader.readLine(line);
    const preview = reader.end();
    if (preview.stack !== "") return { name: preview.stack, preview };
    const [error = `${file} does not contain the output of pulumi preview --json --refresh; preview the stack again`] =
        preview.errors;
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

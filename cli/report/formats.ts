// Lists the forms of a report. To add one, add its row.
import { UsageError } from "../command";
import type { Report } from "./model";

interface Format {
    /** The name of the file in the folder of `--out`. */
    readonly file: string;
    /** Whether it makes sense on standard output. */
    readonly isText: boolean;
    /** Loads the form only when it is needed. */
    readonly load: () => Promise<(report: Report) => string>;
}

export const FORMATS: Readonly<Record<string, Format>> = {
    markdown: {
        file: "report.md",
        isText: true,
        load: async () => (await import("./forms/markdown.js")).renderMarkdown,
    },
    html: {
        file: "report.html",
        isText: false,
        load: async () => (await import("./html/renderHtml.js")).renderHtml,
    },
    json: { file: "report.json", isText: true, load: async () => (await import("./forms/json.js")).renderJson },
    junit: { file: "report.xml", isText: true, load: async () => (await import("./forms/junit.js")).renderJunit },
};

export const FORMAT_NAMES = Object.keys(FORMATS);

/** Returns the names in `--format html,markdown`. */
export function formatsIn(text: string): string[] {
    const names = [...new Set(text.split(",").map((name) => name.trim()))];
    const unknown = names.find((name) => !Object.hasOwn(FORMATS, name));
    if (unknown === undefined) return names;
    throw new UsageError(`--format must name ${FORMAT_NAMES.join(", ")}, separated by commas, not "${unknown}"`);
}

export async function rendered(report: Report, name: string): Promise<string> {
    const render = await FORMATS[name]?.load();
    return render?.(report) ?? "";
}

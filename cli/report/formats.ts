// Lists the forms of a report, each with its file and the function that renders it.
import { UsageError } from "../command";
import { renderJson } from "./forms/json";
import { renderJunit } from "./forms/junit";
import { renderMarkdown } from "./forms/markdown";
import { renderHtml } from "./html/renderHtml";
import type { Report } from "./model";

interface Format {
    /** The name of the file in the folder of `--out`. */
    readonly file: string;
    /** Whether `report` may print the form to standard output. */
    readonly isText: boolean;
    readonly render: (report: Report) => string;
}

export const FORMATS: Readonly<Record<string, Format>> = {
    html: { file: "report.html", isText: false, render: renderHtml },
    markdown: { file: "report.md", isText: true, render: renderMarkdown },
    json: { file: "report.json", isText: true, render: renderJson },
    junit: { file: "report.xml", isText: true, render: renderJunit },
};

export const FORMAT_NAMES = Object.keys(FORMATS);

/** Returns the names in the value of `--format`, such as `html,markdown`. */
export function formatsIn(text: string): string[] {
    const names = [...new Set(text.split(",").map((name) => name.trim()))];
    const unknown = names.find((name) => !Object.hasOwn(FORMATS, name));
    if (unknown === undefined) return names;
    throw new UsageError(
        `--format must be one or more of ${FORMAT_NAMES.join(", ")}, separated by commas, not "${unknown}"`,
    );
}

export function rendered(report: Report, name: string): string {
    return FORMATS[name]?.render(report) ?? "";
}

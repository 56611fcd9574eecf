// Writes a report as JSON. docs/reference/report.schema.json describes it.
import type { Report } from "../model";

export function renderJson(report: Report): string {
    return `${JSON.stringify(report, undefined, 2)}\n`;
}

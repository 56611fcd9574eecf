// Builds a text of limited length from sections. A table that fits only in part ends with the number of rows that it
// leaves out. A table is left out if not even its header fits. Pure.
import { counted } from "../../../provider/sentences";

/** The number of characters that a table keeps free for the line about omitted rows and the end of a folded section. */
const NOTE = 300;

export class MarkdownPage {
    private length = 0;
    private readonly parts: string[] = [];

    constructor(private readonly max: number) {}

    /** Adds each line that still fits. */
    add(...lines: readonly string[]): void {
        this.addUpTo(this.max, lines);
    }

    /** `max`: the length in characters up to which these lines may fill the page. */
    addUpTo(max: number, lines: readonly string[]): void {
        for (const line of lines) if (this.fits(line, max)) this.push(line);
    }

    /** `max`: the length in characters up to which this table may fill the page. */
    table(title: string, columns: readonly string[], rows: readonly (readonly string[])[], max = this.max): void {
        if (rows.length > 0) this.section(title, "", columns, rows, max);
    }

    /** Adds a table that stays folded until the reader opens it. */
    fold(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): void {
        if (rows.length === 0) return;
        this.section(`<details><summary>${title} (${rows.length})</summary>`, "</details>", columns, rows, this.max);
    }

    end(): string {
        return `${this.parts.join("\n\n")}\n`;
    }

    private section(
        start: string,
        end: string,
        columns: readonly string[],
        rows: readonly (readonly string[])[],
        max: number,
    ): void {
        const lines = [line(columns), line(columns.map(() => "---"))];
        let length = start.length + lines.join("\n").length;
        if (this.length + length + NOTE > max) return;
        let shown = 0;
        for (const row of rows) {
            const next = line(row);
            if (this.length + length + next.length + 1 + NOTE > max) break;
            lines.push(next);
            length += next.length + 1;
            shown += 1;
        }
        const left = rows.length - shown;
        const note =
            left === 0
                ? []
                : [`${counted(left, "more row")} ${left === 1 ? "is" : "are"} in the HTML and JSON reports.`];
        this.push([start, lines.join("\n"), ...note, ...(end === "" ? [] : [end])].join("\n\n"));
    }

    private fits(text: string, max: number): boolean {
        return this.length + text.length + 2 <= max;
    }

    private push(text: string): void {
        this.parts.push(text);
        this.length += text.length + 2;
    }
}

export function tableOf(columns: readonly string[], rows: readonly (readonly string[])[]): string {
    return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}

function line(cells: readonly string[]): string {
    return `| ${cells.join(" | ")} |`;
}

// Reads accepted.json. An error about an entry names the line and the entry, and the wrong member if there is one.
import { LineCounter, parseDocument } from "yaml";

import { isRecord } from "../../provider/inputs/inputRules";
import { plain } from "../../provider/plainText";
import type { Decision } from "./accepted";

const TEXTS = ["resource", "property", "until", "reason", "by"] as const;
const NAMES: readonly string[] = [...TEXTS, "value"];

/** Returns the decisions in the file, or throws an error that describes the first mistake. */
export function decisionsIn(text: string, file: string): Decision[] {
    const fail = (what: string) => new Error(`reading ${file}: ${what}`);
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch (error) {
        throw fail(`it is not JSON (${plain(messageOf(error))}, in line ${faultyLine(text)}); correct it`);
    }
    if (!Array.isArray(json)) throw fail(`it must be a list of decisions, such as ${EXAMPLE}`);
    return json.map((entry: unknown, index) => {
        const problem = problemOf(entry);
        if (problem === undefined) return entry as Decision;
        const { says, member } = problem;
        throw fail(`line ${lineOf(text, index, member)}, entry ${index + 1}: ${says}`);
    });
}

const EXAMPLE =
    '[{ "resource": "portal", "property": "servicePrincipal", "value": "assignment required", "until": "2027-01-31", "reason": "...", "by": "..." }]';

interface Problem {
    readonly says: string;
    /** The member that is wrong, if the entry has it. */
    readonly member?: string;
}

function problemOf(entry: unknown): Problem | undefined {
    if (!isRecord(entry)) return { says: `it must be an object, such as ${EXAMPLE.slice(1, -1)}` };
    const unknown = Object.keys(entry).find((name) => !NAMES.includes(name));
    if (unknown !== undefined)
        return { says: `"${unknown}" is not a member; use ${NAMES.join(", ")}`, member: unknown };
    const absent = NAMES.find((name) => entry[name] === undefined);
    if (absent !== undefined) return { says: `${absent} is missing; give ${NAMES.join(", ")}` };
    // An empty property stands for the whole resource, which `pulumi up` creates, deletes or replaces.
    const wrong = TEXTS.find((name) => typeof entry[name] !== "string" || (name !== "property" && entry[name] === ""));
    if (wrong !== undefined) return { says: `${wrong} must be a text; only property may be empty`, member: wrong };
    const { until } = entry as unknown as Decision;
    if (isDay(until)) return undefined;
    return { says: `until must be a day such as 2027-01-31, got ${JSON.stringify(until)}`, member: "until" };
}

function isDay(text: string): boolean {
    const date = new Date(`${text}T00:00:00Z`);
    return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/**
 * Returns the line of the first mistake. Parses more and more lines, because not every error of Node.js contains the
 * position of the mistake. In a text that is only cut off, the mistake is in the last line.
 */
function faultyLine(text: string): number {
    const lines = text.trimEnd().split("\n");
    const index = lines.findIndex((_, last) => {
        const start = lines.slice(0, last + 1).join("\n");
        try {
            JSON.parse(start);
            return false;
        } catch (error) {
            const [, position = ""] = /at position (\d+)/.exec(messageOf(error)) ?? [];
            const isCutOff = /end of JSON input|Unterminated string/.test(messageOf(error));
            return !isCutOff && position !== String(start.length);
        }
    });
    return index === -1 ? lines.length : index + 1;
}

function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** Uses the YAML parser, because it returns the position of each value. JSON is also valid YAML. */
function lineOf(text: string, entry: number, member: string | undefined): number {
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { lineCounter, keepSourceTokens: true });
    const path = [entry, ...(member === undefined ? [] : [member])];
    const node = document.getIn(path, true) as { readonly range?: readonly number[] } | undefined;
    return lineCounter.linePos(node?.range?.[0] ?? 0).line;
}

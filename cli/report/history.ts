// Compares a report with the last run: marks the differences that are new or still there, and lists the differences
// that are gone. Pure.
import { createHash } from "node:crypto";

import type { Difference, GoneDifference, Json, Report, Row, TrendPoint, Totals } from "./model";

/**
 * The record of one run in the history. A hash and a short text replace the values of each difference, so that the
 * record stays small.
 */
export interface Run {
    readonly version: 1;
    readonly createdAt: string;
    readonly totals: Totals;
    readonly differences: readonly KeptDifference[];
}

export interface KeptDifference {
    readonly urn: string;
    readonly stack: string;
    readonly name: string;
    readonly property: string;
    /** A hash of the resource, the property and the live value. Another live value is another difference. */
    readonly key: string;
    readonly words: string;
    /**
     * The time of the first run that reported the difference. After a run in which the difference was gone, the next
     * run that reports it counts as the first.
     */
    readonly since: string;
}

/** The highest number of runs in the trend. */
export const TREND = 30;
const MAX_WORDS = 200;

/** `runs`: the earlier runs, oldest first. */
export function withHistory(report: Report, runs: readonly Run[]): Report {
    const last = runs.at(-1);
    const before = new Map((last?.differences ?? []).map((one) => [one.key, one]));
    const rows = report.rows.map((row) => withSince(row, before, report.createdAt, last !== undefined));
    const current = new Set(rows.flatMap(({ differences }) => differences.map(keyOf)));
    const isKnown = knownIn(report);
    const gone = [...before.values()].filter((kept) => !current.has(kept.key) && isKnown(kept));
    return {
        ...report,
        rows,
        ...(last === undefined ? {} : { comparedWith: last.createdAt }),
        gone: gone.map(goneDifference),
        trend: trendOf(runs, report),
    };
}

/** Returns the record of this run. The record keeps earlier differences that this run could not check. */
export function runOf(report: Report, runs: readonly Run[]): Run {
    const differences = report.rows.flatMap(({ urn, stack, name, differences: all }) =>
        all.map((difference): KeptDifference => {
            const { property, words, since = report.createdAt } = difference;
            return { urn, stack, name, property, key: keyOf(difference), words: words.slice(0, MAX_WORDS), since };
        }),
    );
    const keys = new Set(differences.map(({ key }) => key));
    const isKnown = knownIn(report);
    const unseen = (runs.at(-1)?.differences ?? []).filter((kept) => !keys.has(kept.key) && !isKnown(kept));
    const { createdAt, totals } = report;
    return { version: 1, createdAt, totals, differences: [...differences, ...unseen] };
}

/**
 * The returned function decides whether this run could check a difference: the preview of the stack succeeded, and the
 * row was readable. Stacks of several projects can have the same name, so a stack is recognized by the URNs of its
 * rows. Only a stack without rows is recognized by its name.
 */
function knownIn({ stacks, rows }: Report): (kept: Pick<KeptDifference, "urn" | "stack">) => boolean {
    const complete = new Set(stacks.flatMap(({ name, status }) => (status === "ok" ? [name] : [])));
    const withRows = new Set(rows.map(({ stack }) => stack));
    const places = new Set(rows.flatMap(({ urn, stack }) => (complete.has(stack) ? [placeOf(urn)] : [])));
    const unread = new Set(rows.flatMap(({ urn, status }) => (status === "unreadable" ? [urn] : [])));
    return ({ urn, stack }) =>
        !unread.has(urn) && (places.has(placeOf(urn)) || (complete.has(stack) && !withRows.has(stack)));
}

/** Returns the stack and the project in a URN, such as `urn:pulumi:dev::portals`. */
function placeOf(urn: string): string {
    return urn.split("::", 2).join("::");
}

function withSince(row: Row, before: ReadonlyMap<string, KeptDifference>, now: string, isCompared: boolean): Row {
    const differences = row.differences.map((difference): Difference => {
        const known = before.get(keyOf(difference));
        return {
            ...difference,
            since: known?.since ?? now,
            ...(isCompared ? { change: known ? ("still" as const) : ("new" as const) } : {}),
        };
    });
    const [since] = differences.flatMap((one) => (one.since === undefined ? [] : [one.since])).sort();
    return { ...row, differences, ...(since === undefined ? {} : { since }) };
}

function keyOf({ resource, property, live }: Pick<Difference, "resource" | "property" | "live">): string {
    return createHash("sha256")
        .update(JSON.stringify([resource, property, sorted(live)]))
        .digest("hex")
        .slice(0, 16);
}

/** The order of a list does not matter. */
function sorted(value: Json): Json {
    return Array.isArray(value) ? [...(value as readonly Json[])].map(String).sort() : value;
}

function goneDifference({ urn, stack, name, property, words, since }: Omit<KeptDifference, "key">): GoneDifference {
    return { urn, stack, name, property, words, since };
}

function trendOf(runs: readonly Run[], { createdAt, totals }: Report): TrendPoint[] {
    const points = runs.map((run) => ({ date: run.createdAt, totals: run.totals }));
    return [...points, { date: createdAt, totals }].slice(-TREND);
}

// Decides which rows the page shows, and in which order. The URL's fragment contains these choices, so a link opens the
// same rows. Pure.
import type { PageData, PageRow } from "./data";

export type Show = keyof typeof SHOWN;
export type Sort = "urgency" | "name" | "since";

export interface View {
    readonly show: Show;
    /** A row matches if it contains every word of the query. */
    readonly query: string;
    /** Empty: all stacks. */
    readonly stack: string;
    readonly kind: "" | "portal" | "customer";
    readonly sort: Sort;
    readonly reversed: boolean;
    /** The id of the only row to show. */
    readonly only: string;
    readonly open: ReadonlySet<string>;
    /** The highest number of rows on the page. */
    readonly most: number;
}

/** The page first shows this many rows, because more would make it slow. A reader can show more, or set a filter. */
export const PAGE_OF_ROWS = 50;

/** For each choice: its label, and the rows that it shows. */
export const SHOWN = {
    problems: { label: "Problems", has: isProblem },
    cannotSignIn: { label: "Users cannot sign in", has: (row: PageRow) => row.signIn === "fails" },
    drifted: { label: "Drifted", has: (row: PageRow) => row.status === "drifted" },
    unreadable: { label: "Not readable", has: (row: PageRow) => row.status === "unreadable" },
    consentMissing: { label: "Consent missing", has: (row: PageRow) => row.consentMissing === true },
    ending: { label: "Certificate expires soon", has: (row: PageRow) => row.ending === true },
    new: { label: "New", has: (row: PageRow) => hasChange(row, "new") },
    still: { label: "Still there", has: (row: PageRow) => hasChange(row, "still") },
    accepted: { label: "Accepted", has: (row: PageRow) => row.differences.some(({ accepted }) => accepted) },
    asDeclared: { label: "As declared", has: (row: PageRow) => row.status === "asDeclared" },
    all: { label: "All", has: () => true },
} as const;

export const DEFAULT_VIEW: View = {
    show: "problems",
    query: "",
    stack: "",
    kind: "",
    sort: "urgency",
    reversed: false,
    only: "",
    open: new Set(),
    most: PAGE_OF_ROWS,
};

function isProblem(row: PageRow): boolean {
    return row.status === "drifted" || row.status === "unreadable" || row.signIn === "fails" || row.ending === true;
}

function hasChange(row: PageRow, change: "new" | "still"): boolean {
    return row.differences.some((difference) => difference.change === change);
}

/** Returns all matching rows in the order of the view, including rows that are not on the page yet. */
export function rowsOf({ rows }: Pick<PageData, "rows">, view: View): readonly PageRow[] {
    if (view.only !== "") return rows.filter(({ id }) => id === view.only);
    const words = view.query.toLowerCase().split(/\s+/).filter(Boolean);
    const { has } = SHOWN[view.show];
    const found = rows.filter(
        (row) =>
            has(row) &&
            (view.stack === "" || row.stack === view.stack) &&
            (view.kind === "" || row.kind === view.kind) &&
            (words.length === 0 || matches(row, words)),
    );
    const sign = view.reversed ? -1 : 1;
    // A search for a name shows the row of that name before the rows that only mention it.
    const mention = (row: PageRow) => (words.length > 0 && row.name.toLowerCase().includes(words.join(" ")) ? 0 : 1);
    return found.sort(
        (a, b) => mention(a) - mention(b) || sign * ORDER[view.sort](a, b) || URGENCY(a, b) || byName(a, b),
    );
}

/** The searchable text of each row. It is made once, because each keystroke searches all rows. */
const texts = new WeakMap<PageRow, string>();

function matches(row: PageRow, words: readonly string[]): boolean {
    let text = texts.get(row);
    if (text === undefined) texts.set(row, (text = searchText(row)));
    return words.every((word) => text.includes(word));
}

function searchText(row: PageRow): string {
    const { name, stack, kind, portal, tenantId, applicationId, servicePrincipalId, words, signInReason } = row;
    const differences = row.differences.flatMap(({ property, label, words, declared, live, aadsts, who }) => [
        property,
        label,
        words,
        declared,
        live,
        ...(aadsts ?? []).map((code) => `AADSTS${code}`),
        ...(who ?? []),
    ]);
    const checks = row.checks.flatMap(({ name, message }) => [name, message]);
    const own = [name, stack, kind, portal, tenantId, applicationId, servicePrincipalId, words, signInReason];
    return [...own, row.unreadable, ...(row.who ?? []), ...differences, ...checks]
        .filter(Boolean)
        .join("\n")
        .toLowerCase();
}

const URGENCY = (a: PageRow, b: PageRow) => urgency(a) - urgency(b);

/**
 * Drifted portals whose users cannot sign in come first, then drifted customers whose users cannot sign in. A customer
 * that fails only because of its portal comes later, because the repair of the portal is enough.
 */
function urgency(row: PageRow): number {
    if (row.status === "unreadable") return 2;
    if (row.signIn === "fails") return row.status !== "drifted" ? 5 : row.kind === "portal" ? 0 : 1;
    if (row.differences.some(({ risk, accepted }) => risk === "widened" && !accepted)) return 3;
    return row.status === "drifted" ? 4 : row.ending ? 6 : row.status === "accepted" ? 7 : 8;
}

function byName(a: PageRow, b: PageRow): number {
    return compare(a.name, b.name) || compare(a.stack, b.stack);
}

function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

const ORDER: Readonly<Record<Sort, (a: PageRow, b: PageRow) => number>> = {
    urgency: () => 0,
    name: byName,
    // The newest rows come first. Rows without a time come last.
    since: (a, b) => compare(b.since ?? "", a.since ?? ""),
};

/** Returns the fragment without "#". The fragment contains only values that differ from the default. */
export function fragmentOf(view: View): string {
    const given = new URLSearchParams();
    for (const name of ["show", "query", "stack", "kind", "sort", "only"] as const)
        if (view[name] !== DEFAULT_VIEW[name]) given.set(name, view[name]);
    if (view.reversed) given.set("reversed", "yes");
    return given.toString();
}

/** Reads a fragment. Ignores values that are not valid. */
export function viewOf(fragment: string, { rows, stacks }: Pick<PageData, "rows" | "stacks">): View {
    const given = new URLSearchParams(fragment.replace(/^#/, ""));
    const one = <T extends string>(name: string, valid: readonly T[], fallback: T): T =>
        valid.find((value) => value === given.get(name)) ?? fallback;
    const ids = given.has("only") ? rows.map(({ id }) => id) : [];
    const only = one("only", ids, "");
    return {
        show: one("show", Object.keys(SHOWN) as Show[], DEFAULT_VIEW.show),
        query: given.get("query") ?? "",
        stack: one<string>("stack", stacks.map(({ name }) => name), ""), // prettier-ignore
        kind: one("kind", ["portal", "customer"], ""),
        sort: one("sort", Object.keys(ORDER) as Sort[], DEFAULT_VIEW.sort),
        reversed: given.get("reversed") === "yes",
        only,
        open: new Set(only === "" ? [] : [only]),
        most: PAGE_OF_ROWS,
    };
}

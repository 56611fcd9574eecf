// Counts the rows of a report, sorts them, and sums up the report in one sentence. Pure.
import type { Report, Row, RowStatus, Totals } from "./model";

/** Sorts, counts and sums up a report. Call it again if the status of a row changes. */
export function summed(report: Omit<Report, "totals" | "sentence">): Report {
    const rows = [...report.rows].sort(byUrgency);
    const totals = totalsOf({ ...report, rows });
    return { ...report, rows, totals, sentence: sentenceOf(totals, rows, report.partial.length > 0) };
}

const ORDER: readonly RowStatus[] = ["unreadable", "drifted", "accepted", "asDeclared"];

function byUrgency(a: Row, b: Row): number {
    const byStatus = ORDER.indexOf(a.status) - ORDER.indexOf(b.status);
    const byKind = a.kind === b.kind ? 0 : a.kind === "portal" ? -1 : b.kind === "portal" ? 1 : 0;
    return byStatus || compare(a.stack, b.stack) || byKind || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

function totalsOf({ rows, certificates }: Pick<Report, "rows" | "certificates">): Totals {
    const of = (status: RowStatus) => rows.filter((row) => row.status === status).length;
    return {
        rows: rows.length,
        asDeclared: of("asDeclared"),
        drifted: of("drifted"),
        unreadable: of("unreadable"),
        accepted: of("accepted"),
        certificatesEnding: certificates.filter(({ state }) => state === "ending" || state === "due").length,
        consentMissing: rows.filter(lacksConsent).length,
        cannotSignIn: rows.filter(({ signIn }) => signIn === "fails").length,
    };
}

/** Whether admin consent is missing or incomplete. Without the service principal, a tenant has no consent. */
export function lacksConsent({ kind, checks, differences }: Row): boolean {
    const named = [...checks.filter(({ status }) => status === "failed").map(({ name }) => name)];
    if (named.includes("grantedPermissions")) return true;
    return (
        kind === "customer" &&
        differences.some(({ property, live }) => property === "servicePrincipal" && live === "missing")
    );
}

function sentenceOf(totals: Totals, all: readonly Row[], isPartial: boolean): string {
    const { rows, asDeclared, drifted, unreadable, accepted, cannotSignIn } = totals;
    const things = thingsIn(all);
    if (rows === 0) return isPartial ? "nothing could be read" : "the stacks have no portal and no customer";
    const parts = [
        ...(drifted > 0 ? [`${drifted} ${driftIn(all, drifted === 1)}`] : []),
        ...(unreadable > 0 ? [`${unreadable} could not be read`] : []),
        ...(cannotSignIn > 0 ? [`users of ${cannotSignIn} cannot sign in`] : []),
        ...(accepted > 0 ? [`${accepted} ${accepted === 1 ? "has" : "have"} only accepted differences`] : []),
    ];
    const [every, are] = rows === 1 ? ["1 of 1", "is"] : [`all ${rows}`, "are"];
    const place = isPartial ? " in it" : "";
    const calm = asDeclared === rows ? `${every} ${things}${place} ${are} as declared` : "";
    // Only the first count names the things that are counted.
    const said = parts.length === 0 ? calm : parts.join("; ").replace(/\d+/, `$& of ${rows} ${things}`);
    return isPartial ? `the report is incomplete: ${said}` : said;
}

function thingsIn(rows: readonly Row[]): string {
    const hasParts = rows.some(({ kind }) => kind === "server" || kind === "certificate");
    return hasParts ? "portals, customers, servers and certificates" : "portals and customers";
}

/** A row whose differences are all accepted, or that has none, is `drifted` because of a failed check. */
function driftIn(rows: readonly Row[], isOne: boolean): string {
    const drifted = rows.filter(({ status }) => status === "drifted");
    const hasFailed = drifted.some(({ differences }) => differences.every(({ accepted }) => accepted !== undefined));
    const [differs, failed] = isOne ? ["differs", "has a failed check"] : ["differ", "have a failed check"];
    return hasFailed ? `${differs} from the program or ${failed}` : `${differs} from the program`;
}

/** `unreadable`: something could not be read. `drift`: a difference is not accepted, or a check failed. */
export function outcomeOf({ totals, partial }: Report): "unreadable" | "drift" | "ok" {
    if (partial.length > 0 || totals.unreadable > 0) return "unreadable";
    return totals.drifted > 0 ? "drift" : "ok";
}

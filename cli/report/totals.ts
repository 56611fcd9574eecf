// Counts the rows of a report, sorts them, and sums up the report in one sentence. Pure.
import type { Report, Row, RowStatus, Totals } from "./model";

/** Sorts, counts and sums up a report again, for example after differences were accepted. */
export function summed(report: Omit<Report, "totals" | "sentence">): Report {
    const rows = [...report.rows].sort(byUrgency);
    const totals = totalsOf({ ...report, rows });
    return { ...report, rows, totals, sentence: sentenceOf(totals, report.partial.length > 0) };
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

/** A customer's tenant without the service principal has not consented either. */
export function lacksConsent({ kind, checks, differences }: Row): boolean {
    const named = [...checks.filter(({ status }) => status === "failed").map(({ name }) => name)];
    if (named.includes("grantedPermissions")) return true;
    return (
        kind === "customer" &&
        differences.some(({ property, live }) => property === "servicePrincipal" && live === "missing")
    );
}

function sentenceOf(totals: Totals, isPartial: boolean): string {
    const { rows, asDeclared, drifted, unreadable, accepted, cannotSignIn } = totals;
    if (rows === 0) return isPartial ? "nothing could be read" : "the stacks have no portal and no customer";
    const of = `of ${rows} portals and customers`;
    const parts = [
        ...(drifted > 0 ? [`${drifted} ${of} ${drifted === 1 ? "differs" : "differ"} from the program`] : []),
        ...(unreadable > 0 ? [`${unreadable}${drifted > 0 ? "" : ` ${of}`} could not be read`] : []),
        ...(cannotSignIn > 0 ? [`users of ${cannotSignIn} cannot sign in`] : []),
        ...(accepted > 0 ? [`${accepted} ${accepted === 1 ? "differs" : "differ"} as accepted`] : []),
    ];
    const calm = asDeclared === rows ? `all ${rows} portals and customers are as declared` : "";
    const said = parts.length === 0 ? calm : parts.join("; ");
    return isPartial ? `the report is incomplete: ${said}` : said;
}

/** `unreadable`: something could not be read. `drift`: a difference is not accepted, or a check failed. */
export function outcomeOf({ totals, partial }: Report): "unreadable" | "drift" | "ok" {
    if (partial.length > 0 || totals.unreadable > 0) return "unreadable";
    return totals.drifted > 0 ? "drift" : "ok";
}

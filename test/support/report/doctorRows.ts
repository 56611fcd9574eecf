// Compares the rows of a report with doctor's checks of the same tenants.
import type { Report, Row } from "../../../cli/report/model";

interface Check {
    readonly name: string;
    readonly status: "ok" | "warning" | "failed" | "unknown";
    readonly message: string;
    readonly aadsts?: number;
    readonly follows?: string;
}

interface Diagnosis {
    readonly portal?: string;
    readonly customer?: string;
    readonly checks: readonly Check[];
}

export interface Doctor {
    readonly portals: readonly Diagnosis[];
    readonly customers: readonly Diagnosis[];
}

/**
 * Returns one line for each check that did not pass, such as `gateway portalUrl failed`. Omits the checks that `left`
 * names, and checks whose status another check explains (`follows`).
 */
export function doctorLines(doctors: readonly Doctor[], left: readonly string[]): string[] {
    return doctors
        .flatMap(({ portals, customers }) => [...portals, ...customers])
        .flatMap(({ portal, customer = portal, checks }) =>
            checks
                .filter(({ name, status, follows }) => status !== "ok" && follows === undefined && !left.includes(name))
                .map(({ name, status }) => `${customer ?? ""} ${name} ${status}`),
        )
        .sort();
}

export function reportLines({ rows }: Pick<Report, "rows">): string[] {
    return rows.flatMap(({ name, checks }) => checks.map((one) => `${name} ${one.name} ${one.status}`)).sort();
}

/**
 * Returns one line for each AADSTS code that doctor reports and the report does not, such as `gateway portalUrl 50011`.
 * Omits the checks that `left` names.
 */
export function missingCodes(doctors: readonly Doctor[], rows: readonly Row[], left: readonly string[]): string[] {
    return doctors
        .flatMap(({ portals, customers }) => [...portals, ...customers])
        .flatMap(({ portal, customer = portal, checks }) => {
            const row = rows.find(({ name }) => name === customer);
            const codes = [
                ...(row?.checks ?? []).flatMap(({ aadsts }) => (aadsts === undefined ? [] : [aadsts])),
                ...(row?.differences ?? []).flatMap(({ aadsts }) => aadsts),
            ];
            return checks
                .filter(({ name, aadsts }) => aadsts !== undefined && !left.includes(name) && !codes.includes(aadsts))
                .map(({ name, aadsts }) => `${customer ?? ""} ${name} ${aadsts ?? ""}`);
        });
}

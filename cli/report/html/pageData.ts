// Makes the data of the HTML page from a report. Pure.
import { createHash } from "node:crypto";

import { UNCHECKED } from "../../diagnosis/check";
import type { CertificateEnd, Difference, FailedCheck, Report, Row } from "../model";
import { lacksConsent } from "../totals";
import type { PageCertificate, PageData, PageDifference, PageRow } from "./page/data";

export function pageData(report: Report): PageData {
    const { createdAt, versions, sentence, totals, partial, notes, stacks, comparedWith, trend } = report;
    const rows = new Map(report.rows.map((row) => [row.urn, row]));
    const ending = new Set(report.certificates.filter(endsSoon).map(({ row }) => row));
    return {
        ...{ createdAt, versions, sentence, totals, partial, notes, stacks, trend },
        ...(comparedWith === undefined ? {} : { comparedWith }),
        unusedDecisions: report.unusedDecisions,
        rows: report.rows.map((row) => pageRow(row, rows, ending.has(row.urn))),
        certificates: report.certificates.map((certificate) => pageCertificate(certificate, rows)),
        gone: report.gone.map(({ stack, name, words, since }) => ({
            stack,
            name,
            words,
            ...withoutUndefined({ since }),
        })),
    };
}

function pageRow(row: Row, rows: ReadonlyMap<string, Row>, ending: boolean): PageRow {
    const { stack, kind, name, tenantId, applicationId, status, signIn, words, operation, links } = row;
    const { servicePrincipalId, signInReason, unreadable, since, who } = row;
    const portal = row.portal === undefined ? undefined : rows.get(row.portal)?.name;
    const checks = new Map(row.checks.map((check) => [inputOf(check.name), check]));
    const shown = new Set(row.differences.map(({ property }) => property));
    return {
        id: createHash("sha256").update(row.urn).digest("hex").slice(0, 10),
        ...{ stack, kind, name, tenantId, applicationId, status, signIn, words, operation, links },
        ...withoutUndefined({ portal, servicePrincipalId, signInReason, unreadable, since, who: who && whoWords(who) }),
        ...(lacksConsent(row) ? { consentMissing: true } : {}),
        ...(ending ? { ending: true } : {}),
        differences: row.differences.map((difference) => pageDifference(difference, checks.get(difference.property))),
        checks: row.checks
            .filter(({ name }) => !shown.has(inputOf(name)))
            .map((check) => ({ ...check, message: check.message.replace(UNCHECKED, "") }))
            .filter(({ message }) => message !== unreadable),
    };
}

/** Returns the input that a check is about. The name of a server's check has the server's name before the input. */
function inputOf(check: string): string {
    return check.split(".").at(-1) ?? "";
}

function pageDifference(difference: Difference, check: FailedCheck | undefined): PageDifference {
    const { property, label, words, up, risk, cause, declaredText, liveText, since, change, accepted, who } =
        difference;
    const aadsts = difference.aadsts.length > 0 ? difference.aadsts : undefined;
    // `up` already describes the action of `pulumi up`, so a remedy that repeats this action is left out.
    const remedy = check?.remedy?.startsWith("run pulumi up") ? undefined : check?.remedy;
    return {
        ...{ property, label, words, up, risk, cause, declared: declaredText, live: liveText },
        ...withoutUndefined({ since, change, accepted, aadsts, remedy, who: who && whoWords(who) }),
    };
}

function whoWords({ words, candidates }: NonNullable<Difference["who"]>): readonly string[] {
    return candidates.length > 1 ? words.split("; or ") : [words];
}

function pageCertificate(certificate: CertificateEnd, rows: ReadonlyMap<string, Row>): PageCertificate {
    const { row: urn, ours, ...rest } = certificate;
    const row = rows.get(urn);
    return { ...rest, row: row?.name ?? urn, stack: row?.stack ?? "", ...(ours ? { ours } : {}) };
}

/** Uses the same condition as `totals.certificatesEnding`. */
function endsSoon({ state }: CertificateEnd): boolean {
    return state === "ending" || state === "due";
}

type Given<T> = { readonly [Name in keyof T]?: NonNullable<T[Name]> };

function withoutUndefined<T extends object>(members: T): Given<T> {
    return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>;
}

// Writes a report as Markdown for a pull request, an issue or a chat. Totals come before problems, and folded sections
// come after them. GitHub accepts at most 65,536 characters per comment, so the text never has more than 60,000. Pure.
import type { CertificateEnd, GoneDifference, Report, Row, StackReport, Totals, UnusedDecision } from "../model";
import { lacksConsent } from "../totals";
import { MarkdownPage, tableOf } from "./markdownPage";
import { code, link, text } from "./markdownText";

export const MAX_CHARACTERS = 60_000;
/** The number of characters that the table of problems leaves for the sections after it. */
const RESERVE = 15_000;

export function renderMarkdown(report: Report): string {
    const page = new MarkdownPage(MAX_CHARACTERS);
    const open = report.rows.filter(({ status }) => status === "unreadable" || status === "drifted");
    page.add(`## ${headline(report)}`);
    page.addUpTo(
        MAX_CHARACTERS - RESERVE * 3,
        report.partial.slice(0, MAX_PARTIAL).map((line) => `> **Incomplete:** ${text(line)}`),
    );
    page.add(text(`${capital(report.sentence)}.`), totalsTable(report.totals));
    page.table("### Problems", PROBLEMS, open.map(problemCells), MAX_CHARACTERS - RESERVE);
    page.fold("What <code>pulumi up</code> will do", UP, open.flatMap(upCells));
    page.fold(
        "Accepted",
        ["Portal or customer", "What differs", "Until", "Reason", "By"],
        report.rows.flatMap(acceptedCells),
    );
    page.fold(
        "Decisions that accept nothing",
        ["Resource", "Property", "Why", "By"],
        report.unusedDecisions.map(unusedCells),
    );
    page.fold("Gone since the last run", ["Stack", "Portal or customer", "What differed"], report.gone.map(goneCells));
    page.fold("Warnings", ["Stack", "Portal or customer", "Warning"], report.rows.flatMap(warningCells));
    page.fold(
        "Certificates that expire first",
        ["Portal", "Certificate", "Expires", "Days left", "State"],
        certificateCells(report),
    );
    page.fold("Stacks", ["Stack", "Portals", "Customers", "Other changes", "Preview"], report.stacks.map(stackCells));
    page.add(...report.notes.map(text), text(footer(report)));
    return page.end();
}

/**
 * The highest number of reasons for an incomplete report at the top of the text. The table of stacks also shows each
 * failed preview.
 */
const MAX_PARTIAL = 20;
const PROBLEMS = ["Status", "Stack", "Portal or customer", "What differs", "Since", "Entra"];
const UP = ["Portal or customer", "Property", "Live", "Declared", "pulumi up"];

const STATUS = {
    asDeclared: "as declared",
    drifted: "**drifted**",
    unreadable: "**not readable**",
    accepted: "accepted",
} as const;

function headline({ totals, partial }: Report): string {
    if (partial.length > 0) return "Restore portals: incomplete report";
    if (totals.unreadable > 0) return `Restore portals: ${totals.unreadable} not readable, ${totals.drifted} drifted`;
    return totals.drifted > 0 ? `Restore portals: ${totals.drifted} drifted` : "Restore portals: as declared";
}

function totalsTable(totals: Totals): string {
    const columns = [
        ["As declared", totals.asDeclared],
        ["Drifted", totals.drifted],
        ["Not readable", totals.unreadable],
        ["Accepted", totals.accepted],
        ["Users cannot sign in", totals.cannotSignIn],
        ["Consent missing", totals.consentMissing],
        ["Certificates expire soon", totals.certificatesEnding],
    ] as const;
    return tableOf(
        columns.map(([name]) => name),
        [columns.map(([, count]) => String(count))],
    );
}

function problemCells(row: Row): string[] {
    const { status, stack, name, words, differences, since, links } = row;
    const isNew = differences.some(({ change }) => change === "new");
    const who = [row, ...differences].flatMap((one) => (one.who ? [one.who.words] : []));
    return [
        [
            STATUS[status],
            ...(row.signIn === "fails" ? ["users cannot sign in"] : []),
            ...(lacksConsent(row) ? ["consent missing"] : []),
        ].join("<br>"),
        code(stack),
        code(name),
        [text(words), ...who.map(text)].join("<br>"),
        [since === undefined ? "" : text(since.slice(0, 10)), isNew ? "new" : ""].filter(Boolean).join("<br>"),
        [link("application", links.application), link("enterprise application", links.enterpriseApplication)]
            .filter(Boolean)
            .join("<br>"),
    ];
}

function upCells({ name, differences }: Row): string[][] {
    return differences.map(({ property, liveText, declaredText, up }) => [
        code(name),
        code(property === "" ? "resource" : property),
        text(liveText),
        text(declaredText),
        text(up),
    ]);
}

function acceptedCells({ name, differences }: Row): string[][] {
    return differences.flatMap(({ accepted, words }) =>
        accepted === undefined
            ? []
            : [[code(name), text(words), text(accepted.until), text(accepted.reason), text(accepted.by)]],
    );
}

function certificateCells({ certificates, rows }: Report): string[][] {
    const nameOf = ({ row }: CertificateEnd) => rows.find(({ urn }) => urn === row)?.name ?? "";
    return certificates
        .slice(0, 20)
        .map((end) => [
            code(nameOf(end)),
            code(end.thumbprint),
            text(end.notAfter.slice(0, 10)),
            String(end.daysLeft),
            text(end.state),
        ]);
}

function warningCells({ stack, name, status, checks }: Row): string[][] {
    // The table of problems already shows the warnings of unreadable and drifted rows.
    if (status === "unreadable" || status === "drifted") return [];
    return checks
        .filter((one) => one.status === "warning")
        .map(({ message }) => [code(stack), code(name), text(message)]);
}

function unusedCells({ resource, property, why, by }: UnusedDecision): string[] {
    return [code(resource), property === "" ? "the whole resource" : code(property), text(why), text(by)];
}

function goneCells({ stack, name, words }: GoneDifference): string[] {
    return [code(stack), code(name), text(words)];
}

function stackCells({ name, portals, customers, otherChanges, error }: StackReport): string[] {
    return [
        code(name),
        String(portals),
        String(customers),
        String(otherChanges),
        error === undefined ? "ok" : text(error),
    ];
}

function footer({ createdAt, versions: { tool, engine } }: Report): string {
    const pulumi = engine === undefined ? "" : `, Pulumi ${engine}`;
    return `${createdAt.slice(0, 16).replace("T", " ")} UTC, pulumi-restore-portal ${tool}${pulumi}`;
}

function capital(sentence: string): string {
    return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

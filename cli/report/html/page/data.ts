// Defines the data of the HTML page. It contains only the parts of the report that the page shows, so that a thousand
// portals need less than 2 MB. Types only.
import type { CertificateEnd, Difference, FailedCheck, Report, Row } from "../../model";

export interface PageData extends Pick<
    Report,
    | "createdAt"
    | "versions"
    | "sentence"
    | "totals"
    | "partial"
    | "notes"
    | "stacks"
    | "comparedWith"
    | "trend"
    | "unusedDecisions"
> {
    readonly rows: readonly PageRow[];
    readonly certificates: readonly PageCertificate[];
    readonly gone: readonly PageGone[];
}

type RowMember =
    | "stack"
    | "kind"
    | "name"
    | "tenantId"
    | "applicationId"
    | "servicePrincipalId"
    | "status"
    | "signIn"
    | "signInReason"
    | "words"
    | "unreadable"
    | "operation"
    | "since"
    | "links";

export interface PageRow extends Pick<Row, RowMember> {
    /** A short id that is the same in each report, so that a link to the row keeps working. */
    readonly id: string;
    /** Who removed the permission that is needed to read this row. */
    readonly who?: readonly string[];
    /** The name of a customer's portal. */
    readonly portal?: string;
    readonly consentMissing?: true;
    /** Whether a certificate of the row is in the state `ending` or `due`. */
    readonly ending?: true;
    readonly differences: readonly PageDifference[];
    /** Checks that did not pass, without those that a difference or `unreadable` already shows. */
    readonly checks: readonly FailedCheck[];
}

type DifferenceMember = "property" | "label" | "words" | "up" | "risk" | "cause" | "since" | "change" | "accepted";

export interface PageDifference extends Pick<Difference, DifferenceMember> {
    readonly declared: string;
    readonly live: string;
    readonly aadsts?: readonly number[];
    /** The advice if `pulumi up` alone does not repair the difference. */
    readonly remedy?: string;
    /** Who made the difference: one text, or several if the log does not say which one is right. */
    readonly who?: readonly string[];
}

export interface PageCertificate extends Omit<CertificateEnd, "row" | "ours"> {
    readonly row: string;
    readonly stack: string;
    readonly ours?: true;
}

export type PageGone = Pick<Report["gone"][number], "stack" | "name" | "words" | "since">;

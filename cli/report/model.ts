// Defines the drift report that every form shows. Each text is already safe for a terminal (provider/plainText.ts). A
// text can still contain HTML, Markdown or XML, so each form escapes texts in its own way.

/** Raise the number if programs for the old version would misread the report, but not for a new optional member. */
export const REPORT_VERSION = 1;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface Report {
    readonly version: typeof REPORT_VERSION;
    /** The time of the report. Every time in a report is in ISO 8601 and UTC. */
    readonly createdAt: string;
    readonly versions: Versions;
    /** One sentence about the report, such as `1 of 203 portals and customers differs from the program`. */
    readonly sentence: string;
    readonly totals: Totals;
    /** The reasons why the report is incomplete, one line each. The HTML and Markdown forms show them at the top. */
    readonly partial: readonly string[];
    /** Notes that do not change the result, such as why nobody can be named as the author of a difference. */
    readonly notes: readonly string[];
    readonly stacks: readonly StackReport[];
    /** Sorted by status (not readable, drifted, accepted, as declared), then by stack, kind (portals first), name. */
    readonly rows: readonly Row[];
    /** Sorted by their expiry date, the earliest first. */
    readonly certificates: readonly CertificateEnd[];
    /** The time of the earlier run with which this run is compared. */
    readonly comparedWith?: string;
    /** Differences that the record of the run at `comparedWith` contains and that no longer exist. */
    readonly gone: readonly GoneDifference[];
    /** Earlier runs and this one, oldest first. Empty without a history. */
    readonly trend: readonly TrendPoint[];
    /** Entries of accepted.json that match no difference, or that have ended. */
    readonly unusedDecisions: readonly UnusedDecision[];
}

export interface Versions {
    /** Version of pulumi-restore-portal. */
    readonly tool: string;
    /** Version of the Pulumi CLI. Missing if the previews come from files. */
    readonly engine?: string;
}

/** The counts of the report. Each row counts in exactly one of `asDeclared`, `drifted`, `unreadable` and `accepted`. */
export interface Totals {
    readonly rows: number;
    readonly asDeclared: number;
    readonly drifted: number;
    readonly unreadable: number;
    readonly accepted: number;
    /** Certificates whose state is `ending` or `due`. */
    readonly certificatesEnding: number;
    /** Rows whose admin consent is missing or incomplete. */
    readonly consentMissing: number;
    /** Rows whose users cannot sign in, because of the row itself or because of its portal. */
    readonly cannotSignIn: number;
}

export interface StackReport {
    readonly name: string;
    /** `failed`: the preview failed, is missing or unreadable, or did not read Entra. The stack may lack rows. */
    readonly status: "ok" | "failed";
    /** The reason why `status` is `failed`. */
    readonly error?: string;
    readonly portals: number;
    readonly customers: number;
    /** The number of resources of other types that `pulumi up` would change. They have no rows. */
    readonly otherChanges: number;
    readonly seconds?: number;
}

/**
 * `asDeclared`: Entra is as the program declares. `drifted`: something differs, or a check failed. `accepted`:
 * accepted.json accepts every difference. `unreadable`: something could not be read, so the status is unknown.
 */
export type RowStatus = "asDeclared" | "drifted" | "unreadable" | "accepted";

/**
 * A row describes one RestorePortalApp (`portal`) or one PortalTenantConsent (`customer`). The row of a portal also has
 * the differences of its PortalServers and PortalCertificate. A PortalServer (`server`) or PortalCertificate
 * (`certificate`) has its own row if `pulumi up` creates or deletes it, or if its stack has no portal for it.
 */
export type RowKind = "portal" | "customer" | "server" | "certificate";

export interface Row {
    readonly urn: string;
    readonly stack: string;
    readonly kind: RowKind;
    /** The resource name. */
    readonly name: string;
    /** A GUID. Before the first deployment: the tenant as the program names it. Empty if it is not known. */
    readonly tenantId: string;
    readonly applicationId: string;
    readonly region: string;
    /** The input `credentials`, which names a set of environment variables. */
    readonly credentials?: string;
    /** Object id of the application. Missing for a customer. */
    readonly objectId?: string;
    /** Object id of the service principal in the row's tenant. */
    readonly servicePrincipalId?: string;
    /** For a customer: the URN of its portal, if a stack of the report has it. */
    readonly portal?: string;
    readonly status: RowStatus;
    /** Whether users can sign in, as far as the report can know. */
    readonly signIn: "works" | "fails" | "unknown";
    /** The reason why `signIn` is `fails`, such as `the application is disabled: users get AADSTS7000112`. */
    readonly signInReason?: string;
    /** The row's problems and warnings in words, without a period at the end. `as declared`: there are none. */
    readonly words: string;
    /** The reason why the row is `unreadable`. */
    readonly unreadable?: string;
    /** With `--who`: who removed the permission that is needed to read the row. */
    readonly who?: Who;
    /** The action of `pulumi up` on the resource. */
    readonly operation: "none" | "create" | "update" | "replace" | "delete";
    readonly differences: readonly Difference[];
    /** Checks that did not pass, in doctor's words. The check of a difference is here too. */
    readonly checks: readonly FailedCheck[];
    /** The time of the first run that reported one of the present differences. Set only with a history. */
    readonly since?: string;
    readonly links: Links;
}

export interface FailedCheck {
    /** The name that doctor uses: an input such as `portalUrl` or `server.isEnabled`, or a name such as `token`. */
    readonly name: string;
    /** A `warning` does not change the status of its row. */
    readonly status: "failed" | "unknown" | "warning";
    readonly message: string;
    readonly aadsts?: number;
    readonly remedy?: string;
}

/** `signIn`: users cannot sign in. `widened`: access is wider than declared. `cosmetic`: neither. */
export type Risk = "signIn" | "widened" | "cosmetic";

export interface Difference {
    /** The input that differs, such as `portalUrl`. Empty: `pulumi up` creates, deletes or replaces the resource. */
    readonly property: string;
    /** URN of the resource that has the input: the row's own, or that of its PortalServer or PortalCertificate. */
    readonly resource: string;
    /** The property in words, such as `the web address`. */
    readonly label: string;
    /** `"[secret]"` stands for a secret value. `null`: the input has no value. */
    readonly declared: Json;
    readonly live: Json;
    /** `declared` and `live` as short texts, as doctor prints values. */
    readonly declaredText: string;
    readonly liveText: string;
    /** A sentence without a period, such as `the Application ID URI is missing: users get AADSTS500011`. */
    readonly words: string;
    /** The action of `pulumi up`, such as `enables it`. */
    readonly up: string;
    readonly risk: Risk;
    /** `program`: only the program has changed since the last deployment. `drift`: the live value has changed. */
    readonly cause: "drift" | "program";
    /** The AADSTS numbers that users get. Several: the preview does not show which one is right. */
    readonly aadsts: readonly number[];
    /** The time of the first run that reported this live value. Set only with a history. */
    readonly since?: string;
    /** The result of the comparison with the last run in the history. Set only with a history. */
    readonly change?: "new" | "still";
    readonly accepted?: Acceptance;
    /** Set only with `--who`. */
    readonly who?: Who;
}

/** The entry of accepted.json that accepts a difference. */
export interface Acceptance {
    /** The last day of the acceptance, in UTC, such as `2027-01-31`. */
    readonly until: string;
    readonly reason: string;
    readonly by: string;
}

export interface UnusedDecision extends Acceptance {
    readonly resource: string;
    readonly property: string;
    /** The reason why the decision accepts nothing, such as `the entry ended on 2027-01-31`. */
    readonly why: string;
}

/** Who made a difference, and when, from Entra's audit log. The report never guesses. */
export interface Who {
    /**
     * One line, such as `removed 2026-11-26 14:03 UTC by anna@contoso.com (Azure portal)`. "; or " joins candidates if
     * the log does not say which one is right.
     */
    readonly words: string;
    /** Newest first. Several: each one changed a part of the value, or the log does not say which one is right. */
    readonly candidates: readonly WhoCandidate[];
}

export interface WhoCandidate {
    /** `deployment`: the identity that makes the report, or one in `--deployer`. `service`: a service of Microsoft. */
    readonly kind: "user" | "application" | "deployment" | "service";
    /** User principal name, or name of the application or service. If missing: the object id, or `Microsoft`. */
    readonly actor: string;
    readonly at: string;
    /** The client program, such as `Azure portal`, if the log shows it. */
    readonly client?: string;
    /** Id of the entry in the audit log. */
    readonly entry: string;
    readonly correlationId?: string;
}

/** Pages of the Entra admin center, in the cloud and the tenant of the row. */
export interface Links {
    readonly application?: string;
    readonly enterpriseApplication?: string;
    readonly permissions?: string;
}

export interface CertificateEnd {
    /** URN of the portal's row. */
    readonly row: string;
    /** SHA-1 in upper-case hexadecimal. Empty for a certificate of others whose identifier is not a thumbprint. */
    readonly thumbprint: string;
    readonly name?: string;
    readonly notBefore?: string;
    readonly notAfter: string;
    /** Whether this is the certificate that the program declares, and that VB365 therefore needs. */
    readonly current: boolean;
    /** Whether the row's RestorePortalApp added the certificate. */
    readonly ours: boolean;
    /** Whether `pulumi up` renews the certificate from `renewsFrom` on, because the program generates it. */
    readonly renews: boolean;
    readonly renewsFrom?: string;
    /** The time when another certificate of the program replaced this one. Since then, VB365 needs the other one. */
    readonly replacedOn?: string;
    /** `pulumi up` removes a replaced certificate from this time on. */
    readonly retiresOn?: string;
    /** `ending`: less than 60 days are left, and no `pulumi up` renews it. `due`: the next `pulumi up` renews it. */
    readonly state: "valid" | "due" | "ending" | "ended";
    readonly daysLeft: number;
}

export interface GoneDifference {
    readonly urn: string;
    readonly stack: string;
    readonly name: string;
    readonly property: string;
    readonly words: string;
    readonly since?: string;
}

export interface TrendPoint {
    readonly date: string;
    readonly totals: Totals;
}

// Defines the drift report: one model for every form. Types only. Every text in it is already safe to show on a terminal
// (provider/plainText.ts). It can still be HTML, Markdown or XML, so each form escapes it in its own way.

/** A change that a reader of an older version would misread gets a new number. New optional members do not. */
export const REPORT_VERSION = 1;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface Report {
    readonly version: typeof REPORT_VERSION;
    /** ISO 8601, UTC, as every time in a report. */
    readonly createdAt: string;
    readonly versions: Versions;
    /** One sentence about the whole report, such as `2 of 203 portals and customers differ; users of 1 cannot sign in`. */
    readonly sentence: string;
    readonly totals: Totals;
    /** Why the report is incomplete, one line each. If it is not empty, every form shows it first, and none says "clean". */
    readonly partial: readonly string[];
    /** Lines that change no result, such as why nobody can say who made a change. */
    readonly notes: readonly string[];
    readonly stacks: readonly StackReport[];
    /** Sorted: not readable, drifted, accepted, as declared; within a status by stack and name. */
    readonly rows: readonly Row[];
    /** Sorted by their end. */
    readonly certificates: readonly CertificateEnd[];
    /** The run in the history with which this one is compared. */
    readonly comparedWith?: string;
    /** Differences of that run that no longer exist. */
    readonly gone: readonly GoneDifference[];
    /** Earlier runs and this one, oldest first. Empty without a history. */
    readonly trend: readonly TrendPoint[];
    /** Entries of accepted.json that match no difference, or that have ended. */
    readonly unusedDecisions: readonly UnusedDecision[];
}

export interface Versions {
    /** Version of pulumi-restore-portal. */
    readonly tool: string;
    /** Version of the Pulumi CLI. Not set if the previews come from files. */
    readonly engine?: string;
}

/** The numbers of the first screen. `asDeclared`, `drifted`, `unreadable` and `accepted` count every row once. */
export interface Totals {
    readonly rows: number;
    readonly asDeclared: number;
    readonly drifted: number;
    readonly unreadable: number;
    readonly accepted: number;
    /** Certificates for which somebody must act within 60 days: `ending` and `due`. */
    readonly certificatesEnding: number;
    /** Rows whose admin consent is missing or incomplete. */
    readonly consentMissing: number;
    /** Rows whose users cannot sign in, because of the row itself or because of its portal. */
    readonly cannotSignIn: number;
}

export interface StackReport {
    readonly name: string;
    /** `failed`: the preview ended with an error, and the stack has no rows, or not all of them. */
    readonly status: "ok" | "failed";
    /** What failed, why, and what to do. */
    readonly error?: string;
    readonly portals: number;
    readonly customers: number;
    /** Resources of other kinds that `pulumi up` would change. They have no rows. */
    readonly otherChanges: number;
    readonly seconds?: number;
}

/**
 * `asDeclared`: Entra is as the program declares. `drifted`: something differs, or a check failed. `accepted`: all that
 * differs is accepted by accepted.json. `unreadable`: something could not be read, so the status is unknown.
 */
export type RowStatus = "asDeclared" | "drifted" | "unreadable" | "accepted";

/**
 * One RestorePortalApp (`portal`) or PortalTenantConsent (`customer`). The differences of a PortalServer (`server`) or
 * PortalCertificate (`certificate`) are in the row of its portal. Without a portal it has its own row.
 */
export type RowKind = "portal" | "customer" | "server" | "certificate";

export interface Row {
    readonly urn: string;
    readonly stack: string;
    readonly kind: RowKind;
    /** The resource name. */
    readonly name: string;
    /** GUID. For a customer that no deployment has reached, the tenant as the program names it. */
    readonly tenantId: string;
    readonly applicationId: string;
    readonly region: string;
    /** The input `credentials`: which set of environment variables. */
    readonly credentials?: string;
    /** Object id of the application. Customers have none. */
    readonly objectId?: string;
    /** Object id of the service principal in the row's tenant. */
    readonly servicePrincipalId?: string;
    /** For a customer: the URN of its portal, if a stack of the report has it. */
    readonly portal?: string;
    readonly status: RowStatus;
    /** Whether users can sign in, as far as the report can know. */
    readonly signIn: "works" | "fails" | "unknown";
    /** Why `signIn` is `fails`, such as `users get AADSTS50011`, or `its portal "gateway": users get AADSTS700016`. */
    readonly signInReason?: string;
    /** What differs, in words, without a period at its end. `as declared` if nothing does. */
    readonly words: string;
    /** Why the row is `unreadable`. */
    readonly unreadable?: string;
    /** With `--who`: who removed the permission without which the row is `unreadable`. */
    readonly who?: Who;
    /** What `pulumi up` does to the resource. */
    readonly operation: "none" | "create" | "update" | "replace" | "delete";
    readonly differences: readonly Difference[];
    /** Checks that did not pass, in doctor's words. A difference has its check here too. */
    readonly checks: readonly FailedCheck[];
    /** The earliest run that reported a difference of this row that still exists. Not set without a history. */
    readonly since?: string;
    readonly links: Links;
}

export interface FailedCheck {
    /** As doctor names it: an input, or `token`, `discovery`, `certificateExpiry`, `server.isEnabled` and so on. */
    readonly name: string;
    /** `warning` alone leaves a row as declared. */
    readonly status: "failed" | "unknown" | "warning";
    readonly message: string;
    readonly aadsts?: number;
    readonly remedy?: string;
}

/** `signIn`: users cannot sign in. `widened`: access is wider than declared. `cosmetic`: neither. */
export type Risk = "signIn" | "widened" | "cosmetic";

export interface Difference {
    /** The input that differs, such as `portalUrl`. Empty if the whole resource is to be created or deleted. */
    readonly property: string;
    /** URN of the resource that has the input: the row's own, or that of its PortalServer or PortalCertificate. */
    readonly resource: string;
    /** The property in words, such as `the web address`. */
    readonly label: string;
    /** `"[secret]"` stands for a secret value. `null`: there is none. */
    readonly declared: Json;
    readonly live: Json;
    /** The same values as one short text each, as doctor prints them. */
    readonly declaredText: string;
    readonly liveText: string;
    /** A sentence without a period, such as `the web address is not registered: users get AADSTS50011`. */
    readonly words: string;
    /** What `pulumi up` will do, such as `registers the web address`. */
    readonly up: string;
    readonly risk: Risk;
    /**
     * `program`: Entra is unchanged since the last deployment, but the program has changed. `drift`: Entra has changed.
     */
    readonly cause: "drift" | "program";
    /** The numbers after "AADSTS". Several, if the preview does not show which one users get. */
    readonly aadsts: readonly number[];
    /** The first run that reported it with this live value. Not set without a history. */
    readonly since?: string;
    /** The result of the comparison with the last run in the history. Not set without a history. */
    readonly change?: "new" | "still";
    readonly accepted?: Acceptance;
    /** Set with `--who`. */
    readonly who?: Who;
}

/** The entry of accepted.json that accepts a difference. */
export interface Acceptance {
    /** Last day, `2027-01-31`, UTC. */
    readonly until: string;
    readonly reason: string;
    readonly by: string;
}

export interface UnusedDecision extends Acceptance {
    readonly resource: string;
    readonly property: string;
    /** Such as `ended on 2027-01-31`, `nothing differs there`, or `the live value is different: "registered as Web"`. */
    readonly why: string;
}

/** Who made a difference, and when, from Entra's audit log. Nothing is guessed. */
export interface Who {
    /**
     * One line, such as `removed 2026-11-26 14:03 UTC by anna@contoso.com (Azure portal)`, or why nobody is named.
     * Several candidates are joined by "; or ".
     */
    readonly words: string;
    /** Newest first. Empty if nobody can be named. Several: the log does not say which one is right. */
    readonly candidates: readonly WhoCandidate[];
}

export interface WhoCandidate {
    /** `deployment`: our own deploying identity. */
    readonly kind: "user" | "application" | "deployment" | "service";
    /** User principal name, or the application's name. */
    readonly actor: string;
    readonly at: string;
    /** The client in brackets, such as `Azure portal`, if the log shows it. */
    readonly client?: string;
    /** Id of the entry in the audit log. */
    readonly entry: string;
    readonly correlationId?: string;
}

/** Pages of the Entra admin center of the row's cloud and tenant. */
export interface Links {
    readonly application?: string;
    readonly enterpriseApplication?: string;
    readonly permissions?: string;
}

export interface CertificateEnd {
    /** URN of the portal's row. */
    readonly row: string;
    /** SHA-1, upper-case hex. Empty for a certificate of others whose identifier is not a thumbprint. */
    readonly thumbprint: string;
    readonly name?: string;
    readonly notBefore?: string;
    readonly notAfter: string;
    /** The program's certificate, which VB365 uses. */
    readonly current: boolean;
    /** This resource added it. */
    readonly ours: boolean;
    /** The program generates it, so `pulumi up` renews it from `renewsFrom` on. */
    readonly renews: boolean;
    readonly renewsFrom?: string;
    /** When another certificate of the program replaced it: since then VB365 needs that one. */
    readonly replacedOn?: string;
    /** From when on `pulumi up` removes a replaced certificate. */
    readonly retiresOn?: string;
    /** `ending`: within 60 days, and it does not renew itself before. `due`: its renewal is due. */
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

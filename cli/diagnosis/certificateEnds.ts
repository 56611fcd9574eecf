// Decides when somebody must act because a certificate of an application expires. Pure.
import { DAY_MS, WARN_BEFORE_DAYS } from "../../provider/days";
import type { GenerateSource } from "../../provider/certificate/inputs";
import type { RegisteredCertificate } from "../../provider/portal/rules/certificates";
import { counted } from "../../provider/sentences";
import { failed, ok, warning, type Check } from "./check";

/** The name of the check that reports the expiry dates of certificates. */
export const CERTIFICATES = "certificates";
const FAIL_BEFORE_DAYS = 14;

/** The remedy for a certificate that the next `pulumi up` renews. */
export const RENEWS = "run pulumi up, which renews the certificate, and then npx pulumi-restore-portal handover";
/** The remedy for a certificate of the program that no `pulumi up` renews. */
export const NEEDS_NEW = "run pulumi up with a new certificate, and then npx pulumi-restore-portal handover";

/** A certificate on an application, with its expiry date and its renewal. */
export interface CertificateEnd extends RegisteredCertificate {
    readonly name?: string;
    readonly notBefore?: string;
    /** Whether this is the certificate that the program declares. VB365 must use this certificate. */
    readonly current: boolean;
    /** From this time on, `pulumi up` renews the certificate. `undefined`: `pulumi up` never renews the certificate. */
    readonly renewsFrom?: string;
    readonly daysLeft: number;
    /**
     * `due`: the next `pulumi up` renews the certificate. `ending`: the certificate expires within 60 days, and
     * no `pulumi up` will renew it.
     */
    readonly state: "valid" | "due" | "ending" | "ended";
}

/** Facts about a certificate from the stack or from Entra. `thumbprint` identifies the certificate. */
export interface KnownCertificate {
    readonly thumbprint: string;
    readonly name?: string | undefined;
    readonly notBefore?: string | undefined;
    readonly generate?: Pick<GenerateSource, "renewBeforeDays"> | undefined;
}

/**
 * Returns the certificates sorted by their expiry date, the earliest first. `current`: the thumbprint of the
 * program's certificate.
 */
export function certificateEnds(
    certificates: readonly RegisteredCertificate[],
    current: string | undefined,
    known: readonly KnownCertificate[],
    now: Date,
): CertificateEnd[] {
    const ends = certificates.map((one): CertificateEnd => {
        const { name, notBefore, generate } = known.find(({ thumbprint }) => thumbprint === one.thumbprint) ?? {};
        const isCurrent = one.thumbprint !== "" && one.thumbprint === current;
        const end = Date.parse(one.notAfter);
        // The provider renews only the program's current certificate. So a replaced certificate has no
        // date of renewal.
        const from = isCurrent && generate ? end - generate.renewBeforeDays * DAY_MS : undefined;
        return {
            ...one,
            ...(name === undefined ? {} : { name }),
            ...(notBefore === undefined ? {} : { notBefore }),
            ...(from === undefined ? {} : { renewsFrom: new Date(from).toISOString() }),
            current: isCurrent,
            daysLeft: Math.floor((end - now.getTime()) / DAY_MS),
            state: stateOf(end, from, now.getTime()),
        };
    });
    return ends.sort((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter));
}

function stateOf(end: number, renewsFrom: number | undefined, now: number): CertificateEnd["state"] {
    if (end <= now) return "ended";
    if (renewsFrom !== undefined && now >= renewsFrom) return "due";
    return renewsFrom === undefined && end - now < WARN_BEFORE_DAYS * DAY_MS ? "ending" : "valid";
}

/**
 * Whether a certificate expires within 14 days. A certificate whose renewal is not due yet is not urgent. An expired
 * certificate is not urgent either, because it may no longer be in use.
 */
function isUrgent({ state, daysLeft }: CertificateEnd): boolean {
    return state !== "valid" && state !== "ended" && daysLeft < FAIL_BEFORE_DAYS;
}

/** Checks when the certificates of an application expire, including the certificates that others added. */
export function certificatesCheck(ends: readonly CertificateEnd[]): Check {
    const replaced = replacement(ends);
    const since = replaced === undefined ? "" : `; ${replaced}`;
    const near = ends.filter(({ state }) => state !== "valid");
    const texts = near.map(endText);
    const urgent = near.filter(isUrgent);
    if (urgent.length > 0) return failed(CERTIFICATES, texts.join("; ") + since, { remedy: remedyOf(urgent) });
    if (near.length > 0) return warning(CERTIFICATES, texts.join("; ") + since, remedyOf(near));
    const [next] = ends;
    if (next === undefined) return ok(CERTIFICATES, "the application has no certificate");
    const count = ends.length === 1 ? "1 certificate, which" : `${ends.length} certificates; the next`;
    return ok(CERTIFICATES, `${count} expires on ${dayOf(next.notAfter)}${since}`);
}

/**
 * Returns a text that says since when VB365 needs the new certificate. `undefined`: the application has no replaced
 * certificate, or lacks the new one.
 */
function replacement(ends: readonly CertificateEnd[]): string | undefined {
    const [last] = [...ends]
        .filter(({ replacedOn }) => replacedOn !== undefined)
        .sort((a, b) => Date.parse(b.replacedOn ?? "") - Date.parse(a.replacedOn ?? ""));
    const current = ends.find((one) => one.current);
    if (last?.replacedOn === undefined || current === undefined) return undefined;
    return `since ${dayOf(last.replacedOn)} VB365 needs certificate ${current.thumbprint} instead of ${last.thumbprint}`;
}

export function endText(end: CertificateEnd): string {
    const { notAfter, state, daysLeft } = end;
    const day = dayOf(notAfter);
    if (state === "ended") return `${nameOf(end)} expired on ${day}`;
    const due = state === "due" ? "; its renewal is due" : "";
    const when = daysLeft === 0 ? "within a day" : `in ${counted(daysLeft, "day")}`;
    return `${nameOf(end)} expires on ${day}, ${when}${due}`;
}

function nameOf({ thumbprint, name, ours, current, replacedOn }: CertificateEnd): string {
    const what = replacedOn === undefined ? "certificate" : "replaced certificate";
    const shown = [name === undefined ? "" : `"${name}"`, thumbprint].filter(Boolean).join(" ");
    const whose = ours || current ? "" : " of others";
    return `${what}${whose}${shown === "" ? "" : ` ${shown}`}`;
}

function remedyOf(ends: readonly CertificateEnd[]): string {
    const remedies = ends.map(({ state, ours, current, replacedOn, renewsFrom }) => {
        if (renewsFrom !== undefined) return RENEWS;
        if (current) return NEEDS_NEW;
        if (replacedOn !== undefined)
            return "make sure that VB365 has the new certificate: run npx pulumi-restore-portal handover";
        // If the program no longer declares a certificate, its last certificate stays on the application.
        if (ours) return `if VB365 still uses the certificate, ${NEEDS_NEW}`;
        return state === "ended"
            ? "for an expired certificate of others, ask its owner to remove it"
            : "for a certificate of others, ask its owner whether something still uses it";
    });
    return [...new Set(remedies)].join("; ");
}

function dayOf(date: string): string {
    return date.slice(0, 10);
}

// Decides when a generated certificate is due for renewal. Pure.
import { DAY_MS, WARN_BEFORE_DAYS } from "../days";
import { generateSource, type CertificateState } from "./inputs";

/** The status that `check` fills in. A certificate that is not due for renewal has the same live status. */
export const CURRENT = "current";

export type Renewable = Pick<CertificateState, "certificate" | "source">;

/**
 * Returns the text that names a renewal in a preview, or `current`. An imported certificate is always `current`,
 * because its owner renews it.
 */
export function renewalStatus({ certificate, source }: Renewable, now: Date): string {
    const generate = generateSource(source);
    if (!generate || now.getTime() < renewsAt(certificate.notAfter, generate.renewBeforeDays)) return CURRENT;
    return `due for renewal: ends ${certificate.notAfter.slice(0, 10)}`;
}

/**
 * Returns a warning for a generated certificate from 60 days before the expiry date. The warning is omitted once the
 * certificate is due for renewal, because a preview then names the renewal.
 */
export function renewalWarning({ certificate, source }: Renewable, now: Date): string | undefined {
    const generate = generateSource(source);
    const { name, notAfter } = certificate;
    const isNear = now.getTime() >= Date.parse(notAfter) - WARN_BEFORE_DAYS * DAY_MS;
    if (!generate || !isNear || renewalStatus({ certificate, source }, now) !== CURRENT) return undefined;
    const from = new Date(renewsAt(notAfter, generate.renewBeforeDays)).toISOString().slice(0, 10);
    return `certificate "${name}" expires on ${notAfter.slice(0, 10)}; the first pulumi up on or after ${from} renews it`;
}

function renewsAt(notAfter: string, renewBeforeDays: number): number {
    return Date.parse(notAfter) - renewBeforeDays * DAY_MS;
}

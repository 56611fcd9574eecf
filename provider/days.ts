// Formats the dates of certificates, and defines when warnings about their expiry begin. Pure.

export const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Preview and doctor warn if a certificate expires within this number of days. Exception: doctor does not warn about
 * the program's generated certificate before its renewal is due.
 */
export const WARN_BEFORE_DAYS = 60;

/**
 * Formats a date with whole seconds and `Z`. Entra refuses a key credential whose dates differ from the dates in the
 * certificate by a fraction of a second.
 */
export function isoSeconds(date: Date): string {
    return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

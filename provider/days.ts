// Converts dates and days as certificates use them. Pure.

/** The number of milliseconds in a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** From this many days before the end of a certificate on, preview and doctor warn. */
export const WARN_BEFORE_DAYS = 60;

/**
 * Formats a date with whole seconds and `Z`. Entra refuses a date that differs from the certificate's own by a fraction
 * of a second.
 */
export function isoSeconds(date: Date): string {
    return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

// Dates and days as certificates use them. Pure.

/** Milliseconds of a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Whole seconds and `Z`. Entra refuses a date that differs from the certificate's own by a fraction of a second. */
export function isoSeconds(date: Date): string {
    return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

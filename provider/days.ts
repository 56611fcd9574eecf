/** Milliseconds of a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Whole seconds and `Z`: Entra refuses dates that leave the certificate's own by a fraction. */
export function isoSeconds(date: Date): string {
    return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}

// Formats numbers and times. All times are UTC, because readers are in several time zones. Pure.
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
export const DAY_MS = 86_400_000;

/** Returns "1 row", "2 rows" or "1,000 rows". */
export function counted(count: number, one: string, many = `${one}s`): string {
    return `${grouped(count)} ${count === 1 ? one : many}`;
}

export function grouped(count: number): string {
    return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Returns a date such as "27 Nov 2026". */
export function date(iso: string): string {
    const time = new Date(iso);
    return `${time.getUTCDate()} ${MONTHS[time.getUTCMonth()] ?? ""} ${time.getUTCFullYear()}`;
}

/** Returns a month such as "Nov 2026". */
export function month(ms: number): string {
    const time = new Date(ms);
    return `${MONTHS[time.getUTCMonth()] ?? ""} ${time.getUTCFullYear()}`;
}

/** Returns a time such as "27 Nov 2026, 06:00 UTC". */
export function moment(iso: string): string {
    return `${date(iso)}, ${new Date(iso).toISOString().slice(11, 16)} UTC`;
}

/** Returns how long something has lasted at the time of the report: "today" or, for example, "3 days". */
export function lasting(since: string, now: string): string {
    const days = Math.floor((Date.parse(now) - Date.parse(since)) / DAY_MS);
    return days < 1 ? "today" : counted(days, "day");
}

/** Returns when a certificate expires, counted from the time of the report: "in 37 days", "today" or "9 days ago". */
export function until(days: number): string {
    if (days === 0) return "today";
    return days > 0 ? `in ${counted(days, "day")}` : `${counted(-days, "day")} ago`;
}

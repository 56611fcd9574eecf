// Says why the report names nobody for a difference or an unreadable row. Each reason is one line of the report. Pure.
import { DAY_MS } from "../../../provider/days";
import { plain } from "../../../provider/plainText";
import { countedAll } from "../../../provider/sentences";
import type { Difference, Report } from "../model";
import type { Silence } from "./decide";

/** Entra keeps entries for 30 days with Entra ID P1 or P2, and for 7 days without. */
const LONGEST_DAYS = 30;
const SHORTEST_DAYS = 7;

const LATE = "entries can come 15 minutes late, so run the report again later";
const OLD = `Entra keeps the log for ${LONGEST_DAYS} days, and without Entra ID P1 for ${SHORTEST_DAYS} days`;

/** The reason why nobody is named for an unreadable row, if an application makes the report. */
export const RIGHTS_SILENCE = `the audit log has no entry about a permission that was removed from the identity that makes the report; ${OLD}; ${LATE}`;

/** The reason for such a row if a user makes the report. A user's rights come from roles, not from permissions. */
export const ROLES_SILENCE =
    "the report does not search the audit log for roles that a user has lost; check the roles of the signed-in user";

/** An earlier run of the report can show whether the change is too old for the log. */
export function silenceOf(
    silence: Silence,
    { since, change }: Pick<Difference, "change" | "since">,
    { createdAt, comparedWith }: Pick<Report, "comparedWith" | "createdAt">,
): string {
    if (silence === "late") return `the audit log does not show the change yet; ${LATE}`;
    const daysSince = (time: string) => (Date.parse(createdAt) - Date.parse(time)) / DAY_MS;
    if (since !== undefined && daysSince(since) > LONGEST_DAYS) return `the change is older than the audit log; ${OLD}`;
    if (change === "new" && comparedWith !== undefined && daysSince(comparedWith) < SHORTEST_DAYS)
        return `the audit log has no entry about the change since the last run; ${LATE}`;
    return `the audit log has no entry about the change; ${OLD}; ${LATE}`;
}

export interface Unnamed {
    readonly tenantId: string;
    readonly reason: string;
    /** Whether the reason concerns a row that cannot be read, and not a difference. */
    readonly isUnread?: boolean;
}

const MOST_TENANTS = 3;

/** Returns one line for each reason, even if the reason applies to many tenants and differences. */
export function notesOf(unnamed: readonly Unnamed[]): string[] {
    const reasons = [...new Set(unnamed.map(({ reason }) => reason))];
    return reasons.map((reason) => {
        const of = unnamed.filter((one) => one.reason === reason);
        const tenants = [...new Set(of.map(({ tenantId }) => tenantId))];
        const named = tenants.slice(0, MOST_TENANTS).join(", ");
        const more = tenants.length > MOST_TENANTS ? ` and ${tenants.length - MOST_TENANTS} more` : "";
        const unread = of.filter(({ isUnread }) => isUnread === true).length;
        const things = countedAll([
            [of.length - unread, "difference"],
            [unread, "unreadable row"],
        ]).join(" and ");
        const where = `${tenants.length === 1 ? "tenant" : "tenants"} ${named}${more}`;
        return plain(`nobody is named for ${things} in ${where}: ${reason}`);
    });
}

// Reads a tenant's audit log for the objects that differ, in as few requests as the questions need.
// https://learn.microsoft.com/graph/api/directoryaudit-list
import { DAY_MS } from "../../../provider/days";
import { clock } from "../../../provider/entra/clock";
import { pageOf } from "../../../provider/entra/graphShapes";
import type { GraphRequest } from "../../../provider/entra/graphRequest";
import { nextPath, type Page } from "../../../provider/entra/pages";
import type { Session } from "../../../provider/entra/session";
import { anAuditRecord, type AuditRecord } from "./entry";

/** Entra keeps entries for 30 days with Entra ID P1 or P2, and for 7 days without. */
const RETENTION_DAYS = 30;

/**
 * The service allows 5 requests in 10 s for each application and tenant. It counts requests when they arrive, so one
 * more second covers the time on the network.
 */
const REQUESTS = 5;
const WINDOW_MS = 11_000;

/** If more filters than this are needed, reading all entries of Core Directory is cheaper. */
const MOST_FILTERS = 10;
/** Reading stops after this many pages for all filters together. The newest entries come first. */
const MOST_PAGES = 20;
const PAGE_SIZE = 100;

/** The entries to read: all entries about these objects, and all entries of these activities. */
export interface Wanted {
    readonly objects: readonly string[];
    readonly activities: readonly string[];
    /** Whether the entries that were read so far answer every question. */
    readonly isEnough: (records: readonly AuditRecord[]) => boolean;
}

export async function readLog(session: Session, wanted: Wanted): Promise<readonly AuditRecord[]> {
    const records: AuditRecord[] = [];
    const turn = turnsOf(session);
    let pages = 0;
    for (const filter of filtersFor(wanted)) {
        let path: string | undefined = firstPage(filter);
        while (path !== undefined && pages++ < MOST_PAGES) {
            const request = requestOf(session, path);
            await turn();
            const page = await session.graph.send<Page<AuditRecord>>(request);
            records.push(...page.value);
            path = wanted.isEnough(records) ? undefined : nextPath(session, request, page);
        }
    }
    return records;
}

function filtersFor({ objects, activities }: Wanted): readonly string[] {
    const since = new Date(clock.now().getTime() - RETENTION_DAYS * DAY_MS).toISOString();
    const narrow = [
        ...objects.map((id) => `targetResources/any(t:t/id eq '${id}')`),
        ...activities.map((name) => `activityDisplayName eq '${name}'`),
    ];
    const filters = narrow.length > MOST_FILTERS ? ["loggedByService eq 'Core Directory'"] : narrow;
    return filters.map((filter) => `activityDateTime ge ${since} and ${filter}`);
}

function firstPage(filter: string): string {
    return `/auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}&$top=${PAGE_SIZE}`;
}

function requestOf({ tenantId }: Session, path: string): GraphRequest {
    const purpose = `reading the audit log of tenant ${tenantId}`;
    return { method: "GET", path, purpose, answers: pageOf(anAuditRecord) };
}

/** When this process sent its requests (milliseconds since 1970), for each tenant and application. */
const sentTo = new Map<string, number[]>();

/** Returns a function that waits until another request is within the service's limit. */
function turnsOf({ tenantId, callerAppId }: Session): () => Promise<void> {
    const key = `${tenantId}/${callerAppId ?? ""}`;
    const sent = sentTo.get(key) ?? [];
    sentTo.set(key, sent);
    return async () => {
        const first = sent.at(-REQUESTS) ?? -Infinity;
        const wait = first + WINDOW_MS - clock.now().getTime();
        if (wait > 0) await clock.sleep(wait);
        sent.push(clock.now().getTime());
    };
}

// Applies Graph's throttling limits for identity and access. Each application has its own limits in each tenant, except
// for `keyReads`.
// https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
import { GraphFault } from "./graphError";
import { resourceUnits } from "./requestLog";

export interface Limits {
    /** Resource units in 10 seconds. Graph allows 3500 in a small tenant. */
    readonly units: number;
    /** Writes in 150 seconds. Graph allows 3000. */
    readonly writes: number;
    /**
     * Requests with `$select=keyCredentials` in a minute. Graph allows 150 for all applications of a tenant together.
     */
    readonly keyReads: number;
    /** Requests for reports in 10 seconds. Graph allows 5. */
    readonly reports: number;
}

export const GRAPH_LIMITS: Limits = { units: 3500, writes: 3000, keyReads: 150, reports: 5 };

const WINDOWS_MS = { units: 10_000, writes: 150_000, keyReads: 60_000, reports: 10_000 } as const;

interface Window {
    readonly startedAt: number;
    readonly used: number;
}

/**
 * The error for a throttled request. `retryAfterSeconds` is `undefined` for reports, because Graph does not always send
 * `Retry-After` for them.
 */
export class Throttled extends GraphFault {
    constructor(readonly retryAfterSeconds: number | undefined) {
        super(429, "TooManyRequests", "Please retry again later.");
    }
}

export class Throttling {
    limits = GRAPH_LIMITS;
    private readonly windows = new Map<string, Window>();

    reset(): void {
        this.limits = GRAPH_LIMITS;
        this.windows.clear();
    }

    /**
     * Counts a request, also a refused one. Throws if the request exceeds a limit. Returns the share of the resource
     * units that the client has used, from 0 to 1.
     */
    take(caller: { appId: string; tenantId: string }, method: string, path: string, now: number): number {
        const client = `${caller.tenantId}/${caller.appId}`;
        const isReport = /^\/auditLogs\//i.test(path);
        if (isReport && this.count("reports", client, 1, now) > 0) throw new Throttled(undefined);
        const isKeyRead = method === "GET" && /\$select=[^&]*keyCredentials/.test(path);
        const waits = [
            this.count("units", client, resourceUnits(method, path), now),
            ...(method === "GET" ? [] : [this.count("writes", client, 1, now)]),
            ...(isKeyRead ? [this.count("keyReads", caller.tenantId, 1, now)] : []),
        ];
        const wait = Math.max(...waits);
        if (wait > 0) throw new Throttled(Math.ceil(wait / 1000));
        return (this.windows.get(`units ${client}`)?.used ?? 0) / this.limits.units;
    }

    /** Returns the milliseconds to wait, or 0 if the request is within the limit. */
    private count(limit: keyof Limits, who: string, cost: number, now: number): number {
        const key = `${limit} ${who}`;
        const length = WINDOWS_MS[limit];
        const known = this.windows.get(key);
        const window = known && now - known.startedAt < length ? known : { startedAt: now, used: 0 };
        this.windows.set(key, { ...window, used: window.used + cost });
        return window.used + cost > this.limits[limit] ? window.startedAt + length - now : 0;
    }
}

// Logs requests, and the status of each answer. The log never contains Authorization headers, secrets or assertions.

export interface LoggedItem {
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly body: unknown;
    /** The `Retry-After` header of the answer. */
    readonly retryAfter?: string;
}

export interface LoggedRequest {
    readonly id: number;
    readonly service: "graph" | "login" | "metadata";
    readonly method: string;
    /** The path, with its query. Graph's paths omit `/v1.0`. */
    readonly path: string;
    /** Milliseconds since the epoch. */
    readonly at: number;
    endedAt?: number;
    status?: number;
    /** The `Retry-After` header of the answer. */
    retryAfter?: string;
    appId?: string;
    tenantId?: string;
    /** The request body without secrets. */
    readonly body: unknown;
    /** The requests inside a batch. */
    items?: LoggedItem[];
    /** The cost in Graph's resource units. The cost of a batch is the sum of its items. */
    units?: number;
}

const NEVER_KEPT =
    /secret|assertion|password$|^authorization$|^access_token$|^refresh_token$|^code$|^code_verifier$|^key$/i;

/** Returns a copy without secrets, at any depth. */
export function withoutSecrets(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(withoutSecrets);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
        Object.entries(value).map(([name, nested]) => [
            name,
            NEVER_KEPT.test(name) ? "(not kept)" : withoutSecrets(nested),
        ]),
    );
}

export class RequestLog {
    private entries: LoggedRequest[] = [];
    private last = 0;

    add(entry: Omit<LoggedRequest, "id">): LoggedRequest {
        const logged = { ...entry, id: ++this.last };
        this.entries.push(logged);
        return logged;
    }

    list(): readonly LoggedRequest[] {
        return this.entries;
    }

    clear(): void {
        this.entries = [];
    }
}

export function unitsOf({ service, method, path, items }: LoggedRequest): number {
    if (service !== "graph") return 0;
    return (items ?? [{ method, path }]).reduce((sum, item) => sum + resourceUnits(item.method, item.path), 0);
}

/**
 * Returns the cost of a request in resource units. The rules are simpler than Graph's: only two lists have a base cost
 * above 1, and `$top` does not lower the cost.
 * https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
 */
export function resourceUnits(method: string, path: string): number {
    if (method !== "GET") return 1;
    const isExpensive = /^\/(applications|oauth2PermissionGrants)(\?|$)/i.test(path);
    const expanded = path.includes("$expand") ? 1 : 0;
    const saved = path.includes("$select") ? 1 : 0;
    return Math.max((isExpensive ? 2 : 1) + expanded - saved, 1);
}

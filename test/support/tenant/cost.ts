// Counts the cost of a deployment from the tenant's request log.
import type { LoggedItem, LoggedRequest } from "../../../emulator";

export interface Cost {
    /** HTTP requests to Graph. A batch counts as one request. */
    readonly requests: number;
    /** Single requests, plus the items of batches. */
    readonly items: number;
    /** Resource units by Graph's cost table. */
    readonly units: number;
    /**
     * The length of the longest chain of Graph requests. In a chain, each request started after the previous one had
     * ended.
     */
    readonly roundTrips: number;
    readonly tokenRequests: number;
}

export function costOf(log: readonly LoggedRequest[]): Cost {
    const graph = log.filter(({ service }) => service === "graph");
    return {
        requests: graph.length,
        items: itemsOf(graph).length,
        units: graph.reduce((sum, { units = 0 }) => sum + units, 0),
        roundTrips: longestChain(graph),
        tokenRequests: log.filter(({ service, path }) => service === "login" && path.includes("/oauth2/v2.0/token"))
            .length,
    };
}

export function itemsOf(log: readonly LoggedRequest[]): Pick<LoggedItem, "method" | "path" | "status">[] {
    return log
        .filter(({ service }) => service === "graph")
        .flatMap(({ method, path, status = 0, items }) => items ?? [{ method, path, status }]);
}

/**
 * Returns the length of the longest chain of requests that followed one another. The result is meaningful only if the
 * emulator delays its answers. Without a delay, requests that are sent together can also follow one another in the log.
 */
export function longestChain(log: readonly Pick<LoggedRequest, "at" | "endedAt">[]): number {
    let free = -Infinity;
    let length = 0;
    for (const { at, endedAt = Infinity } of [...log].sort(
        (a, b) => (a.endedAt ?? Infinity) - (b.endedAt ?? Infinity),
    )) {
        if (at < free) continue;
        free = endedAt;
        length++;
    }
    return length;
}

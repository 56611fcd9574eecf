// What a deployment costs, counted from the tenant's log of requests.
import type { LoggedItem, LoggedRequest } from "../../../emulator";

export interface Cost {
    /** HTTP requests to Graph; a batch is one. */
    readonly requests: number;
    /** What was asked for, alone or as an item of a batch. */
    readonly items: number;
    /** Resource units by Graph's table. */
    readonly units: number;
    /** Graph requests of which each began after the one before had ended: the longest such chain. */
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

/** Of intervals, as many one after another as possible: always the one that ends first. Needs some latency to be told. */
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

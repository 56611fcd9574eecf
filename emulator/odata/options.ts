// Reads the query options of a request. Refuses a system option that Graph does not document for the route.
import type { GraphCall } from "../context";
import { badRequest } from "../graphError";

export const ENTITY_OPTIONS = ["$select"];
export const LIST_OPTIONS = ["$select", "$filter", "$search", "$orderby", "$top", "$count", "$skiptoken"];

const SYSTEM_OPTIONS = [...LIST_OPTIONS, "$expand", "$format", "$skip", "$deltatoken"];

/**
 * Converts the names of system options to lower case, because their case does not matter. The beta version also accepts
 * names without `$`. Removes `$format=json`, which has no effect. https://learn.microsoft.com/graph/query-parameters
 */
export function queryOptions(text: string, version: "v1.0" | "beta"): URLSearchParams {
    const query = new URLSearchParams();
    for (const [name, value] of new URLSearchParams(text)) {
        const lower = name.toLowerCase();
        const known = SYSTEM_OPTIONS.find((one) => one === lower || (version === "beta" && one === `$${lower}`));
        if (known === "$format" && /^(application\/)?json$/i.test(value)) continue;
        query.append(known ?? name, value);
    }
    return query;
}

/** Graph ignores a client's own options, which do not begin with `$`. */
export function assertKnownOptions({ query }: GraphCall, allowed: readonly string[]): void {
    for (const name of query.keys()) {
        if (name.startsWith("$") && !allowed.includes(name))
            throw badRequest(`The query parameter '${name}' is not supported.`);
    }
}

/** Graph requires the header `ConsistencyLevel: eventual` for `$search`, `/$count` and advanced queries. */
export function isEventual({ headers }: Pick<GraphCall, "headers">): boolean {
    return headers["consistencylevel"]?.toLowerCase() === "eventual";
}

/** https://learn.microsoft.com/graph/aad-advanced-queries */
export function isAdvanced(call: GraphCall): boolean {
    return isEventual(call) && call.query.get("$count")?.toLowerCase() === "true";
}

export function unsupportedQuery(message: string) {
    return badRequest(message, "Request_UnsupportedQuery");
}

// Reads the query options of a request. An option that Graph does not document for a route is an error and is never
// ignored.
import type { GraphCall } from "../context";
import { badRequest } from "../graphError";

export const ENTITY_OPTIONS = ["$select"];
export const LIST_OPTIONS = ["$select", "$filter", "$search", "$orderby", "$top", "$count", "$skiptoken"];

export function assertKnownOptions({ query }: GraphCall, allowed: readonly string[]): void {
    for (const name of query.keys()) {
        if (!allowed.includes(name)) throw badRequest(`The query parameter '${name}' is not supported.`);
    }
}

/** With `ConsistencyLevel: eventual`, a request may search, sort and count. */
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

// Applies the OData query options that Graph documents for these collections. Any other option is an error and is never
// ignored.
import { badRequest } from "./graphError";
import type { GraphCall } from "./context";

const KNOWN_OPTIONS = new Set(["$select", "$filter", "$top", "$count", "$skiptoken"]);

export function assertKnownOptions(call: GraphCall, allowed: readonly string[]): void {
    for (const name of call.query.keys()) {
        if (!KNOWN_OPTIONS.has(name) || !allowed.includes(name)) {
            throw badRequest(`The query parameter '${name}' is not supported.`);
        }
    }
}

/** Applies `$select`. Without it, returns all properties. */
export function select(call: GraphCall, object: object, type: string): object {
    const names = call.query
        .get("$select")
        ?.split(",")
        .map((name) => name.trim());
    if (names === undefined) return object;
    const unknown = names.find((name) => !(name in object));
    if (unknown !== undefined) {
        throw badRequest(`Could not find a property named '${unknown}' on type 'microsoft.graph.${type}'.`);
    }
    return Object.fromEntries(names.map((name) => [name, object[name as keyof typeof object]]));
}

type Predicate = (object: object) => boolean;

/** Applies `$filter`: terms joined by `and`. `allowed`: the operators that Graph documents for each property. */
export function filter(call: GraphCall, allowed: Readonly<Record<string, readonly string[]>>): Predicate {
    const text = call.query.get("$filter");
    if (text === null) return () => true;
    const terms = text.split(/\s+and\s+/).map((term) => parseTerm(term.trim(), allowed));
    return (object) => terms.every((matches) => matches(object));
}

const TERMS: readonly (readonly [string, RegExp])[] = [
    ["eq", /^(?<property>\w+) eq (?:'(?<value>(?:[^']|'')*)'|(?<guid>[0-9a-f-]{36})|(?<null>null))$/i],
    ["startswith", /^startswith\((?<property>\w+),\s*'(?<value>(?:[^']|'')*)'\)$/i],
    ["any", /^(?<property>\w+)\/any\((?<item>\w+):\s*\k<item> eq '(?<value>(?:[^']|'')*)'\)$/i],
];

function parseTerm(term: string, allowed: Readonly<Record<string, readonly string[]>>): Predicate {
    for (const [operator, pattern] of TERMS) {
        const groups = pattern.exec(term)?.groups;
        const property = groups?.["property"];
        if (property === undefined || !allowed[property]?.includes(operator)) continue;
        const value = groups?.["null"] ? null : (groups?.["value"] ?? groups?.["guid"] ?? "").replace(/''/g, "'");
        return (object) => holds(operator, object[property as keyof typeof object], value);
    }
    throw badRequest("Unsupported or invalid query filter clause specified.", "Request_UnsupportedQuery");
}

function holds(operator: string, actual: unknown, value: string | null): boolean {
    if (operator === "any") return Array.isArray(actual) && actual.includes(value);
    if (value === null || typeof actual !== "string") return actual === value;
    const [left, right] = [actual.toLowerCase(), value.toLowerCase()];
    return operator === "eq" ? left === right : left.startsWith(right);
}

const DEFAULT_PAGE = 100;
const MAX_PAGE = 999;

/** Returns one page of a collection, with a link to the next page. */
export function page(call: GraphCall, set: string, objects: readonly object[], path: string): object {
    const top = Number(call.query.get("$top") ?? DEFAULT_PAGE);
    if (!Number.isInteger(top) || top < 1 || top > MAX_PAGE) {
        throw badRequest(
            `Invalid page size specified: '${call.query.get("$top") ?? ""}'. Must be between 1 and ${MAX_PAGE} inclusive.`,
        );
    }
    const start = Number(call.query.get("$skiptoken") ?? 0);
    const next = new URLSearchParams(call.query);
    next.set("$skiptoken", String(start + top));
    return {
        "@odata.context": `${call.graphUrl}/$metadata#${set}`,
        ...(start + top < objects.length
            ? { "@odata.nextLink": `${call.graphUrl}${path}?${next.toString().replaceAll("%24", "$")}` }
            : {}),
        value: objects.slice(start, start + top),
    };
}

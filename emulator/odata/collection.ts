// Answers requests for a list, for its `/$count`, and for one object of the list.
import type { Answer, GraphCall } from "../context";
import { badRequest } from "../graphError";
import { predicateOf, sortableText, type Filterable } from "./filter";
import { assertKnownOptions, ENTITY_OPTIONS, isAdvanced, isEventual, LIST_OPTIONS, unsupportedQuery } from "./options";
import { searchOf } from "./search";
import { selectionOf, type Shape } from "./select";

export interface Kind extends Shape {
    /** The name of the list in `@odata.context`, such as `applications`. */
    readonly set: string;
    readonly filterable?: Filterable;
    readonly searchable?: readonly string[];
    /**
     * Properties by which `$orderby` can sort without the header `ConsistencyLevel`, if the request has neither
     * `$filter` nor `$search`.
     */
    readonly orderable?: readonly string[];
    /** Properties by which only an advanced query can sort. */
    readonly orderableInAdvanced?: readonly string[];
    /** The query options of the list. Default: `LIST_OPTIONS`. If `expand` is set, `$expand` is added. */
    readonly options?: readonly string[];
    /** The largest `$top`. Default: 999. */
    readonly maxPage?: number;
    /** True for lists of the reports service, which sorts filtered lists without the header `ConsistencyLevel`. */
    readonly isReport?: boolean;
}

export interface Listed {
    /** The path after the version, such as `/applications`. */
    readonly path: string;
    readonly objects: readonly object[];
}

const DEFAULT_PAGE = 100;
const MAX_PAGE = 999;

export function listAnswer(call: GraphCall, kind: Kind, { path, objects }: Listed): Answer {
    const { options = LIST_OPTIONS } = kind;
    assertKnownOptions(call, kind.expand ? [...options, "$expand"] : options);
    const selection = selectionOf(call, kind);
    const found = ordered(call, kind, matching(call, kind, objects));
    const { top, start } = pageOf(call, kind.maxPage ?? MAX_PAGE);
    const next = new URLSearchParams(call.query);
    next.set("$skiptoken", pageToken(start + top));
    const body = {
        "@odata.context": `${call.graphUrl}/$metadata#${kind.set}${selection.context}`,
        // If the header `ConsistencyLevel` is missing, Graph ignores `$count=true`. Only the first page contains the
        // count.
        ...(isAdvanced(call) && !call.query.has("$skiptoken") ? { "@odata.count": found.length } : {}),
        ...(start + top < found.length
            ? { "@odata.nextLink": `${call.graphUrl}${path}?${next.toString().replaceAll("%24", "$")}` }
            : {}),
        value: found.slice(start, start + top).map((one) => selection.apply(one)),
    };
    return { status: 200, body };
}

/** Answers with plain text, as Graph does. */
export function countAnswer(call: GraphCall, kind: Kind, { objects }: Pick<Listed, "objects">): Answer {
    assertKnownOptions(call, ["$filter", "$search"]);
    if (!isEventual(call)) throw badRequest("$count is not currently supported.");
    const advanced = new URLSearchParams(call.query);
    advanced.set("$count", "true");
    const count = matching({ ...call, query: advanced }, kind, objects).length;
    return { status: 200, body: String(count), headers: { "content-type": "text/plain" } };
}

export function entityAnswer(call: GraphCall, kind: Kind, object: object, more: object = {}): Answer {
    assertKnownOptions(call, kind.expand ? [...ENTITY_OPTIONS, "$expand"] : ENTITY_OPTIONS);
    const { context, apply } = selectionOf(call, kind);
    const named = { "@odata.context": `${call.graphUrl}/$metadata#${kind.set}${context}/$entity`, ...more };
    return { status: 200, body: { ...named, ...apply(object) } };
}

function matching(call: GraphCall, kind: Kind, objects: readonly object[]): object[] {
    const { filterable = {}, type, searchable = [] } = kind;
    const text = call.query.get("$filter");
    const rules = { filterable, type, isAdvanced: isAdvanced(call) };
    const matches = text === null ? () => true : predicateOf(text, rules);
    const isHit = searchOf(call, searchable);
    return objects.filter((one) => matches(one) && isHit(one));
}

function ordered(call: GraphCall, kind: Kind, objects: object[]): object[] {
    const text = call.query.get("$orderby");
    if (text === null) return objects;
    const [, wanted = "", direction] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(text) ?? [];
    const known = [...(kind.orderable ?? []), ...(isAdvanced(call) ? (kind.orderableInAdvanced ?? []) : [])];
    const property = known.find((one) => one.toLowerCase() === wanted.toLowerCase());
    const needsHeader = kind.isReport !== true && (call.query.has("$filter") || call.query.has("$search"));
    if (property === undefined || (needsHeader && !isAdvanced(call)))
        throw unsupportedQuery("Sorting not supported for current query.");
    const keyOf = (one: object) => textOf((one as Record<string, unknown>)[property]);
    const sign = direction?.toLowerCase() === "desc" ? -1 : 1;
    return [...objects].sort((a, b) => sign * (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}

function textOf(value: unknown): string {
    return typeof value === "string" ? sortableText(value) : "";
}

function pageOf({ query }: GraphCall, maxPage: number): { readonly top: number; readonly start: number } {
    const top = Number(query.get("$top") ?? DEFAULT_PAGE);
    if (!Number.isInteger(top) || top < 1 || top > maxPage) {
        throw badRequest(
            `Invalid page size specified: '${query.get("$top") ?? ""}'. Must be between 1 and ${maxPage} inclusive.`,
        );
    }
    return { top, start: startOf(query.get("$skiptoken")) };
}

/** Encodes the start of the next page, because clients must not depend on the content of the token. */
function pageToken(start: number): string {
    return Buffer.from(JSON.stringify({ start })).toString("base64url");
}

function startOf(token: string | null): number {
    if (token === null) return 0;
    const start = /^\{"start":(\d+)\}$/.exec(Buffer.from(token, "base64url").toString())?.[1];
    if (start !== undefined) return Number(start);
    throw badRequest(
        "The specified page token value has expired and can no longer be included in your request.",
        "Directory_ExpiredPageToken",
    );
}

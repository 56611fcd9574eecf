// Answers delta queries. The first round returns all objects of a list, and each later round only objects that have
// changed or have been removed since. With `$deltatoken=latest`, the first round returns no objects.
// https://learn.microsoft.com/graph/delta-query-overview
import { isDeepStrictEqual } from "node:util";

import type { Answer, GraphCall } from "../context";
import { badRequest, GraphFault } from "../graphError";
import type { ObjectHistory } from "../objectHistory";
import { omit } from "../omit";
import type { Kind } from "./collection";
import { predicateOf } from "./filter";
import { assertKnownOptions, unsupportedQuery } from "./options";
import { selectionOf } from "./select";

interface Identified {
    readonly id: string;
}

export interface Tracked {
    readonly kind: Kind;
    /** The path after the version, such as `/applications`. */
    readonly path: string;
    readonly history: Pick<
        ObjectHistory<Identified>,
        "all" | "changedAfter" | "current" | "epoch" | "knows" | "lastChange"
    >;
    readonly show: (object: never) => object;
    /** The deleted items, from which an object can be restored until it is purged. */
    readonly deleted?: Pick<ObjectHistory<Identified>, "changedAfter" | "current" | "lastChange">;
}

/** Each link in an answer contains the position of the client, and the options of the first request. */
interface Position {
    readonly epoch: string;
    /** The last change that the client knows. `undefined` means that the answers list all objects. */
    readonly since?: number;
    readonly sinceDeleted?: number;
    /** The number of objects on earlier pages. */
    readonly start?: number;
    /**
     * Where the next round begins: the last change before the first page of this round. An object may change between
     * two pages, and the next round must return it.
     */
    readonly end?: Pick<Position, "since" | "sinceDeleted">;
    readonly select?: string;
    readonly filter?: string;
}

const PAGE = 100;

export function deltaAnswer(call: GraphCall, tracked: Tracked): Answer {
    assertKnownOptions(call, ["$select", "$filter", "$deltatoken", "$skiptoken"]);
    const { history, deleted, path } = tracked;
    const position = positionOf(call, tracked);
    const isLatest = call.query.get("$deltatoken")?.toLowerCase() === "latest";
    const all = isLatest ? [] : entriesOf(call, tracked, position);
    const { start = 0 } = position;
    const link = (name: string, next: Position) =>
        `${call.graphUrl}${path}/delta?$${name}=${Buffer.from(JSON.stringify(next)).toString("base64url")}`;
    const isLast = start + PAGE >= all.length;
    const now = { since: history.lastChange, ...(deleted && { sinceDeleted: deleted.lastChange }) };
    const { end = now } = position;
    const body = {
        "@odata.context": `${call.graphUrl}/$metadata#${tracked.kind.set}${selectionFor(call, tracked, position).context}`,
        ...(isLast
            ? { "@odata.deltaLink": link("deltatoken", { ...omit(position, "start", "end"), ...end }) }
            : { "@odata.nextLink": link("skiptoken", { ...position, end, start: start + PAGE }) }),
        value: all.slice(start, start + PAGE),
    };
    return { status: 200, body };
}

function positionOf(call: GraphCall, { history, path }: Tracked): Position {
    const { query } = call;
    const token = query.get("$skiptoken") ?? query.get("$deltatoken");
    if (token === null || token === "" || token.toLowerCase() === "latest") {
        const [select, filter] = [query.get("$select"), query.get("$filter")];
        return { epoch: history.epoch, ...(select !== null && { select }), ...(filter !== null && { filter }) };
    }
    const position = readPosition(token);
    if (position.epoch === history.epoch) return position;
    // The link is from an earlier history, so the client must read everything again.
    throw new GoneFault(`${call.graphUrl}${path}/delta?$deltatoken=`);
}

function readPosition(token: string): Position {
    try {
        return JSON.parse(Buffer.from(token, "base64url").toString()) as Position;
    } catch {
        throw badRequest("Badly formed token.", "Request_BadRequest");
    }
}

/** The error for a link that Graph can no longer follow. It contains the URL at which to begin again. */
export class GoneFault extends GraphFault {
    constructor(readonly location: string) {
        super(410, "resyncRequired", "Resync required. Replace any local items with the server's version.");
    }
}

function selectionFor(call: GraphCall, { kind }: Tracked, position: Position) {
    const query = new URLSearchParams();
    if (position.select !== undefined) query.set("$select", position.select);
    return selectionOf({ ...call, query }, { ...kind, expand: {} });
}

/**
 * If the first request had `$select`, only changes of the selected properties count. Each entry contains the id, even
 * if `$select` does not name it.
 */
function entriesOf(call: GraphCall, tracked: Tracked, position: Position): object[] {
    const { history, deleted, show } = tracked;
    const selection = selectionFor(call, tracked, position);
    const shown = (object: Identified) => ({ ...selection.apply(show(object as never)), id: object.id });
    const isWanted = wantedIds(tracked, position);
    if (position.since === undefined)
        return history.all().flatMap((object) => (isWanted(object.id) ? [shown(object)] : []));
    const changed = history.changedAfter(position.since).filter(({ id }) => isWanted(id));
    const purged = (deleted?.changedAfter(position.sinceDeleted ?? 0) ?? []).filter(
        ({ id, after }) => after === undefined && isWanted(id) && history.knows(id) && !history.current(id),
    );
    const gone = new Set([...changed.filter(({ after }) => !after), ...purged].map(({ id }) => id));
    return [
        ...changed.flatMap(({ before, after }) => {
            if (!after || (before && isDeepStrictEqual(shown(before), shown(after)))) return [];
            return [shown(after)];
        }),
        ...[...gone].map((id) => ({ id, "@removed": { reason: deleted?.current(id) ? "changed" : "deleted" } })),
    ];
}

/** A delta query can filter only by `id`. */
function wantedIds({ kind }: Tracked, { filter }: Position) {
    if (filter === undefined) return () => true;
    if (!/^\s*id\s+eq\s/i.test(filter)) throw unsupportedQuery("Unsupported or invalid query filter clause specified.");
    const matches = predicateOf(filter, { filterable: { id: ["eq"] }, type: kind.type, isAdvanced: true });
    return (id: string) => matches({ id });
}

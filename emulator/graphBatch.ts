// Runs a batch of up to 20 requests. https://learn.microsoft.com/graph/json-batching
import type { Answer } from "./context";
import { badRequest, GraphFault } from "./graphError";
import { withoutSecrets, type LoggedRequest } from "./requestLog";

export interface BatchItem {
    readonly id: string;
    readonly method: string;
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly dependsOn?: readonly string[];
    /** True if a request in `dependsOn` failed. Then this request is not executed. */
    readonly failedDependency?: boolean;
}

interface Batch {
    readonly method: string;
    readonly body: unknown;
    readonly logged: LoggedRequest;
    /** Returns `undefined` if the request gets no answer. */
    readonly answerItem: (item: BatchItem) => Promise<Answer | undefined>;
}

const MAX_BATCH = 20;

/** Returns the answers in reverse order, so that a client that depends on the order fails. Graph promises no order. */
export async function answerBatch({ method, body, logged, answerItem }: Batch): Promise<Answer> {
    if (method !== "POST") throw new GraphFault(405, "BadRequest", "The HTTP method is not allowed for $batch.");
    const items = inOrder(batchItems(body));
    const statuses = new Map<string, number>();
    const responses: object[] = [];
    logged.items = [];
    for (const item of items) {
        const failedDependency = dependenciesOf(item).some((id) => (statuses.get(id) ?? 500) >= 400);
        const answer = await answerItem({ ...item, failedDependency });
        const status = answer?.status ?? 502;
        statuses.set(item.id.toLowerCase(), status);
        const retryAfter = answer?.headers?.["retry-after"];
        logged.items.push({
            method: item.method,
            path: item.url,
            status,
            body: withoutSecrets(item.body),
            ...(retryAfter === undefined ? {} : { retryAfter }),
        });
        responses.push({
            id: item.id,
            status,
            headers: { "Content-Type": "application/json", ...answer?.headers },
            body: answer?.body,
        });
    }
    return { status: 200, body: { responses: responses.reverse() } };
}

function batchItems(body: unknown): BatchItem[] {
    const items = (body as { requests?: unknown } | undefined)?.requests;
    const isItem = (item: unknown) => {
        const { id, method, url, dependsOn } = (item ?? {}) as Partial<Record<keyof BatchItem, unknown>>;
        const isRelative = typeof url === "string" && !/^\w+:/.test(url);
        const isOrdered = dependsOn === undefined || dependsOn === null || isTexts(dependsOn);
        return typeof id === "string" && typeof method === "string" && isRelative && isOrdered;
    };
    if (!Array.isArray(items) || items.length === 0 || !items.every(isItem)) throw invalidBatch();
    const list = (items as BatchItem[]).map((item) => ({ ...item, url: item.url.replace(/^\/?/, "/") }));
    if (list.length > MAX_BATCH) {
        throw badRequest(
            `Number of batch request steps exceeds the maximum value of ${MAX_BATCH}.`,
            "MaximumValueExceeded",
        );
    }
    const ids = list.map(({ id }) => id.toLowerCase());
    if (new Set(ids).size < ids.length) throw badRequest("Request ids in a batch must be unique.", "BadRequest");
    const hasType = ({ headers }: BatchItem) =>
        Object.keys(headers ?? {}).some((name) => name.toLowerCase() === "content-type");
    if (list.some((item) => (item.body ?? undefined) !== undefined && !hasType(item))) {
        throw badRequest("Content-Type header is required for a batch request with a body.", "BadRequest");
    }
    return list;
}

function isTexts(value: unknown): boolean {
    return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function invalidBatch() {
    return badRequest("Invalid batch payload format.", "BadRequest");
}

/** Ids of requests are not case-sensitive. */
function dependenciesOf({ dependsOn }: BatchItem): readonly string[] {
    return dependsOn?.map((id) => id.toLowerCase()) ?? [];
}

/**
 * Puts each item after the items on which it depends. Graph refuses the whole batch if `dependsOn` contains an unknown
 * id, or if items depend on each other in a circle.
 */
function inOrder(items: readonly BatchItem[]): BatchItem[] {
    const ordered: BatchItem[] = [];
    const done = new Set<string>();
    while (ordered.length < items.length) {
        const next = items.find(
            (item) => !done.has(item.id.toLowerCase()) && dependenciesOf(item).every((id) => done.has(id)),
        );
        if (!next) throw invalidBatch();
        ordered.push(next);
        done.add(next.id.toLowerCase());
    }
    return ordered;
}

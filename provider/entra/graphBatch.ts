// Sends requests in Graph's `$batch`: up to 20 in one HTTP request, each with its own answer.
// https://learn.microsoft.com/graph/json-batching
import { assertEngineIsRunning } from "../pulumi/engineIsRunning";
import { clock } from "./clock";
import type { GraphAnswer, GraphRequest, Sender } from "./graphRequest";
import { errorOf, FAILED_DEPENDENCY, isUncertainStatus } from "./graphErrors";
import { aBatch } from "./graphShapes";
import { pauseBeforeRetry, ruleOf, type RetryRule } from "./retry";

/** Graph's limit for the number of requests in a batch. */
export const BATCH_SIZE = 20;
export const BATCH_PATH = "/$batch";

/** The answer to one request of a batch, and the facts that decide about a retry. */
export interface Outcome {
    readonly answer: GraphAnswer;
    readonly retryAfter: string | undefined;
    readonly rule: RetryRule;
}

/** Sends a list with at least one write. Sends again only the requests that failed and may be repeated. */
export async function sendBatch(sender: Sender, requests: readonly GraphRequest[]): Promise<GraphAnswer[]> {
    // A request with `readBefore` takes two places in a batch.
    const size = requests.some(({ readBefore }) => readBefore !== undefined) ? BATCH_SIZE / 2 : BATCH_SIZE;
    const chunks = Array.from({ length: Math.ceil(requests.length / size) }, (_, index) =>
        requests.slice(index * size, (index + 1) * size),
    );
    return (await Promise.all(chunks.map((chunk) => untilAnswered(sender, chunk)))).flat();
}

async function untilAnswered(sender: Sender, requests: readonly GraphRequest[]): Promise<GraphAnswer[]> {
    const answers: GraphAnswer[] = [];
    const startedAt = clock.now().getTime();
    const uncertain = new Set<number>();
    let pending = requests.map((request, index) => ({ request, index }));
    for (let count = 1; pending.length > 0; count++) {
        const sent = pending.map(({ request }) => request);
        const purposes = [...new Set(sent.map(({ purpose }) => purpose))].join(", ");
        const onUncertain = () => pending.forEach(({ index }) => uncertain.add(index));
        const outcomes = await sendOnce(sender, sent, { purpose: purposes, startedAt, onUncertain });
        const pauses: number[] = [];
        pending = pending.filter(({ index }, position) => {
            const { answer, retryAfter, rule } = outcomes[position] as Outcome;
            answers[index] = uncertain.has(index) ? { ...answer, isUncertain: true } : answer;
            if (isUncertainStatus(answer.status)) uncertain.add(index);
            const pause = pauseBeforeRetry({ status: answer.status, retryAfter }, count, rule, startedAt);
            if (pause !== undefined) pauses.push(pause);
            // Graph did not execute an item that depends on a failed item. The dependent item is sent again if the
            // failed item is sent again.
            return pause !== undefined || (answer.status === FAILED_DEPENDENCY && pauses.length > 0);
        });
        if (pending.length > 0) await clock.sleep(Math.max(...pauses));
    }
    return answers;
}

/** Sends one batch. A retry of the whole batch follows the strictest rule of its requests. */
export async function sendOnce(
    sender: Sender,
    requests: readonly GraphRequest[],
    whole: Pick<GraphRequest, "purpose" | "startedAt" | "onUncertain">,
): Promise<Outcome[]> {
    const items = requests.flatMap(itemsOf);
    // Graph accepts few patterns of dependencies in a batch. So if one request depends on another, all requests form
    // one chain.
    const isChain = requests.some(({ readBefore }) => readBefore !== undefined);
    const chained = items.map((item, position) => {
        const previous = items[position - 1];
        return isChain && previous ? { ...item, dependsOn: [previous.id] } : item;
    });
    if (requests.some(({ method }) => method !== "GET")) await assertEngineIsRunning();
    const { responses } = (await sender.send({
        method: "POST",
        path: BATCH_PATH,
        body: { requests: chained },
        answers: aBatch,
        ...whole,
        retry: requests.every((request) => ruleOf(request) === "always") ? "always" : "onlyWhenRefused",
    })) as { responses: Item[] };
    if (responses.some(({ status }) => status === 429)) sender.inFlight.noteThrottled();
    const byId = new Map(responses.map((item) => [item.id, item]));
    return requests.map((request, index) => outcomeOf(sender.host, byId, request, index));
}

interface Item {
    readonly id: string;
    readonly status: number;
    readonly headers?: Readonly<Record<string, unknown>> | null;
    readonly body?: unknown;
}

function idBefore(index: number): string {
    return `${index}-before`;
}

function itemsOf({ method, path, body, headers, readBefore }: GraphRequest, index: number): { readonly id: string }[] {
    const content =
        body === undefined
            ? headers && { headers }
            : { body, headers: { ...headers, "Content-Type": "application/json" } };
    const item = { id: String(index), method, url: path, ...content };
    if (readBefore === undefined) return [item];
    const before = { id: idBefore(index), method: "GET", url: readBefore };
    return [before, item];
}

/** If the read before a write failed, reports that failure. Nothing was written, so both can be retried. */
function outcomeOf(host: string, items: ReadonlyMap<string, Item>, request: GraphRequest, index: number): Outcome {
    const own = answerOf(host, items.get(String(index)), request);
    const read = items.get(idBefore(index));
    if (request.readBefore === undefined || read === undefined) return { ...own, rule: ruleOf(request) };
    const { purpose, answersBefore: answers } = request;
    const reading = { method: "GET", path: request.readBefore, purpose, ...(answers ? { answers } : {}) } as const;
    const before = answerOf(host, read, reading);
    const isUsable = before.answer.error === undefined;
    const wasWritten = own.answer.error === undefined;
    if (!isUsable && !wasWritten && read.status !== FAILED_DEPENDENCY) return { ...before, rule: "always" };
    return { ...own, answer: { ...own.answer, ...(isUsable ? { before: read.body } : {}) }, rule: ruleOf(request) };
}

function answerOf(host: string, item: Item | undefined, request: GraphRequest): Omit<Outcome, "rule"> {
    const { status = 0, headers, body } = item ?? {};
    const named = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "retry-after")?.[1];
    const retryAfter = typeof named === "string" ? named : undefined;
    const wire = body === undefined || body === null ? undefined : { json: body };
    const error = errorOf({ host, status, wire, retryAfter }, request);
    return { answer: { status: error ? (error.status ?? 0) : status, body, ...(error ? { error } : {}) }, retryAfter };
}

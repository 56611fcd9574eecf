// Graph's `$batch`: up to 20 requests in one envelope, each with an answer of its own.
// https://learn.microsoft.com/graph/json-batching
import { assertEngineIsRunning } from "../pulumi/engineIsRunning";
import { clock } from "./clock";
import type { GraphAnswer, GraphRequest, Sender } from "./graphRequest";
import { FAILED_DEPENDENCY, graphRefusal } from "./graphErrors";
import { pauseBeforeRetry, ruleOf, type RetryRule } from "./retry";

/** Graph takes no more in one batch. */
export const BATCH_SIZE = 20;
export const BATCH_PATH = "/$batch";

/** How one request of a batch ended, and what decides whether it is sent again. */
export interface Outcome {
    readonly answer: GraphAnswer;
    readonly retryAfter: string | undefined;
    readonly rule: RetryRule;
}

/** Sends requests of which at least one writes. Each that is throttled or fails is sent again by itself. */
export async function sendBatch(sender: Sender, requests: readonly GraphRequest[]): Promise<GraphAnswer[]> {
    // A request with a read before it takes two places.
    const size = requests.some(({ readBefore }) => readBefore !== undefined) ? BATCH_SIZE / 2 : BATCH_SIZE;
    const chunks = Array.from({ length: Math.ceil(requests.length / size) }, (_, index) =>
        requests.slice(index * size, (index + 1) * size),
    );
    return (await Promise.all(chunks.map((chunk) => untilAnswered(sender, chunk)))).flat();
}

async function untilAnswered(sender: Sender, requests: readonly GraphRequest[]): Promise<GraphAnswer[]> {
    const answers: GraphAnswer[] = [];
    const startedAt = clock.now().getTime();
    let pending = requests.map((request, index) => ({ request, index }));
    for (let count = 1; pending.length > 0; count++) {
        const sent = pending.map(({ request }) => request);
        const purposes = [...new Set(sent.map(({ purpose }) => purpose))].join(", ");
        const outcomes = await sendEnvelope(sender, sent, purposes);
        const pauses: number[] = [];
        pending = pending.filter(({ index }, position) => {
            const { answer, retryAfter, rule } = outcomes[position] as Outcome;
            answers[index] = answer;
            const pause = pauseBeforeRetry({ status: answer.status, retryAfter }, count, rule, startedAt);
            if (pause !== undefined) pauses.push(pause);
            // What waited for an item that is sent again is sent again behind it.
            return pause !== undefined || (answer.status === FAILED_DEPENDENCY && pauses.length > 0);
        });
        if (pending.length > 0) await clock.sleep(Math.max(...pauses));
    }
    return answers;
}

/** One envelope, once; it is repeated as a whole only where no answer came and all of it may be repeated. */
export async function sendEnvelope(
    sender: Sender,
    requests: readonly GraphRequest[],
    purpose: string,
): Promise<Outcome[]> {
    const items = requests.flatMap(itemsOf);
    // Graph wants a batch to be one chain, or to have no order at all.
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
        purpose,
        retry: requests.every((request) => ruleOf(request) === "always") ? "always" : "onlyWhenRefused",
    })) as { responses: Item[] };
    if (responses.some(({ status }) => status === 429)) sender.inFlight.tooMuch();
    const byId = new Map(responses.map((item) => [item.id, item]));
    return requests.map((request, index) => outcomeOf(byId, request, index));
}

interface Item {
    readonly id: string;
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
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

/** Of a write whose own read failed: that failure, after which nothing was done and all may be sent again. */
function outcomeOf(items: ReadonlyMap<string, Item>, request: GraphRequest, index: number): Outcome {
    const own = items.get(String(index)) ?? { id: "", status: 0 };
    const read = items.get(idBefore(index));
    const isReadsFault = read !== undefined && read.status >= 300 && read.status !== FAILED_DEPENDENCY;
    const item = isReadsFault ? read : own;
    return {
        answer: { ...answerOf(item, request), ...(read?.body === undefined ? {} : { before: read.body }) },
        retryAfter: retryAfterOf(item),
        rule: isReadsFault ? "always" : ruleOf(request),
    };
}

function retryAfterOf({ headers }: Item): string | undefined {
    return Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "retry-after")?.[1];
}

function answerOf({ status, body }: Item, request: GraphRequest): GraphAnswer {
    if (status >= 200 && status < 300) return { status, body };
    return { status, body, error: graphRefusal(status, body, request) };
}

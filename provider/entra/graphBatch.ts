// Graph's `$batch`: up to 20 requests in one HTTP request, each with its own answer.
// https://learn.microsoft.com/graph/json-batching
import { assertEngineIsRunning } from "../pulumi/engineIsRunning";
import { clock } from "./clock";
import type { GraphAnswer, GraphRequest, Sender } from "./graphRequest";
import { FAILED_DEPENDENCY, graphRefusal, isUncertainStatus } from "./graphErrors";
import { pauseBeforeRetry, ruleOf, type RetryRule } from "./retry";

/** Graph's limit. */
export const BATCH_SIZE = 20;
export const BATCH_PATH = "/$batch";

/** The outcome of one request of a batch, which decides about a retry. */
export interface Outcome {
    readonly answer: GraphAnswer;
    readonly retryAfter: string | undefined;
    readonly rule: RetryRule;
}

/** For requests of which at least one writes. Each one is retried by itself if it is throttled or fails. */
export async function sendBatch(sender: Sender, requests: readonly GraphRequest[]): Promise<GraphAnswer[]> {
    // A request with `readBefore` takes two places.
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
        const outcomes = await sendOnce(sender, sent, purposes, onUncertain);
        const pauses: number[] = [];
        pending = pending.filter(({ index }, position) => {
            const { answer, retryAfter, rule } = outcomes[position] as Outcome;
            answers[index] = uncertain.has(index) ? { ...answer, isUncertain: true } : answer;
            if (isUncertainStatus(answer.status)) uncertain.add(index);
            const pause = pauseBeforeRetry({ status: answer.status, retryAfter }, count, rule, startedAt);
            if (pause !== undefined) pauses.push(pause);
            // An item that depends on a retried one is sent again behind it.
            return pause !== undefined || (answer.status === FAILED_DEPENDENCY && pauses.length > 0);
        });
        if (pending.length > 0) await clock.sleep(Math.max(...pauses));
    }
    return answers;
}

/** Sends one batch. It is retried as a whole only if no answer came and each of its requests may be retried. */
export async function sendOnce(
    sender: Sender,
    requests: readonly GraphRequest[],
    purpose: string,
    onUncertain: () => void = () => undefined,
): Promise<Outcome[]> {
    const items = requests.flatMap(itemsOf);
    // Graph accepts a batch that is one chain, or one without any order.
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
        onUncertain,
        retry: requests.every((request) => ruleOf(request) === "always") ? "always" : "onlyWhenRefused",
    })) as { responses: Item[] };
    if (responses.some(({ status }) => status === 429)) sender.inFlight.noteThrottled();
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

/** If the read before a write failed, reports that failure. Nothing was written, so both can be retried. */
function outcomeOf(items: ReadonlyMap<string, Item>, request: GraphRequest, index: number): Outcome {
    const own = items.get(String(index)) ?? { id: "", status: 0 };
    const read = items.get(idBefore(index));
    const didReadFail = read !== undefined && read.status >= 300 && read.status !== FAILED_DEPENDENCY;
    const item = didReadFail ? read : own;
    return {
        answer: { ...answerOf(item, request), ...(read?.body === undefined ? {} : { before: read.body }) },
        retryAfter: retryAfterOf(item),
        rule: didReadFail ? "always" : ruleOf(request),
    };
}

function retryAfterOf({ headers }: Item): string | undefined {
    return Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "retry-after")?.[1];
}

function answerOf({ status, body }: Item, request: GraphRequest): GraphAnswer {
    if (status >= 200 && status < 300) return { status, body };
    return { status, body, error: graphRefusal(status, body, request) };
}

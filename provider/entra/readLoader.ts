// Sends the reads of a tenant. Reads of different resources share a batch if they begin at almost the same time.
// Answers are not cached, because each read must show all earlier writes.
import { PortalError } from "../portalError";
import { clock } from "./clock";
import { BATCH_SIZE, sendOnce } from "./graphBatch";
import type { GraphAnswer, GraphRequest, Sender } from "./graphRequest";
import { CALLING_GRAPH, forRequest } from "./graphErrors";
import { pauseBeforeRetry } from "./retry";

/** A read that is not answered yet. Callers that request the same read while it is in the queue share its answer. */
interface PendingRead {
    readonly request: GraphRequest;
    readonly startedAt: number;
    /** The number of the next attempt. */
    readonly attempt: number;
    readonly callers: readonly Caller[];
}

interface Caller {
    readonly answer: (answer: GraphAnswer) => void;
    readonly fail: (error: unknown) => void;
}

/**
 * The loader sends a batch if no read was added for this time. The engine starts reads a few milliseconds apart
 * (measured). The timer runs in real time and does not use clock.ts, because the engine's calls arrive in real time.
 */
const LULL_MS = 50;

export class ReadLoader {
    private readonly queue = new Map<string, PendingRead>();
    private batchesInFlight = 0;
    /** The time of the answer to the last full batch, by `performance.now()`. */
    private fullBatchAt = -Infinity;
    private lull: NodeJS.Timeout | undefined;
    private requested = 0;

    constructor(private readonly sender: Sender) {}

    /**
     * Returns Graph's answer, refusals included. Rejects if the read got no answer of its own, for example because its
     * whole batch failed.
     */
    load(request: GraphRequest): Promise<GraphAnswer> {
        return new Promise((answer, fail) =>
            this.enqueue({
                request,
                startedAt: request.startedAt ?? clock.now().getTime(),
                attempt: 1,
                callers: [{ answer, fail }],
            }),
        );
    }

    /**
     * Sends a single read immediately, unless other reads are in flight or a full batch has just been answered. Sends a
     * batch when it is full, or when no read was added for LULL_MS.
     */
    private enqueue(read: PendingRead): void {
        const isCrowded = performance.now() - this.fullBatchAt < LULL_MS;
        const isSingle = this.queue.size === 0 && this.batchesInFlight === 0 && !isCrowded;
        const key = JSON.stringify([read.request.path, read.request.headers]);
        const callers = [...(this.queue.get(key)?.callers ?? []), ...read.callers];
        this.queue.set(key, { ...read, callers });
        this.requested++;
        if (this.queue.size >= BATCH_SIZE) this.sendBatch();
        else if (isSingle) setImmediate(() => this.sendBatch());
        else this.sendAfterLull();
    }

    private sendAfterLull(): void {
        clearTimeout(this.lull);
        this.lull = setTimeout(() => {
            const { requested } = this;
            // If this process was blocked, more reads may have arrived. `setImmediate` lets Node.js add them first.
            setImmediate(() => (this.requested === requested ? this.sendBatch() : undefined));
        }, LULL_MS);
    }

    private sendBatch(): void {
        const batch = [...this.queue].slice(0, BATCH_SIZE);
        for (const [key] of batch) this.queue.delete(key);
        if (batch.length > 0) void this.send(batch.map(([, read]) => read));
    }

    private async send(reads: readonly PendingRead[]): Promise<void> {
        this.batchesInFlight++;
        try {
            const [only, ...more] = reads;
            await (only !== undefined && more.length === 0 ? this.sendAlone(only) : this.sendTogether(reads));
        } catch (error) {
            for (const read of reads) this.failOrRetry(read, error, reads);
        } finally {
            this.batchesInFlight--;
            if (reads.length === BATCH_SIZE) this.fullBatchAt = performance.now();
            // Callers that just got an answer may start more reads, so the queued reads wait for those new reads.
            if (this.queue.size > 0) this.sendAfterLull();
        }
    }

    /**
     * Sends several reads in one batch. Some reads may fail temporarily, for example with a 429. The loader retries
     * only these reads, and the callers of the other reads do not wait.
     */
    private async sendTogether(reads: readonly PendingRead[]): Promise<void> {
        const requests = reads.map(({ request }) => request);
        const outcomes = await sendOnce(this.sender, requests, { purpose: CALLING_GRAPH, startedAt: oldest(reads) });
        outcomes.forEach(({ answer, retryAfter, rule }, index) => {
            const read = reads[index] as PendingRead;
            const { attempt, startedAt } = read;
            const pause = pauseBeforeRetry({ status: answer.status, retryAfter }, attempt, rule, startedAt);
            if (pause === undefined) for (const caller of read.callers) caller.answer(answer);
            else this.retryAfter(pause, read);
        });
    }

    private retryAfter(pause: number, read: PendingRead): void {
        const again = () => this.enqueue({ ...read, attempt: read.attempt + 1 });
        void clock.sleep(pause).then(again, (error: unknown) => read.callers.forEach(({ fail }) => fail(error)));
    }

    /** A batch ends at the deadline of its oldest read. A newer read has time left, so it is retried. */
    private failOrRetry(read: PendingRead, error: unknown, batch: readonly PendingRead[]): void {
        const { request, callers, startedAt, attempt } = read;
        const isUnavailable = error instanceof PortalError && error.code === "ERR_GRAPH_UNAVAILABLE";
        const isYounger = startedAt > oldest(batch) && isUnavailable;
        const pause = isYounger
            ? pauseBeforeRetry({ status: 0, retryAfter: undefined }, attempt, "always", startedAt)
            : undefined;
        if (pause !== undefined) {
            this.retryAfter(pause, read);
            return;
        }
        const failure = error instanceof PortalError ? forRequest(request, error) : error;
        for (const { fail } of callers) fail(failure);
    }

    /** A single read is not wrapped in a batch, and the middleware retries it. */
    private async sendAlone({ request, callers, startedAt }: PendingRead): Promise<void> {
        const answer = await this.sender.send({ ...request, startedAt }).then(
            (body): GraphAnswer => ({ status: 200, body }),
            (error: unknown): GraphAnswer => {
                if (!(error instanceof PortalError) || error.status === undefined) throw error;
                return { status: error.status, body: undefined, error };
            },
        );
        for (const caller of callers) caller.answer(answer);
    }
}

function oldest(reads: readonly PendingRead[]): number {
    return Math.min(...reads.map(({ startedAt }) => startedAt));
}

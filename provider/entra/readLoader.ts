// One loader for all reads of a tenant: what different resources ask for in the same moment travels together. It keeps no
// answers: a read is sent after it was asked for, so it sees what was written before.
import { PortalError } from "../portalError";
import { clock } from "./clock";
import { BATCH_SIZE, sendEnvelope } from "./graphBatch";
import type { GraphAnswer, GraphRequest, Sender } from "./graphRequest";
import { about, ASKING_GRAPH } from "./graphErrors";
import { pauseBeforeRetry } from "./retry";

/** A read that is not sent yet; who asks the same meanwhile waits for the same answer. */
interface Question {
    readonly request: GraphRequest;
    readonly startedAt: number;
    /** Attempts, the next one included. */
    readonly attempt: number;
    readonly askers: readonly Asker[];
}

interface Asker {
    readonly answer: (answer: GraphAnswer) => void;
    readonly fail: (error: unknown) => void;
}

/** The engine hands its reads over one by one, a few milliseconds apart (measured); real time, as theirs is. */
const LULL_MS = 50;

export class ReadLoader {
    private readonly queue = new Map<string, Question>();
    private batchesInFlight = 0;
    /** When the last full batch was answered. */
    private crowdAt = -Infinity;
    private lull: NodeJS.Timeout | undefined;
    private asked = 0;

    constructor(private readonly sender: Sender) {}

    /** Answers as Graph does, refusals included; rejects where Graph did not answer. */
    load(request: GraphRequest): Promise<GraphAnswer> {
        return new Promise((answer, fail) =>
            this.ask({ request, startedAt: clock.now().getTime(), attempt: 1, askers: [{ answer, fail }] }),
        );
    }

    /** Who asks alone waits for nobody; in a crowd a batch goes when it is full, or when nothing happened for a while. */
    private ask(question: Question): void {
        const wasCrowd = performance.now() - this.crowdAt < LULL_MS;
        const isAlone = this.queue.size === 0 && this.batchesInFlight === 0 && !wasCrowd;
        const key = JSON.stringify([question.request.path, question.request.headers]);
        const askers = [...(this.queue.get(key)?.askers ?? []), ...question.askers];
        this.queue.set(key, { ...question, askers });
        this.asked++;
        if (this.queue.size >= BATCH_SIZE) this.sendBatch();
        else if (isAlone) setImmediate(() => this.sendBatch());
        else this.sendAfterLull();
    }

    private sendAfterLull(): void {
        clearTimeout(this.lull);
        this.lull = setTimeout(() => {
            const { asked } = this;
            // Where this process itself stood still, those who asked meanwhile are heard only now.
            setImmediate(() => (this.asked === asked ? this.sendBatch() : undefined));
        }, LULL_MS);
    }

    private sendBatch(): void {
        const batch = [...this.queue].slice(0, BATCH_SIZE);
        for (const [key] of batch) this.queue.delete(key);
        if (batch.length > 0) void this.send(batch.map(([, question]) => question));
    }

    private async send(questions: readonly Question[]): Promise<void> {
        this.batchesInFlight++;
        try {
            const [only, ...more] = questions;
            await (only && more.length === 0 ? this.sendAlone(only) : this.sendTogether(questions));
        } catch (error) {
            for (const { request, askers } of questions) {
                const failure = error instanceof PortalError ? about(request, error) : error;
                for (const { fail } of askers) fail(failure);
            }
        } finally {
            this.batchesInFlight--;
            if (questions.length === BATCH_SIZE) this.crowdAt = performance.now();
            // Who is answered may ask again, and whose turn it is now asks.
            if (this.queue.size > 0) this.sendAfterLull();
        }
    }

    /** What is throttled is asked for again later, and keeps nobody else waiting. */
    private async sendTogether(questions: readonly Question[]): Promise<void> {
        const requests = questions.map(({ request }) => request);
        const outcomes = await sendEnvelope(this.sender, requests, ASKING_GRAPH);
        outcomes.forEach(({ answer, retryAfter, rule }, index) => {
            const question = questions[index] as Question;
            const { attempt, startedAt } = question;
            const pause = pauseBeforeRetry({ status: answer.status, retryAfter }, attempt, rule, startedAt);
            if (pause === undefined) for (const asker of question.askers) asker.answer(answer);
            else void clock.sleep(pause).then(() => this.ask({ ...question, attempt: attempt + 1 }));
        });
    }

    /** Without company it needs no envelope, and is repeated where every request is. */
    private async sendAlone({ request, askers }: Question): Promise<void> {
        const answer = await this.sender.send(request).then(
            (body): GraphAnswer => ({ status: 200, body }),
            (error: unknown): GraphAnswer => {
                if (!(error instanceof PortalError) || error.status === undefined) throw error;
                return { status: error.status, body: undefined, error };
            },
        );
        for (const asker of askers) asker.answer(answer);
    }
}

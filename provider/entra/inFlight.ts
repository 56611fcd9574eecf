// Limits how many requests of one tenant run at the same time. A 429 halves the limit. Answers without a 429 raise it
// slowly: about 16 answers raise a limit of 16 to 17.

/** The highest limit. undici opens a socket for each running request. */
const MOST = 32;

export class InFlight {
    private most = MOST;
    private running = 0;
    /**
     * Approximately the number of running requests that began before the limit was last halved: each request that ends
     * counts as one of them. Their answers do not show whether the new limit is right.
     */
    private sentBeforeCut = 0;
    private readonly waiting: (() => void)[] = [];

    /** Runs one attempt as soon as the limit allows it. Pauses between attempts do not count. */
    async run<T>(attempt: () => Promise<T>): Promise<T> {
        if (this.running >= this.room) await new Promise<void>((go) => this.waiting.push(go));
        else this.running++;
        try {
            const result = await attempt();
            if (this.sentBeforeCut === 0) this.most = Math.min(this.most + 1 / this.most, MOST);
            return result;
        } finally {
            this.leave();
        }
    }

    /**
     * Halves the limit. Callers must call this method if Graph answers 429 to a request or to an item of a batch.
     * Another 429 changes nothing while requests from before the last halving are running.
     */
    noteThrottled(): void {
        if (this.sentBeforeCut > 0) return;
        this.most = Math.max(this.most / 2, 1);
        this.sentBeforeCut = this.running;
    }

    /** Returns how many requests may run at the same time. */
    get room(): number {
        return Math.floor(this.most);
    }

    private leave(): void {
        this.running--;
        if (this.sentBeforeCut > 0) this.sentBeforeCut--;
        while (this.running < this.room && this.waiting.length > 0) {
            this.running++;
            this.waiting.shift()?.();
        }
    }
}

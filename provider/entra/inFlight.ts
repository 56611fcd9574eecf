// Limits how many requests of one tenant run at the same time. A 429 halves the limit. After each round of answers the
// limit grows by one.

/** undici opens a socket for each request that runs at the same moment. */
const MOST = 32;

export class InFlight {
    private most = MOST;
    private running = 0;
    /**
     * The number of requests that were running when the limit was last halved. Their answers do not show whether the
     * new limit is right.
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

    /** Must run if Graph answers 429 to a request or to an item of a batch. */
    noteThrottled(): void {
        if (this.sentBeforeCut > 0) return;
        this.most = Math.max(this.most / 2, 1);
        this.sentBeforeCut = this.running;
    }

    /** Returns the number of requests that may run now. */
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

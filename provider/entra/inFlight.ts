// How many requests of one tenant are under way at a time: half as many once Graph says that it is too much, and one more
// after each round that it took.

/** undici opens a socket for each. */
const MOST = 32;

export class InFlight {
    private most = MOST;
    private running = 0;
    /** Requests that were under way at the last cut: what they meet says nothing about what was cut to. */
    private sentBeforeCut = 0;
    private readonly waiting: (() => void)[] = [];

    /** Runs one attempt as soon as there is room. Pauses between attempts take no room. */
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

    /** Graph answered 429, to a request or to an item of a batch. */
    tooMuch(): void {
        if (this.sentBeforeCut > 0) return;
        this.most = Math.max(this.most / 2, 1);
        this.sentBeforeCut = this.running;
    }

    /** Requests that may be under way now. */
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

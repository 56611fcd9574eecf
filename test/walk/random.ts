// Makes random choices. The same seed always leads to the same choices.

export class Random {
    constructor(private seed: number) {}

    /** Uses the algorithm mulberry32. */
    private next(): number {
        this.seed = (this.seed + 0x6d2b79f5) | 0;
        let bits = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
        bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
        return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
    }

    /** Returns an integer from 0 to `below` - 1. */
    number(below: number): number {
        return Math.floor(this.next() * below);
    }

    chance(probability: number): boolean {
        return this.next() < probability;
    }

    of<T>(list: readonly T[]): T {
        if (list.length === 0) throw new Error("cannot choose from an empty list");
        return list[this.number(list.length)] as T;
    }

    shuffled<T>(list: readonly T[]): T[] {
        const ordered = list.map((one) => ({ one, place: this.next() }));
        return ordered.sort((a, b) => a.place - b.place).map(({ one }) => one);
    }

    some<T>(list: readonly T[]): T[] {
        return list.filter(() => this.chance(0.4));
    }
}

// Objects of one kind with their past, so that a read can see the directory as it was a moment ago.

interface Version<T> {
    readonly at: number;
    /** `undefined`: deleted. */
    readonly value: T | undefined;
}

/** Versions older than this are not needed by any lag that is worth emulating. */
const KEEP_MS = 15 * 60 * 1000;

export class Replicated<T extends { readonly id: string }> {
    private readonly versions = new Map<string, Version<T>[]>();

    constructor(private readonly now: () => number) {}

    /** Objects that every replica has known for long. */
    load(values: readonly T[]): void {
        for (const value of values) this.versions.set(value.id, [{ at: 0, value: structuredClone(value) }]);
    }

    put(value: T): void {
        this.append(value.id, structuredClone(value));
    }

    remove(id: string): void {
        this.append(id, undefined);
    }

    /** As the directory really is. */
    current(id: string): T | undefined {
        return this.versions.get(id)?.at(-1)?.value;
    }

    /** As a replica that is `lagMs` behind sees it. */
    seen(id: string, lagMs: number): T | undefined {
        if (lagMs === 0) return this.current(id);
        const horizon = this.now() - lagMs;
        return this.versions.get(id)?.findLast(({ at }) => at <= horizon)?.value;
    }

    all(lagMs = 0): T[] {
        return [...this.versions.keys()].map((id) => this.seen(id, lagMs)).filter((value) => value !== undefined);
    }

    find(matches: (value: T) => boolean, lagMs = 0): T | undefined {
        return this.all(lagMs).find(matches);
    }

    private append(id: string, value: T | undefined): void {
        const horizon = this.now() - KEEP_MS;
        const known = this.versions.get(id) ?? [];
        const firstNeeded = Math.max(
            known.findLastIndex(({ at }) => at <= horizon),
            0,
        );
        this.versions.set(id, [...known.slice(firstNeeded), { at: this.now(), value }]);
    }
}

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
    /** Group -> ids, so that what belongs together is found among thousands. */
    private readonly groups = new Map<string, Set<string>>();

    /** `groupOf`: what objects are looked for by beside their id; it never changes. */
    constructor(
        private readonly now: () => number,
        private readonly groupOf?: (value: T) => string,
    ) {}

    /** Objects that every replica has known for long. */
    load(values: readonly T[]): void {
        for (const value of values) {
            this.versions.set(value.id, [{ at: 0, value: structuredClone(value) }]);
            this.index(value);
        }
    }

    put(value: T): void {
        this.index(value);
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

    /** Objects of one group. */
    inGroup(group: string, lagMs = 0): T[] {
        const ids = [...(this.groups.get(group) ?? [])];
        return ids.map((id) => this.seen(id, lagMs)).filter((value) => value !== undefined);
    }

    find(matches: (value: T) => boolean, lagMs = 0): T | undefined {
        return this.all(lagMs).find(matches);
    }

    private index(value: T): void {
        const group = this.groupOf?.(value);
        if (group !== undefined) this.groups.set(group, (this.groups.get(group) ?? new Set()).add(value.id));
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

// Keeps the recent versions of all objects of one kind. So a read can return an earlier state of the directory, or the
// changes since an earlier state.
import { randomUUID } from "node:crypto";

interface Version<T> {
    readonly at: number;
    /** The number of the change that made this version. All objects of the kind share one sequence of numbers. */
    readonly change: number;
    /** `undefined` if the change deleted the object. */
    readonly value: T | undefined;
}

/** No test needs a longer replication lag than this. */
const KEEP_MS = 15 * 60 * 1000;

export interface ChangedObject<T> {
    readonly id: string;
    readonly before: T | undefined;
    readonly after: T | undefined;
}

export class ObjectHistory<T extends { readonly id: string }> {
    /** The id of this history. A delta link with another id belongs to an earlier history. */
    readonly epoch = randomUUID();
    private changes = 0;
    private readonly versions = new Map<string, Version<T>[]>();
    /** Maps each key from `groupOf` to the ids of its objects, so that a search among thousands of objects is fast. */
    private readonly groups = new Map<string, Set<string>>();

    /**
     * Each change calls `onChange`. `groupOf` returns a second search key besides the id. This key of an object never
     * changes.
     */
    constructor(
        private readonly now: () => number,
        private readonly onChange: (id: string, change: { before: T | undefined; after: T | undefined }) => void,
        private readonly groupOf?: (value: T) => string,
    ) {}

    /** Adds objects that every replica has from the start. */
    load(values: readonly T[]): void {
        for (const value of values) {
            this.versions.set(value.id, [{ at: 0, change: 0, value: structuredClone(value) }]);
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

    get lastChange(): number {
        return this.changes;
    }

    /** Returns the objects that changed after the change with this number. */
    changedAfter(change: number): ChangedObject<T>[] {
        return [...this.versions].flatMap(([id, versions]) => {
            const last = versions.at(-1);
            if (!last || last.change <= change) return [];
            const before = versions.findLast((one) => one.change <= change)?.value;
            return [{ id, before, after: last.value }];
        });
    }

    /** Whether the object exists or has existed. */
    knows(id: string): boolean {
        return this.versions.has(id);
    }

    current(id: string): T | undefined {
        return this.versions.get(id)?.at(-1)?.value;
    }

    /** Returns the version that a replica with this lag shows. */
    asOf(id: string, lagMs: number): T | undefined {
        if (lagMs === 0) return this.current(id);
        const horizon = this.now() - lagMs;
        return this.versions.get(id)?.findLast(({ at }) => at <= horizon)?.value;
    }

    all(lagMs = 0): T[] {
        return [...this.versions.keys()].map((id) => this.asOf(id, lagMs)).filter((value) => value !== undefined);
    }

    /** Returns all objects with this search key. */
    inGroup(group: string, lagMs = 0): T[] {
        const ids = [...(this.groups.get(group) ?? [])];
        return ids.map((id) => this.asOf(id, lagMs)).filter((value) => value !== undefined);
    }

    find(matches: (value: T) => boolean, lagMs = 0): T | undefined {
        return this.all(lagMs).find(matches);
    }

    private index(value: T): void {
        const group = this.groupOf?.(value);
        if (group !== undefined) this.groups.set(group, (this.groups.get(group) ?? new Set()).add(value.id));
    }

    private append(id: string, value: T | undefined): void {
        this.onChange(id, { before: this.current(id), after: value });
        const horizon = this.now() - KEEP_MS;
        const known = this.versions.get(id) ?? [];
        const firstNeeded = Math.max(
            known.findLastIndex(({ at }) => at <= horizon),
            0,
        );
        this.versions.set(id, [...known.slice(firstNeeded), { at: this.now(), change: ++this.changes, value }]);
    }
}

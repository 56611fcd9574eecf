// How far the directory's replicas are behind: Entra promises no time, and not that two reads meet the same replica.
// https://devblogs.microsoft.com/identity/designing-for-eventual-consistency-for-microsoft-entra

/** `signIn`: the certificates that the sign-in service knows. */
export const KINDS = ["application", "servicePrincipal", "grant", "owner", "deletedItem", "signIn"] as const;
export type Kind = (typeof KINDS)[number];

/** Milliseconds for each kind of object; `list` is added where a collection is read, as lists lag behind point reads. */
export type Lag = Readonly<Partial<Record<Kind | "list", number>>>;

/** What one request meets. */
export interface Replica {
    /** Milliseconds behind, for a point read. */
    behind(kind: Kind): number;
    listBehind(kind: Kind): number;
}

export const UP_TO_DATE: Replica = { behind: () => 0, listBehind: () => 0 };

export class Replication {
    private lag: Lag = {};
    private alternates = false;
    private turn = 0;

    /** A number counts for all kinds. */
    set(lag: number | Lag): void {
        this.lag = typeof lag === "number" ? Object.fromEntries(KINDS.map((kind) => [kind, lag])) : lag;
    }

    /** Two replicas answer in turn, the first of them with the lag, the second without. */
    alternate(alternates: boolean): void {
        this.alternates = alternates;
        this.turn = 0;
    }

    next(): Replica {
        if (this.alternates && this.turn++ % 2 === 1) return UP_TO_DATE;
        const { lag } = this;
        const behind = (kind: Kind) => lag[kind] ?? 0;
        return { behind, listBehind: (kind) => behind(kind) + (lag.list ?? 0) };
    }
}

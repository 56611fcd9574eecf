// Emulates the replication lag of the directory. Entra promises no maximum lag, and two reads can get answers from
// different replicas.
// https://devblogs.microsoft.com/identity/designing-for-eventual-consistency-for-microsoft-entra

/** `signIn` is the sign-in service's own copy of the certificates and of the federated credentials. */
export const KINDS = [
    "application",
    "appRoleAssignment",
    "deletedItem",
    "federatedCredential",
    "grant",
    "group",
    "owner",
    "servicePrincipal",
    "signIn",
] as const;
export type Kind = (typeof KINDS)[number];

/**
 * The lag in milliseconds for each kind of object. A read of a whole collection, such as `/applications`, adds `list`,
 * because it lags behind a read of one object.
 */
export type Lag = Readonly<Partial<Record<Kind | "list", number>>>;

/** The lags of the replica that answers one request. */
export interface Replica {
    /** Returns the lag in milliseconds for a read of one object, or of a list below it, such as its owners. */
    behind(kind: Kind): number;
    /** Returns the lag in milliseconds for a read of a whole collection, such as `/applications`. */
    listBehind(kind: Kind): number;
}

export const UP_TO_DATE: Replica = { behind: () => 0, listBehind: () => 0 };

export class Replication {
    private lag: Lag = {};
    private alternates = false;
    private turn = 0;

    /** A number applies to all kinds of object. */
    set(lag: number | Lag): void {
        this.lag = typeof lag === "number" ? Object.fromEntries(KINDS.map((kind) => [kind, lag])) : lag;
    }

    /** If `alternates` is true, two replicas answer in turn: the first one with the lag, and the second one without. */
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

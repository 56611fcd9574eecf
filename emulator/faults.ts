// Faults that tests ask for: by route and count, before the work or after it.

export interface Fault {
    /** Default: every method. */
    readonly method?: string;
    /** Part of the path with its query, or a regular expression between slashes. Default: every path. */
    readonly path?: string;
    /** How often; default 1. */
    readonly count?: number;
    /** So many that are meant pass first; default 0. */
    readonly skip?: number;
    /** `request`: only whole HTTP requests, `item`: only those within a batch. Default: both. */
    readonly level?: "request" | "item";
    /** Only of this client. */
    readonly appId?: string;
    /** `graph` (default), `login` or `metadata`. */
    readonly service?: string;
    readonly status?: number;
    readonly code?: string;
    readonly message?: string;
    /** Answers an HTML page of a proxy in place of Graph's envelope. */
    readonly html?: boolean;
    readonly headers?: Readonly<Record<string, string>>;
    /** `after`: does the work, and answers the fault nevertheless. Default `before`. */
    readonly effect?: "before" | "after";
    /** Closes the connection in place of an answer. */
    readonly drop?: boolean;
    /** Closes it in the middle of the answer. */
    readonly breakOff?: boolean;
    /** Waits so long before it goes on. */
    readonly hangMs?: number;
    /** Answers as if it were done, and does nothing. */
    readonly noEffect?: boolean;
    /** Done when the fault strikes, before it answers: what somebody else does in that moment. Only within this process. */
    readonly meanwhile?: () => unknown;
}

export interface FaultTarget {
    readonly service: string;
    readonly method: string;
    readonly path: string;
    readonly level: "request" | "item";
    readonly appId: string | undefined;
}

export class Faults {
    private active: { fault: Fault; skip: number; left: number }[] = [];

    add(fault: Fault): void {
        this.active.push({ fault, skip: fault.skip ?? 0, left: fault.count ?? 1 });
    }

    clear(): void {
        this.active = [];
    }

    /** The first fault that is meant for the request; each counts once. */
    take(target: FaultTarget): Fault | undefined {
        const meant = this.active.filter(({ fault, left }) => left > 0 && isMeant(fault, target));
        const found = meant.find(({ skip }) => skip === 0);
        for (const one of meant) if (one.skip > 0) one.skip--;
        if (found) found.left--;
        return found?.fault;
    }
}

function isMeant({ service = "graph", method, path, level, appId }: Fault, target: FaultTarget): boolean {
    if ((level ?? target.level) !== target.level || (appId ?? target.appId) !== target.appId) return false;
    if (service !== target.service || (method !== undefined && method !== target.method)) return false;
    if (path === undefined) return true;
    const pattern = /^\/(.+)\/$/.exec(path)?.[1];
    return pattern !== undefined && !path.includes("(appId") && !path.startsWith("/applications")
        ? new RegExp(pattern).test(target.path)
        : target.path.includes(path);
}

// Keeps the faults that tests inject, and chooses the fault for each request.

export interface Fault {
    /** Default: every method. */
    readonly method?: string;
    /**
     * A part of the path with its query, or a regular expression between slashes. A text that starts with
     * `/applications` or contains `(appId` is always a part of the path. Default: every path.
     */
    readonly path?: string;
    /** The number of requests that get the fault. Default: 1. */
    readonly count?: number;
    /** The number of matching requests that pass first. Default: 0. */
    readonly skip?: number;
    /** `request`: only HTTP requests. `item`: only requests inside a batch. Default: both. */
    readonly level?: "request" | "item";
    /** The client whose requests get the fault. Default: every client. */
    readonly appId?: string;
    /**
     * `graph`, `login` or `metadata`. Default: `graph`. Faults of `login` and `metadata` can only wait (`hangMs`),
     * close the connection (`drop`) or return an error (`status`). Their paths have no query, and their requests have
     * no `appId`.
     */
    readonly service?: string;
    readonly status?: number;
    readonly code?: string;
    readonly message?: string;
    /** Returns a proxy's HTML page instead of Graph's error. */
    readonly html?: boolean;
    readonly headers?: Readonly<Record<string, string>>;
    /** `after`: does the work and then returns the fault. Default: `before`. */
    readonly effect?: "before" | "after";
    /** Closes the connection instead of answering. */
    readonly drop?: boolean;
    /** Closes the connection in the middle of the answer. */
    readonly breakOff?: boolean;
    /** Waits this many milliseconds before the answer. */
    readonly hangMs?: number;
    /** Reports success without doing the work. */
    readonly noEffect?: boolean;
    /**
     * Runs before the answer, to imitate a change by somebody else at the same moment. Only tests in the emulator's
     * process can set this function.
     */
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

    /**
     * Returns the first matching fault that has no more requests to skip. Each matching fault that still has requests
     * to skip counts this request as skipped.
     */
    take(target: FaultTarget): Fault | undefined {
        const matching = this.active.filter(({ fault, left }) => left > 0 && matches(fault, target));
        const due = matching.find(({ skip }) => skip === 0);
        for (const one of matching) if (one.skip > 0) one.skip--;
        if (due) due.left--;
        return due?.fault;
    }
}

function matches({ service = "graph", method, path, level, appId }: Fault, target: FaultTarget): boolean {
    if ((level ?? target.level) !== target.level || (appId ?? target.appId) !== target.appId) return false;
    if (service !== target.service || (method !== undefined && method !== target.method)) return false;
    if (path === undefined) return true;
    const pattern = /^\/(.+)\/$/.exec(path)?.[1];
    return pattern !== undefined && !path.includes("(appId") && !path.startsWith("/applications")
        ? new RegExp(pattern).test(target.path)
        : target.path.includes(path);
}

// One line of a diagnosis. Green only what was seen to be right; what could not be seen is never green.

export interface Check {
    /** The input of the resource that stands for it, where there is one. */
    readonly name: string;
    readonly status: "ok" | "failed" | "unknown";
    readonly message: string;
    /** What a user who signs in meets. */
    readonly aadsts?: number;
    readonly remedy?: string;
}

export function ok(name: string, message: string): Check {
    return { name, status: "ok", message };
}

export function failed(name: string, message: string, more: Pick<Check, "aadsts" | "remedy">): Check {
    return { name, status: "failed", message, ...more };
}

export function unknown(name: string, reason: string): Check {
    return { name, status: "unknown", message: `could not be checked: ${reason}` };
}

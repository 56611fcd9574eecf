// Defines one check of a diagnosis. A check that could not be made is never "ok".

export interface Check {
    /** The resource's input that the check is about, if there is one. */
    readonly name: string;
    readonly status: "ok" | "failed" | "unknown";
    readonly message: string;
    /** The AADSTS number that users get when they sign in. */
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

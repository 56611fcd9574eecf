// Defines one check of a diagnosis. A check that could not be completed is never "ok".
import { plain } from "../../provider/plainText";

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
    return { name: plain(name), status: "ok", message: plain(message) };
}

export function failed(name: string, message: string, more: Pick<Check, "aadsts" | "remedy">): Check {
    const { remedy } = more;
    const advice = remedy === undefined ? {} : { remedy: plain(remedy) };
    return { name: plain(name), status: "failed", message: plain(message), ...more, ...advice };
}

export function unknown(name: string, reason: string): Check {
    return { name: plain(name), status: "unknown", message: plain(`could not be checked: ${reason}`) };
}

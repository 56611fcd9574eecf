// Defines one check of a diagnosis. A check that could not be completed is never "ok".
import { plain } from "../../provider/plainText";

export interface Check {
    /** The resource's input that the check is about, if there is one. */
    readonly name: string;
    /** `warning`: the portal works, but somebody must act soon. */
    readonly status: "ok" | "warning" | "failed" | "unknown";
    readonly message: string;
    /** The AADSTS number that users get when they sign in. */
    readonly aadsts?: number;
    readonly remedy?: string;
    /**
     * Only for a check that is `unknown`: the failed check that explains it. `undefined`: something could not be read.
     */
    readonly follows?: string;
}

export function ok(name: string, message: string): Check {
    return { name: plain(name), status: "ok", message: plain(message) };
}

export function failed(name: string, message: string, more: Pick<Check, "aadsts" | "remedy">): Check {
    const { remedy } = more;
    const advice = remedy === undefined ? {} : { remedy: plain(remedy) };
    return { name: plain(name), status: "failed", message: plain(message), ...more, ...advice };
}

export function warning(name: string, message: string, remedy: string): Check {
    return { name: plain(name), status: "warning", message: plain(message), remedy: plain(remedy) };
}

/** The beginning of the message of a check that is `unknown`. */
export const UNCHECKED = "could not be checked: ";

export function unknown(name: string, reason: string): Check {
    return { name: plain(name), status: "unknown", message: plain(UNCHECKED + reason) };
}

/** A check that cannot be made because another one failed. */
export function follows(of: string, name: string, reason: string): Check {
    return { ...unknown(name, reason), follows: of };
}

/** Whether something could not be read, so its status is unknown. */
export function isUnread({ status, follows: of }: Pick<Check, "status" | "follows">): boolean {
    return status === "unknown" && of === undefined;
}

/** Returns a value as a check prints it. */
export function textOf(value: unknown): string {
    if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(textOf).join(", ");
    const { thumbprint } = (value ?? {}) as { thumbprint?: string };
    return thumbprint ?? String(value);
}

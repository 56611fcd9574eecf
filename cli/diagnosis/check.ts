// Defines one check of a diagnosis. A check that could not be completed is never "ok".
import { isRecord } from "../../provider/inputs/inputRules";
import { plain } from "../../provider/plainText";
import { withoutSecretTexts } from "../../provider/secretTexts";

export interface Check {
    /** The input that the check is about, such as `portalUrl`, or a name such as `token`. */
    readonly name: string;
    /** `warning`: the portal works, but somebody must act soon. */
    readonly status: "ok" | "warning" | "failed" | "unknown";
    readonly message: string;
    /** The AADSTS number that users get when they sign in, or that the token service returned to this package. */
    readonly aadsts?: number;
    readonly remedy?: string;
    /**
     * The check or input that explains why this check is `unknown`, such as `entra`. An `unknown` check without it
     * means that something could not be read.
     */
    readonly follows?: string;
}

/** Hides the secrets in a text, because doctor reads the state with its secrets in plain text. */
function shown(text: string): string {
    return plain(withoutSecretTexts(text));
}

export function ok(name: string, message: string): Check {
    return { name: shown(name), status: "ok", message: shown(message) };
}

export function failed(name: string, message: string, more: Pick<Check, "aadsts" | "remedy">): Check {
    const { remedy } = more;
    const advice = remedy === undefined ? {} : { remedy: shown(remedy) };
    return { name: shown(name), status: "failed", message: shown(message), ...more, ...advice };
}

export function warning(name: string, message: string, remedy: string): Check {
    return { name: shown(name), status: "warning", message: shown(message), remedy: shown(remedy) };
}

/** The message of each `unknown` check begins with these words. */
export const UNCHECKED = "could not be checked: ";

export function unknown(name: string, reason: string): Check {
    return { name: shown(name), status: "unknown", message: shown(UNCHECKED + reason) };
}

/** Returns a check that cannot be made. `of`: the check or input that explains why. */
export function follows(of: string, name: string, reason: string): Check {
    return { ...unknown(name, reason), follows: of };
}

/** Whether the status is unknown because something could not be read. */
export function isUnread({ status, follows: of }: Pick<Check, "status" | "follows">): boolean {
    return status === "unknown" && of === undefined;
}

/**
 * Returns a value as text for a message. A certificate is shown by its thumbprint, and another object, such as `source`
 * of a PortalCertificate, as JSON.
 */
export function textOf(value: unknown): string {
    if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(textOf).join(", ");
    const { thumbprint } = (value ?? {}) as { thumbprint?: string };
    return thumbprint ?? (isRecord(value) ? JSON.stringify(value) : String(value));
}

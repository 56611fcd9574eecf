// Makes the refusal of an input safe to print: its reason, and the value that the engine prints beside the reason.
import { shareValues } from "../inputs/givenInputs";
import type { InputFailure, RawInputs } from "../inputs/rawInputs";
import { isUnknownName } from "../inputs/unknownNames";
import { cut, plain } from "../plainText";
import { withoutSecretTexts } from "../secretTexts";

/** A reason quotes values, and a value of any length may be given. */
const MAX_REASON_LENGTH = 2000;

/**
 * Matches values that the engine may print: names, words, ids and addresses. A text with `@` does not match, because it
 * may contain a password. A JSON object does not match either.
 */
const PLAIN = /^[\p{L}\p{N} _.,:/()+*[\]-]{0,256}$/u;

/**
 * The engine prints the whole value of the property that a failure names. The value may be a secret, an object such as
 * the certificate, or a command for the pipeline. For a nested property the engine prints `{<nil>}`. In all these
 * cases, and for an input that does not exist, the returned failure names no property, and its reason begins with the
 * name of the property. `secret`: paths of secret inputs.
 */
export function printable(failure: InputFailure, news: RawInputs, secret: readonly string[]): InputFailure {
    const { property } = failure;
    const isSecret = secret.some((path) => shareValues(path, property));
    const reason = plain(withoutSecretTexts(isSecret ? withoutValues(failure.reason) : failure.reason));
    const value = news[property];
    const isNested = /[.[]/.test(property);
    const isPlain = typeof value !== "string" || (PLAIN.test(value) && plain(withoutSecretTexts(value)) === value);
    const hides = isSecret || isNested || typeof value === "object" || !isPlain || isUnknownName(failure);
    return hides && property !== ""
        ? { property: "", reason: shortened(plain(`${property}: ${reason}`)) }
        : { property, reason: shortened(reason) };
}

/**
 * Hides all quoted values, because a reason may quote a part of a secret, such as the host of an address. Also hides a
 * number after `got`.
 */
function withoutValues(reason: string): string {
    return reason.replace(/"[^"]*"/g, '"[secret]"').replace(/\bgot -?\d[\d.e+-]*/g, "got [secret]");
}

function shortened(reason: string): string {
    return reason.length > MAX_REASON_LENGTH ? `${cut(reason, MAX_REASON_LENGTH)}...` : reason;
}

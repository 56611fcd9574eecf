// Defines the error by which the engine keeps an object whose create or update failed half-way. Hides secrets in
// messages, and shortens long messages.

import { withoutSecretTexts } from "../secretTexts";

/**
 * The limit in characters. The engine drops messages beyond about 70 KB (measured), so a long answer from a proxy would
 * hide the error.
 */
const MAX_MESSAGE_LENGTH = 4000;

export function messageOf(error: unknown): string {
    const message = withoutSecretTexts(error instanceof Error ? error.message : String(error));
    return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}...` : message;
}

/**
 * A hook throws this error. The engine then receives the protocol's ErrorResourceInitFailed, and stores `id` and
 * `properties`.
 */
export class HalfDone extends Error {
    readonly reasons: string[];

    constructor(
        readonly id: string,
        readonly properties: object,
        cause: unknown,
    ) {
        super(messageOf(cause), { cause });
        this.reasons = [messageOf(cause)];
    }
}
